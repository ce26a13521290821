package dev.narrows.network.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.narrows.core.dot.Decisions;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.Summation;
import dev.narrows.network.Network;
import dev.narrows.network.RandomNetworks;
import dev.narrows.network.ResNetShape;
import dev.narrows.network.execute.LayerRegister.Origin;
import dev.narrows.network.execute.RunOptions.Profiling;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.SummingLayer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExecutorTest {
  /** Images of which every output row is whole panels, so that convolutions copy nothing. */
  private static final int WHOLE_PANELS = 128;

  private static final List<String> ACCUMULATORS =
      List.of(
          "exact", "int%d:wrap", "int%d:saturate", "int%d:resolved", "int%d:resolved(transient)");
  private static final List<String> ORDERS =
      List.of(
          "",
          ":reversed",
          ":chunk(5)",
          ":chunk(4,int14)",
          ":ascending",
          ":sorted",
          ":sorted(1)",
          ":tiles(6,1)",
          ":sign-directed");
  private static final List<String> CONVENTIONS =
      List.of(
          "",
          ":zero(raw)",
          ":zero(offset)",
          ":bias(after)",
          ":bias(preload)",
          ":zero(raw):bias(preload)");

  private static Summation summation(Random random) {
    String accumulator = pick(random, ACCUMULATORS).formatted(4 + random.nextInt(14));
    String order = pick(random, ORDERS);
    boolean outer = accumulator.equals("exact") && order.contains("int14");
    return Summation.parse(accumulator + (outer ? "" : order) + pick(random, CONVENTIONS));
  }

  private static String pick(Random random, List<String> list) {
    return list.get(random.nextInt(list.size()));
  }

  private static LayerRegisters registers(Random random, Network network) {
    List<String> summing =
        network.layers().stream().filter(SummingLayer.class::isInstance).map(Layer::name).toList();
    return random.nextBoolean() || summing.isEmpty()
        ? LayerRegisters.of(summation(random))
        : LayerRegisters.of(
            summation(random),
            Map.of(summing.get(random.nextInt(summing.size())), summation(random)));
  }

  /** The widths of a block's images are those of each image run alone. */
  @Test
  void run_profilingThatTellsOfImages_tellsWhatEachNeedsAlone() {
    long seed = 20261129;
    for (int round = 0; round < 200; round++) {
      Random random = new Random(seed + round);
      Network network = RandomNetworks.network(random, 2 + random.nextInt(7));
      LayerRegisters registers = registers(random, network);
      boolean whole = round % 10 == 0;
      int images = whole ? WHOLE_PANELS : 1 + random.nextInt(9);
      int[] codes = RandomNetworks.codes(random, network.input(), images);
      Profiling profiling = new Profiling(summation(random), random.nextBoolean());
      Map<String, int[]> finals = new ConcurrentHashMap<>();
      Map<String, int[]> paths = new ConcurrentHashMap<>();
      Profiling telling =
          profiling.telling((layer, image, finalBits, pathBits) -> {
            widen(finals.computeIfAbsent(layer, _ -> new int[images]), image, finalBits);
            widen(paths.computeIfAbsent(layer, _ -> new int[images]), image, pathBits);
          });
      String place = "seed " + (seed + round) + " " + network.layers() + " under " + profiling;
      int threads = whole ? 1 : 1 + random.nextInt(3);
      try (Executor executor = Executor.of(network, registers, threads)) {
        executor.run(codes, images, RunOptions.none().withProfiles(telling));
        int elements = network.input().elements();
        for (int image = 0; image < images; image++) {
          int[] own = Arrays.copyOfRange(codes, image * elements, (image + 1) * elements);
          RunOptions alone = RunOptions.none().withProfiles(profiling);
          for (LayerOverflowProfile profile : executor.run(own, 1, alone).profiles()) {
            OverflowProfile dots = profile.total();
            assertThat(paths.getOrDefault(profile.layer(), new int[0])[image])
                .as("widest write of %s, %s", profile.layer(), place)
                .isEqualTo(dots.widestPath());
            assertThat(finals.getOrDefault(profile.layer(), new int[0])[image])
                .as("widest sum of %s, %s", profile.layer(), place)
                .isEqualTo(widestFinal(dots));
          }
        }
      }
    }
  }

  private static void widen(int[] widths, int image, int bits) {
    widths[image] = Math.max(widths[image], bits);
  }

  private static int widestFinal(OverflowProfile dots) {
    return IntStream.rangeClosed(1, 64)
        .filter(finalBits ->
            IntStream.rangeClosed(finalBits, 64)
                .anyMatch(pathBits -> dots.count(finalBits, pathBits) != 0))
        .max()
        .orElse(1);
  }

  @Test
  void run_randomNetworksAndRegisters_equalsTheReferenceInEveryTensor() {
    long seed = 20260801;
    System.out.println("seed " + seed);
    Set<String> kinds = new TreeSet<>();
    for (int round = 0; round < 400; round++) {
      Random random = new Random(seed + round);
      Network network = RandomNetworks.network(random, 2 + random.nextInt(7));
      LayerRegisters registers = registers(random, network);
      network.layers().forEach(layer -> kinds.add(layer.kind()));
      boolean whole = round % 10 == 0;
      int images = whole ? WHOLE_PANELS : 1 + random.nextInt(5);
      int[] codes = RandomNetworks.codes(random, network.input(), images);
      int[][][] seen = new int[network.tensors()][images][];
      Profiling profiling = new Profiling(summation(random), random.nextBoolean());
      RunOptions options =
          RunOptions.none()
              .withTensors((tensor, first, block) -> {
                int elements = network.tensor(tensor).elements();
                for (int i = 0; i < block.length / elements; i++) {
                  seen[tensor][first + i] =
                      Arrays.copyOfRange(block, i * elements, (i + 1) * elements);
                }
              });
      if (random.nextBoolean()) {
        options = options.withProfiles(profiling);
      }
      Execution execution;
      int threads = whole ? 1 : 1 + random.nextInt(3);
      try (Executor executor = Executor.of(network, registers, threads)) {
        execution = executor.run(codes, images, options);
      }
      ReferenceExecutor reference =
          new ReferenceExecutor(network, registers, profiling.summation());
      int elements = network.input().elements();
      String place = "seed " + (seed + round) + " " + network.layers() + " under " + registers;
      for (int image = 0; image < images; image++) {
        List<int[]> expected =
            reference.tensors(Arrays.copyOfRange(codes, image * elements, (image + 1) * elements));
        for (int t = 0; t < expected.size(); t++) {
          assertThat(seen[t][image]).as("tensor %d, %s", t, place).isEqualTo(expected.get(t));
        }
      }
      for (LayerOverflowProfile profile : execution.profiles()) {
        assertThat(profile.total())
            .as("%s, %s", profile.layer(), place)
            .isEqualTo(reference.profile(profile.layer()));
        assertThat(profile.total().dots()).isPositive();
      }
    }
    assertThat(kinds)
        .containsExactly(
            "add",
            "averagePool",
            "channelPad",
            "clamp",
            "conv2d",
            "dense",
            "depthwiseConv2d",
            "flatten",
            "maxPool",
            "rescale",
            "subsample",
            "transposeConv2d");
  }

  @Test
  void run_manyImagesOnAnyNumberOfThreads_givesTheSameOutputsAndProfiles() {
    Random random = new Random(11);
    Network network = RandomNetworks.network(random, 8);
    int images = 300;
    int[] codes = RandomNetworks.codes(random, network.input(), images);
    RunOptions options =
        RunOptions.none().withProfiles(new Profiling(Summation.exact().order(), true));
    List<Execution> executions = new ArrayList<>();
    for (int threads : new int[] {1, 2, 5}) {
      try (Executor executor = Executor.of(network, LayerRegisters.exact(), threads)) {
        executions.add(executor.run(codes, images, options));
      }
    }
    for (Execution execution : executions) {
      assertThat(execution.outputs()).isEqualTo(executions.getFirst().outputs());
      assertThat(execution.profiles()).isEqualTo(executions.getFirst().profiles());
    }
  }

  @Test
  void run_twoHalvesOfTheImages_profilesAddUpToTheWhole() {
    Random random = new Random(12);
    Network network = RandomNetworks.network(random, 8);
    int[] codes = RandomNetworks.codes(random, network.input(), 20);
    int elements = network.input().elements();
    RunOptions options =
        RunOptions.none().withProfiles(new Profiling(Summation.exact().order(), true));
    try (Executor executor = Executor.of(network, LayerRegisters.exact(), 2)) {
      Execution whole = executor.run(codes, 20, options);
      Execution first = executor.run(Arrays.copyOf(codes, 7 * elements), 7, options);
      Execution rest =
          executor.run(Arrays.copyOfRange(codes, 7 * elements, codes.length), 13, options);
      assertThat(whole.profiles()).isNotEmpty();
      for (int i = 0; i < whole.profiles().size(); i++) {
        assertThat(first.profiles().get(i).plus(rest.profiles().get(i)))
            .isEqualTo(whole.profiles().get(i));
      }
    }
  }

  @Test
  void run_resNetShape_equalsTheReferenceOnAWholeImage() {
    Network network = ResNetShape.network(new Random(21), 8);
    int[] codes = RandomNetworks.codes(new Random(22), network.input(), 3);
    LayerRegisters registers = LayerRegisters.of(Summation.parse("int9:saturate"));
    int elements = network.input().elements();
    int outputs = network.output().elements();
    try (Executor executor = Executor.of(network, registers, 2)) {
      int[] all = executor.run(codes, 3).outputs();
      int[] last =
          new ReferenceExecutor(network, registers)
              .run(Arrays.copyOfRange(codes, 2 * elements, 3 * elements));
      assertThat(Arrays.copyOfRange(all, 2 * outputs, 3 * outputs)).isEqualTo(last);
    }
  }

  @Test
  void run_progress_endsAtTheNumberOfImages() {
    Network network = RandomNetworks.network(new Random(13), 3);
    int[] codes = RandomNetworks.codes(new Random(1), network.input(), 150);
    List<Integer> done = new ArrayList<>();
    try (Executor executor = Executor.of(network, LayerRegisters.exact(), 2)) {
      executor.run(codes, 150, RunOptions.none().withProgress(done::add));
    }
    assertThat(done).isSorted().endsWith(150);
  }

  @Test
  void run_noImages_givesNoOutputs() {
    Network network = RandomNetworks.network(new Random(14), 3);
    try (Executor executor = Executor.of(network, LayerRegisters.exact(), 2)) {
      assertThat(executor.run(new int[0], 0).outputs()).isEmpty();
    }
  }

  @Test
  void run_codeOutsideTheFormat_isRefusedNamingTheImage() {
    Network network = RandomNetworks.network(new Random(15), 3);
    int[] codes = RandomNetworks.codes(new Random(1), network.input(), 3);
    codes[2 * network.input().elements() + 1] = 1 << 20;
    try (Executor executor = Executor.of(network, LayerRegisters.exact(), 2)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> executor.run(codes, 3))
          .withMessageStartingWith("image 2, element 1: code 1048576 is not one of");
    }
  }

  @Test
  void predictions_tie_goesToTheLowestIndex() {
    Network network = RandomNetworks.network(new Random(16), 3);
    var type = new dev.narrows.network.tensor.TensorType(3, 1, 1, network.input().quantization());
    Execution execution =
        new Execution(
            type,
            2,
            new int[] {1, 5, 5, 7, 7, 7},
            List.of(),
            List.of(),
            List.of(),
            Decisions.none());
    assertThat(execution.predictions()).containsExactly(1, 0);
    assertThat(execution.correct(new int[] {2, 0})).isEqualTo(1);
  }

  @Test
  void registers_pinnedAndPoolingLayers_changeOnlyWhenNamed() {
    long seed = 17;
    Network network = RandomNetworks.network(new Random(seed), 30);
    LayerRegisters base =
        LayerRegisters.of(
            Summation.parse("int9:wrap"), Map.of("lay*", Summation.parse("int8:wrap")));
    Set<Origin> origins = new TreeSet<>();
    for (LayerRegister register : base.of(network)) {
      origins.add(register.origin());
      Summation expected =
          switch (register.origin()) {
            case PINNED -> ((DotLayer) network.layer(register.layer())).integers().pinned().get();
            case POOLING -> Summation.exact();
            default -> Summation.parse("int8:wrap");
          };
      assertThat(register.asked()).isEqualTo(expected);
      LayerRegisters named =
          LayerRegisters.of(
              Summation.exact(), Map.of(register.layer(), Summation.parse("int7:wrap")));
      assertThat(named.of(network))
          .filteredOn(r -> r.layer().equals(register.layer()))
          .singleElement()
          .satisfies(r -> assertThat(r.asked()).hasToString("int7:wrap"))
          .satisfies(r -> assertThat(r.origin()).isEqualTo(Origin.NAMED));
    }
    assertThat(origins).as("seed %d", seed).contains(Origin.PINNED, Origin.POOLING, Origin.RULE);
  }

  @Test
  void registers_ruleThatMatchesNothing_isRefused() {
    Network network = RandomNetworks.network(new Random(18), 5);
    LayerRegisters registers =
        LayerRegisters.of(Summation.exact(), Map.of("conv*", Summation.exact()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Executor.of(network, registers, 1))
        .withMessageContaining("accumulator rule \"conv*\" matches no layer");
  }
}
