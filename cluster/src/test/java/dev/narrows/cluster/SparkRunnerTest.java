package dev.narrows.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.cluster.Cluster;
import dev.narrows.experiments.cluster.ClusterException;
import dev.narrows.experiments.cluster.ClusterRequest;
import dev.narrows.experiments.cluster.ClusterSession;
import dev.narrows.experiments.fixture.SmallFloatNetwork;
import dev.narrows.experiments.fixture.SmallNetwork;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.Network;
import dev.narrows.network.execute.Execution;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.NetworkRunner;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.execute.RunOptions.Profiling;
import dev.narrows.network.format.NarrowsWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.Isolated;

/** Threads of this process as a cluster; there is one Spark application at a time in a process. */
@Tag("slow")
@Isolated
@org.junit.jupiter.api.parallel.Execution(ExecutionMode.SAME_THREAD)
class SparkRunnerTest {
  private static final int IMAGES = 150;

  @TempDir private Path folder;

  private static ImageSource source(Network network, int count, boolean real) {
    Random random = new Random(5);
    int[] words = new int[count * network.inputElements()];
    for (int i = 0; i < words.length; i++) {
      words[i] = real ? Float.floatToRawIntBits(random.nextFloat()) : random.nextInt(256);
    }
    return ImageSource.of(network, words, count);
  }

  private static Execution here(
      Network network, LayerRegisters registers, ImageSource source, RunOptions options) {
    try (Executor executor = Executor.of(network, registers, 2)) {
      return executor.run(source, options);
    }
  }

  private static void requireSame(Execution there, Execution here) {
    assertThat(there.outputs()).isEqualTo(here.outputs());
    assertThat(there.registers()).isEqualTo(here.registers());
    assertThat(there.profiles()).isEqualTo(here.profiles());
    assertThat(there.statistics()).isEqualTo(here.statistics());
  }

  @Test
  void run_anyNumberOfParts_givesTheBitsOfOneProcess() {
    Network integers = SmallNetwork.of(3);
    Network floats = SmallFloatNetwork.of(3);
    LayerRegisters narrow = LayerRegisters.of(Summation.parse("int9:saturate:sorted"));
    LayerRegisters narrowFloats = LayerRegisters.of(Summation.parse("m4e3(6)/m4e3(4):chunk(5)"));
    ImageSource codes = source(integers, IMAGES, false);
    ImageSource numbers = source(floats, IMAGES, true);
    RunOptions profiles =
        RunOptions.none().withProfiles(new Profiling(Summation.parse("int62:saturate"), true));
    RunOptions statistics = RunOptions.none().withStatistics();
    Execution ofIntegers = here(integers, narrow, codes, profiles);
    Execution ofFloats = here(floats, narrowFloats, numbers, statistics);
    for (int parts : new int[] {1, 2, 7, 64}) {
      try (ClusterSession session =
          SparkSessions.open(ClusterRequest.of("local[2]").inParts(parts))) {
        int[] done = {0};
        try (NetworkRunner runner = session.place().runner(integers, narrow)) {
          requireSame(runner.run(codes, profiles.withProgress(so -> done[0] = so)), ofIntegers);
        }
        assertThat(done[0]).isEqualTo(IMAGES);
        try (NetworkRunner runner = session.place().runner(floats, narrowFloats)) {
          requireSame(runner.run(numbers, statistics), ofFloats);
        }
        assertThat(session.executors()).hasSize(1);
        assertThat(session.executors().getFirst().engine()).isEqualTo("Spark 4.2.0");
      }
    }
  }

  @Test
  void run_widthsOfImages_areToldWithTheirPlaces() {
    Network network = SmallNetwork.of(4);
    ImageSource codes = source(network, IMAGES, false);
    Map<String, Integer> here = new TreeMap<>();
    Map<String, Integer> there = new TreeMap<>();
    Profiling profiling = new Profiling(Summation.parse("int62:saturate"), false);
    here(network, LayerRegisters.exact(), codes, telling(profiling, here));
    try (ClusterSession session = SparkSessions.open(ClusterRequest.of("local[2]").inParts(5));
        NetworkRunner runner = session.place().runner(network, LayerRegisters.exact())) {
      runner.run(codes, telling(profiling, there));
    }
    assertThat(there).isEqualTo(here).hasSize(3 * IMAGES);
  }

