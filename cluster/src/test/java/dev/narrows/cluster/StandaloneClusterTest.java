package dev.narrows.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.dot.Summation;
import dev.narrows.data.file.Npy;
import dev.narrows.data.file.NpyArray;
import dev.narrows.experiments.cluster.ClusterException;
import dev.narrows.experiments.cluster.ClusterRequest;
import dev.narrows.experiments.cluster.ClusterSession;
import dev.narrows.experiments.evaluate.GeneratedImages;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.fixture.SmallNetwork;
import dev.narrows.network.Network;
import dev.narrows.network.execute.Execution;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.NetworkRunner;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.execute.RunOptions.Profiling;
import dev.narrows.network.format.NarrowsWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A master and two workers as processes, which know each other by a secret and encrypt what they
 * say. The order of the tests matters, as one kills a worker.
 */
@Tag("thorough")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Isolated
@org.junit.jupiter.api.parallel.Execution(ExecutionMode.SAME_THREAD)
class StandaloneClusterTest {
  private static final String SECRET = UUID.randomUUID().toString();
  private static final Map<String, String> SETTINGS =
      Map.of(
          "spark.authenticate",
          "true",
          "spark.authenticate.secret",
          SECRET,
          "spark.network.crypto.enabled",
          "true",
          "spark.executor.memory",
          "512m");

  @TempDir private static Path folder;
  private static ClusterProcesses cluster;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    Map<String, String> secret = new TreeMap<>(SETTINGS);
    secret.remove("spark.executor.memory");
    cluster = ClusterProcesses.start(Files.createDirectories(folder.resolve("spark")), 2, secret);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static ClusterRequest request(Map<String, String> settings, Duration timeout) {
    return new ClusterRequest(
        cluster.master(), "test", timeout, Optional.of(40), settings, Optional.empty(), note -> {});
  }

  @Test
  @Order(1)
  void commands_onTwoWorkers_giveTheSameResultsAndTellNoSecret() throws IOException {
    Path model = folder.resolve("small.narrows");
    NarrowsWriter.write(SmallNetwork.of(3), model);
    Path array = folder.resolve("x.npy");
    byte[] pixels = new byte[300 * 784];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * 31 + i / 97);
    }
    Npy.write(array, NpyArray.ofUnsigned(pixels, 300, 1, 28, 28));
    Path settings = folder.resolve("client.conf");
    StringBuilder lines = new StringBuilder();
    SETTINGS.forEach((key, value) -> lines.append(key).append(' ').append(value).append('\n'));
    // one executor would be done before the other is there, on a machine at work
    lines.append("spark.cores.max 2\nspark.scheduler.minRegisteredResourcesRatio 1.0\n");
    Files.writeString(settings, lines.toString());
    Path out = folder.resolve("out");
    Object[] words = {"analyze", model, "--data", array, "--format", "json"};
    Commanded here = Commanded.by(words);
    assertThat(here.exitCode()).as(here.err()).isZero();
    Commanded there =
        Commanded.by(
            "analyze",
            model,
            "--data",
            array,
            "--format",
            "json",
            "--master",
            cluster.master(),
            "--spark-file",
            settings,
            "--out",
            out);
    assertThat(there.exitCode()).as(there.err()).isZero();
    assertThat(there.out()).isEqualTo(here.out());
    assertThat(there.err()).contains("read where they are").doesNotContain(SECRET);
    String environment = Files.readString(out.resolve("environment.json"));
    assertThat(environment).contains("\"host\" : \"127.0.0.1\"", "\"vectorBits\"");
    assertThat(environment.split("\"engine\" : \"Spark 4.2.0\"", -1)).hasSize(3);
    try (Stream<Path> files = Files.walk(out)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(SECRET);
      }
    }
    assertThat(cluster.logs()).doesNotContain(SECRET);
  }

  /** A path that means another file in every process. */
  @Test
  @Order(2)
  void commands_dataThatWorkersDoNotSee_areRefusedBeforeTheWork() throws IOException {
    Path here = Files.createTempFile(Path.of("target"), "unseen", ".npy");
    try {
      Npy.write(here, NpyArray.ofUnsigned(new byte[784], 1, 1, 28, 28));
      Path settings = folder.resolve("client.conf");
      Commanded said =
          Commanded.by(
              "analyze",
              folder.resolve("small.narrows"),
              "--data",
              "/proc/self/cwd/" + here,
              "--master",
              cluster.master(),
              "--spark-file",
              settings);
      assertThat(said.exitCode()).isEqualTo(1);
      assertThat(said.err())
          .contains("not all executors see the data", "on 127.0.0.1:", "does not exist");
    } finally {
      Files.delete(here);
    }
  }

  /** In a process of its own, as Spark goes on trying for a minute. */
  @Test
  @Order(2)
  void commands_withoutTheSecret_areRefusedInTime() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("dev.narrows.cli.Narrows", "analyze"));
    command.addAll(
        List.of(folder.resolve("small.narrows").toString(), "--data", "generated/10", "--master"));
    command.addAll(List.of(cluster.master(), "--master-timeout", "3"));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isEqualTo(1);
    assertThat(said)
        .contains(
            "no application within 3 s: is it a master of Spark 4.2.0, with the same secret?");
  }

  @Test
  @Order(3)
  void open_moreMemoryThanWorkersHave_saysSo() {
    Map<String, String> settings = new TreeMap<>(SETTINGS);
    settings.put("spark.executor.memory", "900g");
    assertThatThrownBy(() -> SparkSessions.open(request(settings, Duration.ofSeconds(2))))
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("no executor within 2 s", "spark.executor.memory");
  }

  @Test
  @Order(4)
  void run_workersKilledAndNarrowVectors_givesTheSameBitsWhileOneIsLeft() {
    Map<String, String> narrowVectors = new TreeMap<>(SETTINGS);
    narrowVectors.put("spark.executor.extraJavaOptions", "-XX:MaxVectorSize=16");
    Network network = SmallNetwork.of(3);
    NetworkInputs inputs = GeneratedImages.of(network, "generated/4000", Optional.empty());
    RunOptions options =
        RunOptions.none().withProfiles(new Profiling(Summation.parse("int62:saturate"), true));
    Execution here;
    try (Executor executor = Executor.of(network, LayerRegisters.exact(), 2)) {
      here = executor.run(inputs.source(), options);
    }
    try (ClusterSession session =
            SparkSessions.open(
                request(narrowVectors, Duration.ofSeconds(180)).patient(Duration.ofSeconds(3)));
        NetworkRunner runner = session.place().runner(network, LayerRegisters.exact())) {
      boolean[] killed = {false};
      Execution there =
          runner.run(
              inputs.source(),
              options.withProgress(done -> {
                if (done > 1000 && !killed[0]) {
                  killed[0] = true;
                  cluster.kill(0);
                }
              }));
      assertThat(killed[0]).isTrue();
      assertThat(there.outputs()).isEqualTo(here.outputs());
      assertThat(there.profiles()).isEqualTo(here.profiles());
      assertThat(session.executors())
          .isNotEmpty()
          .allSatisfy(executor -> assertThat(executor.vectorBits()).isEqualTo(128));
      assertThatThrownBy(() ->
              runner.run(inputs.source(), RunOptions.none().withProgress(done -> cluster.kill(1))))
          .isInstanceOf(ClusterException.class)
          .hasMessageContaining("no executor is left, and none came within 3 s");
    }
  }
}
