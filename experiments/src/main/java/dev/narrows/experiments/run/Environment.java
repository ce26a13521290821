package dev.narrows.experiments.run;

import dev.narrows.report.ResultJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Where a run ran: what travels with its figures so that they can be made again.
 *
 * @param commit of the source, where it is known
 * @param jdk version and vendor
 * @param cpu model name
 * @param processors that the JVM may use
 * @param vectorBits width of the vectors that kernels use, 0 where unknown
 * @param seed of the recipe; empty where nothing is drawn
 * @param command the words after {@code narrows}
 * @param libraries versions by name
 */
public record Environment(
    Optional<String> commit,
    String jdk,
    String cpu,
    int processors,
    int vectorBits,
    Optional<Long> seed,
    List<String> command,
    Map<String, String> libraries) {
  /** Copies the collections. */
  public Environment {
    command = List.copyOf(command);
    libraries = new TreeMap<>(libraries);
  }

  /**
   * This machine and this JVM.
   *
   * @param command the words after {@code narrows}
   * @param libraries versions by name; the JSON library's is added
   */
  public static Environment here(long seed, List<String> command, Map<String, String> libraries) {
    return here(Optional.of(seed), command, libraries);
  }

  /** {@link #here} of a command that draws nothing. */
  public static Environment here(List<String> command) {
    return here(Optional.empty(), command, Map.of());
  }

  private static Environment here(
      Optional<Long> seed, List<String> command, Map<String, String> libraries) {
    Map<String, String> versions = new TreeMap<>(libraries);
    versions.put("jackson", tools.jackson.core.json.PackageVersion.VERSION.toString());
    return new Environment(
        Optional.ofNullable(System.getProperty("narrows.commit")) // a release's launcher says it
            .or(() ->
                Optional.ofNullable(System.getProperty("narrows.root"))
                    .flatMap(root -> SourceCommit.of(Path.of(root)))),
        jvm(),
        cpuModel(),
        Runtime.getRuntime().availableProcessors(),
        preferredVectorBits(),
        seed,
        command,
        versions);
  }

  /** Version and vendor of the JVM. */
  static String jvm() {
    return Runtime.version() + " (" + System.getProperty("java.vendor", "unknown vendor") + ")";
  }

  /** The width that the JVM prefers for its vectors, asked of the incubator module by name. */
  static int preferredVectorBits() {
    try {
      Class<?> species = Class.forName("jdk.incubator.vector.VectorSpecies");
      Object preferred =
          Class.forName("jdk.incubator.vector.IntVector").getField("SPECIES_PREFERRED").get(null);
      return (Integer) species.getMethod("vectorBitSize").invoke(preferred);
    } catch (ReflectiveOperationException withoutTheModule) {
      return 0;
    }
  }

  static String cpuModel() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .orElse(System.getProperty("os.arch", "unknown"));
    } catch (IOException | java.io.UncheckedIOException notLinux) {
      return System.getProperty("os.arch", "unknown");
    }
  }

  /** The content of {@code environment.json}. */
  public String json() {
    return json(List.of());
  }

  /** {@link #json()} of a command that processes elsewhere worked for, too. */
  public String json(List<ExecutorEnvironment> executors) {
    Map<String, Object> map = new LinkedHashMap<>();
    commit.ifPresent(c -> map.put("commit", c));
    map.put("jdk", jdk);
    map.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    map.put("cpu", cpu);
    map.put("processors", processors);
    map.put("vectorBits", vectorBits);
    seed.ifPresent(drawn -> map.put("seed", drawn));
    map.put("command", command);
    map.put("libraries", libraries);
    if (!executors.isEmpty()) {
      map.put("executors", executors.stream().map(ExecutorEnvironment::map).toList());
    }
    return ResultJson.write(map);
  }
}
