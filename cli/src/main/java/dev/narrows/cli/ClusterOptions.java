package dev.narrows.cli;

import dev.narrows.cli.terminal.Terminal;
import dev.narrows.experiments.cluster.Cluster;
import dev.narrows.experiments.cluster.ClusterException;
import dev.narrows.experiments.cluster.ClusterRequest;
import dev.narrows.experiments.input.BadInputException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** On which machines a command works, if not on this one alone. */
final class ClusterOptions {
  private static final Pattern SECRET = Pattern.compile("(?i)secret|password|token|access.?key");
  private static final int SECONDS = 60;

  @Option(
      names = "--master",
      paramLabel = "URL",
      description = {
        "Work on Apache Spark: spark://HOST:PORT of a cluster, or local[N], N threads of this",
        "process. Results are the same to the last digit. See docs/cluster.md."
      })
  private Optional<String> master = Optional.empty();

  @Option(
      names = "--partitions",
      paramLabel = "N",
      description = "With --master: parts that images are run in (default: several for each core).")
  private Optional<Integer> partitions = Optional.empty();

  @Option(
      names = "--spark",
      paramLabel = "KEY=VALUE",
      description =
          "With --master: a setting of Spark, spark.executor.memory=2g; repeat for several.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = "--spark-file",
      paramLabel = "FILE",
      description =
          "With --master: a file of settings, KEY VALUE or KEY=VALUE a line; secrets belong here.")
  private Optional<Path> settingsFile = Optional.empty();

  @Option(
      names = "--event-log",
      paramLabel = "DIR",
      description =
          "With --master: where Spark's event log is kept (default: the folder spark in --out).")
  private Optional<Path> events = Optional.empty();

  @Option(
      names = "--master-timeout",
      paramLabel = "SECONDS",
      description =
          "With --master: how long to wait for the master and a first executor (default: 60).")
  private Optional<Integer> timeout = Optional.empty();

  /** Whether a cluster is asked for: by an option, or by spark-submit. */
  boolean given() {
    return asked().isPresent();
  }

  /**
   * Refuses a cluster for work that is not done on one.
   *
   * @throws BadInputException saying why
   */
  void refuse(String why) {
    DataOptions.refuse(asked(), "--master", why);
  }

  private Optional<String> asked() {
    return master.or(() -> Optional.ofNullable(System.getProperty("spark.master")));
  }

  /**
   * Joins the cluster, if one is asked for.
   *
   * @param name what the cluster's pages call the work
   * @param out the folder of results, if there is one
   * @throws BadInputException naming an option that cannot be used
   */
  ClusterWork open(Terminal terminal, String name, Optional<Path> out) throws IOException {
    Optional<ClusterRequest> request = request(terminal, name, out);
    if (request.isEmpty()) {
      return ClusterWork.none();
    }
    Cluster cluster =
        Cluster.find()
            .orElseThrow(() ->
                new ClusterException(
                    "no Spark on the class path; start with ./narrows, which builds it"));
    return new ClusterWork(Optional.of(cluster.open(request.get())));
  }

  /** {@link #open}'s request for a sweep, which joins by itself; empty if none is asked for. */
  Optional<ClusterRequest> requestOfSweep(Terminal terminal, String name, Path folder)
      throws IOException {
    if (given()) {
      DataOptions.refuse(
          partitions, "--partitions", "has no effect on a sweep, whose tasks are its trials");
    }
    return request(terminal, name, Optional.of(folder));
  }

  private Optional<ClusterRequest> request(Terminal terminal, String name, Optional<Path> out)
      throws IOException {
    if (!given()) {
      refuse(partitions, "--partitions");
      refuse(settings.keySet().stream().findFirst(), "--spark");
      refuse(settingsFile, "--spark-file");
      refuse(events, "--event-log");
      refuse(timeout, "--master-timeout");
      return Optional.empty();
    }
    if (partitions.isPresent() && (partitions.get() < 1 || partitions.get() > 1_000_000)) {
      throw new BadInputException("--partitions: must be in [1, 1000000], got " + partitions.get());
    }
    int seconds = timeout.orElse(SECONDS);
    if (seconds < 1 || seconds > 86_400) {
      throw new BadInputException("--master-timeout: must be in [1, 86400], got " + seconds);
    }
    return Optional.of(
        new ClusterRequest(
            asked().orElseThrow(),
            name,
            Duration.ofSeconds(seconds),
            partitions,
            settings(),
            events.or(() -> out.map(folder -> folder.resolve("spark"))),
            terminal::note));
  }

  private static void refuse(Optional<?> given, String option) {
    DataOptions.refuse(given, option, "goes with --master");
  }

  private Map<String, String> settings() throws IOException {
    Map<String, String> all = new LinkedHashMap<>();
    if (settingsFile.isPresent()) {
      Path file = settingsFile.get();
      if (!Files.isRegularFile(file)) {
        throw new BadInputException("--spark-file: " + file + ": no such file");
      }
      Properties read = new Properties();
      try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
        read.load(reader);
      } catch (IllegalArgumentException e) {
        throw new BadInputException("--spark-file: " + file + ": is no list of settings", e);
      }
      read.stringPropertyNames().forEach(key -> all.put(key, read.getProperty(key).strip()));
    }
    settings.forEach((key, value) -> {
      if (SECRET.matcher(key).find()) {
        throw new BadInputException(
            "--spark: "
                + key
                + " is a secret, and a command line is seen by all; give it in a --spark-file");
      }
      all.put(key, value);
    });
    for (String key : all.keySet()) {
      if (!key.startsWith("spark.")) {
        throw new BadInputException(
            "--spark: expected settings that begin with spark., found \"" + key + '"');
      }
    }
    return all;
  }
}