  private static RunOptions telling(Profiling profiling, Map<String, Integer> widths) {
    return RunOptions.none()
        .withProfiles(
            profiling.telling((layer, image, finalBits, pathBits) -> {
              synchronized (widths) {
                widths.merge(layer + ' ' + image, finalBits * 100 + pathBits, Math::max);
              }
            }));
  }

  @Test
  void run_codeThatIsNone_isBadInputAndNotTriedAgain() {
    Network network = SmallNetwork.of(3);
    int[] words = new int[4 * network.inputElements()];
    words[3 * network.inputElements() + 3] = 256;
    try (ClusterSession session = SparkSessions.open(ClusterRequest.of("local[2]").inParts(2));
        NetworkRunner runner = session.place().runner(network, LayerRegisters.exact())) {
      assertThatThrownBy(() -> runner.run(ImageSource.of(network, words, 4), RunOptions.none()))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("image 3, element 3: code 256");
    }
  }

  @Test
  void find_serviceLoader_findsSpark() {
    assertThat(Cluster.find().map(Cluster::version)).isEqualTo(Optional.of("Spark 4.2.0"));
  }

  @Test
  void open_nobodyListens_saysSoInTime() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      port = free.getLocalPort();
    }
    long start = System.nanoTime();
    assertThatThrownBy(
            () -> SparkSessions.open(request("spark://127.0.0.1:" + port, Duration.ofSeconds(1))))
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("does not answer, tried for 1 s");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
  }

  /** Such as those of a file system: executors need ours all the same. */
  @Test
  void conf_jarsOfTheUser_areSentBesideOurs() throws IOException {
    ClusterRequest request =
        ClusterRequest.of("spark://h:7077").with(Map.of("spark.jars", "/a.jar, /b.jar"));
    SparkConf conf = SparkSessions.conf(request, MasterAddress.parse(request.master()), folder);
    assertThat(conf.get("spark.jars").split(","))
        .endsWith("/a.jar", "/b.jar")
        .hasSizeGreaterThan(5);
  }

  @Test
  void open_notAMaster_isRefused() {
    for (String master :
        new String[] {"", "spark://", "spark://host", "spark://h:0", "local[x]", "http://h:1"}) {
      assertThatThrownBy(() -> SparkSessions.open(ClusterRequest.of(master)))
          .as(master)
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("--master: expected spark://HOST:PORT");
    }
  }

  private static ClusterRequest request(String master, Duration timeout) {
    return new ClusterRequest(
        master, "test", timeout, Optional.empty(), Map.of(), Optional.empty(), note -> {});
  }

  @Test
  void commands_onLocalThreads_giveTheSameResults() throws IOException {
    Path model = folder.resolve("small.narrows");
    NarrowsWriter.write(SmallNetwork.of(3), model);
    String[][] commands = {
      {"analyze", model.toString(), "--data", "fashion-small", "--limit", "200"},
      {
        "evaluate",
        model.toString(),
        "--data",
        "fashion-small",
        "--limit",
        "200",
        "--accumulator",
        "int8-12:saturate",
        "--accumulator",
        "int10:wrap"
      }
    };
    for (String[] command : commands) {
      Commanded here = Commanded.by(with(command, "--format", "json"));
      assertThat(here.exitCode()).as(here.err()).isZero();
      Path out = folder.resolve("out-" + command[0]);
      Commanded there =
          Commanded.by(
              with(command, "--format", "json", "--master", "local[2]", "--out", out.toString()));
      assertThat(there.exitCode()).as(there.err()).isZero();
      assertThat(withoutDecisions(there.out())).isEqualTo(withoutDecisions(here.out()));
      assertThat(Files.readString(out.resolve("environment.json")))
          .contains("\"executors\"", "Spark 4.2.0");
      try (var logs = Files.list(out.resolve("spark"))) {
        assertThat(logs).isNotEmpty();
      }
    }
  }

  private static Object[] with(String[] command, String... more) {
    Object[] all = new Object[command.length + more.length];
    System.arraycopy(command, 0, all, 0, command.length);
    System.arraycopy(more, 0, all, command.length, more.length);
    return all;
  }

  /** What decided dot products depends on blocks of images, on one machine too. */
  private static String withoutDecisions(String json) {
    int at = json.indexOf("\"decided\"");
    return at < 0 ? json : json.substring(0, at);
  }
}
