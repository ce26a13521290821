package dev.narrows.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.cli.Narrows;
import dev.narrows.cli.terminal.Terminal;
import dev.narrows.experiments.run.Environment;
import dev.narrows.report.ResultJson;
import dev.narrows.report.SweepResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs and sweeps that the first design began ({@code fixtures/first-design}) go on from where it
 * left them.
 */
@Tag("thorough")
class FirstDesignRunsTest {
  private static final Path FIXTURES = Path.of("..", "fixtures", "first-design");

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "pqs, 'resuming phase register, epoch 1, step 1'",
    "a2qplus, 'resuming phase quantize, epoch 2, step 1'",
    "lba, 'resuming phase register, epoch 1, step 1'",
    "text, 'resuming phase float, epoch 2, step 1'"
  })
  void train_interruptedRun_goesOnToTheNetworkOfTheUninterruptedOne(String name, String resumes)
      throws Exception {
    Path run = copy(FIXTURES.resolve("interrupted").resolve(name), folder.resolve("run"));
    List<String> before = Files.readAllLines(run.resolve("metrics.csv"));

    String said = narrows("train", FIXTURES.resolve("recipes/" + name + ".yaml"), "--out", run);

    Path finished = FIXTURES.resolve("runs").resolve(name);
    assertThat(said).contains(resumes);
    assertThat(run.resolve("recipe.yaml")).hasSameTextualContentAs(finished.resolve("recipe.yaml"));
    List<String> metrics = Files.readAllLines(run.resolve("metrics.csv"));
    assertThat(metrics.subList(0, before.size())).isEqualTo(before);
    assertThat(metrics).hasSameSizeAs(Files.readAllLines(finished.resolve("metrics.csv")));
    if (trainsAlike(run, finished)) {
      assertThat(run.resolve("network.narrows"))
          .hasSameBinaryContentAs(finished.resolve("network.narrows"));
    } else {
      System.out.println("another processor or library: the bits of " + name + " are not compared");
    }
  }

  @Test
  void train_finishedRun_isLeftAsItIs() throws Exception {
    Path run = copy(FIXTURES.resolve("runs/pqs"), folder.resolve("run"));
    process("train", FIXTURES.resolve("recipes/pqs.yaml"), "--out", run);
    for (String file : List.of("network.narrows", "metrics.csv", "recipe.yaml")) {
      assertThat(run.resolve(file)).hasSameBinaryContentAs(FIXTURES.resolve("runs/pqs/" + file));
    }
  }

  @Test
  void sweep_finishedFolder_knowsEveryTrialByItsHash() throws Exception {
    Path sweep = copy(FIXTURES.resolve("sweep"), folder.resolve("sweep"));
    Map<String, Long> trained = networks(sweep);

    narrows("sweep", FIXTURES.resolve("recipes/sweep.yaml"), "--out", sweep);

    assertThat(table(sweep).trials()).isEqualTo(table(FIXTURES.resolve("sweep")).trials());
    assertThat(networks(sweep)).isEqualTo(trained);
    assertThat(sweep.resolve("trials.csv"))
        .hasSameTextualContentAs(FIXTURES.resolve("sweep/trials.csv"));
  }

  /** Training gives the same bits on the same kind of processor, vectors and libraries only. */
  private static boolean trainsAlike(Path run, Path other) throws IOException {
    JsonNode here = JsonMapper.shared().valueToTree(Environment.here(List.of()));
    JsonNode there =
        JsonMapper.shared().readTree(Files.readString(other.resolve("environment.json")));
    JsonNode now = JsonMapper.shared().readTree(Files.readString(run.resolve("environment.json")));
    return Stream.of("cpu", "vectorBits").allMatch(key -> there.get(key).equals(here.get(key)))
        && there.get("libraries").equals(now.get("libraries"));
  }

  /** When each trial's network was written. */
  private static Map<String, Long> networks(Path sweep) throws IOException {
    Map<String, Long> times = new TreeMap<>();
    try (Stream<Path> trials = Files.list(sweep.resolve("trials"))) {
      for (Path trial : trials.toList()) {
        times.put(
            trial.getFileName().toString(),
            Files.getLastModifiedTime(trial.resolve("network.narrows")).toMillis());
      }
    }
    return times;
  }

  private static SweepResult table(Path sweep) throws IOException {
    Path file = sweep.resolve("sweep.json");
    return (SweepResult) ResultJson.read(file.toString(), Files.readString(file));
  }

  /** A command in this process, which has libtorch and compiled code already. */
  private static String narrows(Object... words) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream both = new PrintStream(said, true, StandardCharsets.UTF_8);
    int exitCode =
        Narrows.run(
            new Terminal(both, both, false),
            Stream.of(words).map(Object::toString).toArray(String[]::new));
    assertThat(exitCode).as(said.toString(StandardCharsets.UTF_8)).isZero();
    return said.toString(StandardCharsets.UTF_8);
  }

  /** A command as a user starts it. */
  private void process(Object... words) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Narrows.class.getName()));
    Stream.of(words).map(Object::toString).forEach(command::add);
    Path said = folder.resolve("said");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(said)).isZero();
  }

  private static Path copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
    return to;
  }
}
