package dev.narrows.network.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.narrows.core.dot.SpillCount;
import dev.narrows.core.dot.Summation;
import dev.narrows.network.FloatNetworks;
import dev.narrows.network.Network;
import dev.narrows.network.RandomNetworks;
import dev.narrows.network.execute.CountingProbe;
import dev.narrows.network.execute.Execution;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.NetworkRunner;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.execute.RunOptions.Profiling;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.SummingLayer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

class RunInPartsTest {
  private static final int[] PARTS = {1, 2, 7, 64};
  private static final List<String> REGISTERS =
      List.of(
          "exact",
          "int7:saturate",
          "int9:wrap",
          "int8:saturate:sorted",
          "int10:saturate:chunk(5)",
          "int8:resolved",
          "int6:spill(24)");

  /** Counts columns and what their first terms are. */
  private static final class Looker implements CountingProbe {
    private static final long serialVersionUID = 1L;
    private final LongAdder columns = new LongAdder();
    private final LongAdder sum = new LongAdder();

    @Override
    public void look(int firstChannel, int channels, Terms terms) {
      columns.add(terms.columns());
      for (int j = 0; j < terms.columns(); j++) {
        sum.add(terms.values()[j]);
      }
    }

    @Override
    public Looker fresh() {
      return new Looker();
    }

    @Override
    public long[] counts() {
      return new long[] {columns.sum(), sum.sum()};
    }

    @Override
    public void add(long[] counts) {
      columns.add(counts[0]);
      sum.add(counts[1]);
    }
  }

  /** All that a run tells, to be compared. */
  private record Told(
      Execution execution,
      Map<String, List<Integer>> widths,
      Map<String, SpillCount> spills,
      Map<String, List<Double>> signals,
      Map<String, List<Long>> looks,
      int done) {}

  private static Told told(
      NetworkRunner runner, Network network, ImageSource source, RunOptions asked, boolean probed) {
    Map<String, List<Integer>> widths = new TreeMap<>();
    Map<String, SpillCount> spills = new TreeMap<>();
    Map<String, List<Double>> signals = new TreeMap<>();
    Map<String, CountingProbe> looking = new HashMap<>();
    int[] done = {0};
    if (probed) {
      for (Layer layer : network.layers()) {
        if (layer instanceof SummingLayer) {
          looking.put(layer.name(), new Looker());
        }
      }
    }
    RunOptions options =
        asked
            .withProbes(new HashMap<>(looking))
            .withProgress(so -> done[0] = so)
            .withSpills((layer, count) -> {
              synchronized (spills) {
                spills.merge(layer, count, SpillCount::plus);
              }
            })
            .withSignals((layer, signal, noise) -> {
              List<Double> all = new ArrayList<>();
              Arrays.stream(signal).forEach(all::add);
              Arrays.stream(noise).forEach(all::add);
              signals.put(layer, all);
            });
    if (asked.profiling().isPresent()) {
      int images = source.images();
      options =
          options.withProfiles(
              asked
                  .profiling()
                  .get()
                  .telling((layer, image, finalBits, pathBits) -> {
                    synchronized (widths) {
                      List<Integer> all =
                          widths.computeIfAbsent(
                              layer, _ -> new ArrayList<>(Arrays.asList(new Integer[2 * images])));
                      all.set(2 * image, max(all.get(2 * image), finalBits));
                      all.set(2 * image + 1, max(all.get(2 * image + 1), pathBits));
                    }
                  }));
    }
    Execution execution = runner.run(source, options);
    Map<String, List<Long>> looks = new TreeMap<>();
    looking.forEach(
        (layer, probe) -> looks.put(layer, Arrays.stream(probe.counts()).boxed().toList()));
    return new Told(execution, widths, spills, signals, looks, done[0]);
  }

  private static Integer max(Integer one, int other) {
    return one == null ? other : Math.max(one, other);
  }

  private static void requireSame(Told parts, Told whole, String place) {
    Execution one = whole.execution();
    Execution other = parts.execution();
    assertThat(other.outputs()).as(place).isEqualTo(one.outputs());
    assertThat(other.type()).as(place).isEqualTo(one.type());
    assertThat(other.images()).as(place).isEqualTo(one.images());
    assertThat(other.registers()).as(place).isEqualTo(one.registers());
    assertThat(other.profiles()).as(place).isEqualTo(one.profiles());
    assertThat(other.statistics()).as(place).isEqualTo(one.statistics());
    assertThat(other.decisions().total()).as(place).isEqualTo(one.decisions().total());
    assertThat(parts.widths()).as(place).isEqualTo(whole.widths());
    assertThat(parts.spills()).as(place).isEqualTo(whole.spills());
    assertThat(parts.signals()).as(place).isEqualTo(whole.signals());
    assertThat(parts.looks()).as(place).isEqualTo(whole.looks());
    assertThat(parts.done()).as(place).isEqualTo(whole.done());
  }

  @Test
  void run_integersInAnyParts_givesTheBitsOfOneRun() {
    long seed = 20261130;
    int spilled = 0;
    for (int round = 0; round < 28; round++) {
      Random random = new Random(seed + round);
      Network network = RandomNetworks.network(random, 2 + random.nextInt(6));
      Summation base = Summation.parse(REGISTERS.get(round % REGISTERS.size()));
      LayerRegisters registers = LayerRegisters.of(base);
      int images = 1 + random.nextInt(40);
      int[] codes = RandomNetworks.codes(random, network.input(), images);
      ImageSource source = ImageSource.of(network, codes, images);
      RunOptions options = RunOptions.none();
      if (round % 3 > 0) {
        options =
            options.withProfiles(
                new Profiling(Summation.parse("int62:saturate:sorted"), round % 3 == 1));
      }
      Told whole;
      try (Executor executor = Executor.of(network, registers, 2)) {
        whole = told(executor, network, source, options, round % 2 == 0);
      }
      spilled += whole.spills().size();
      for (int parts : PARTS) {
        InParts runner = new InParts(network, registers, parts, random);
        requireSame(
            told(runner, network, source, options, round % 2 == 0),
            whole,
            "seed " + (seed + round) + " in " + parts + " parts");
      }
    }
    assertThat(spilled).isPositive();
  }

  @Test
  void run_floatsInAnyParts_addsDoublesInTheOrderOfImages() {
    LayerRegisters narrow = LayerRegisters.of(Summation.parse("m4e3(6)/m4e3(4):chunk(5)"));
    for (Network network :
        List.of(FloatNetworks.images(new Random(3)), FloatNetworks.tokens(new Random(4)))) {
      int images = 9;
      int[] words = FloatNetworks.words(new Random(5), network.input(), images);
      ImageSource source = ImageSource.of(network, words, images);
      RunOptions options = RunOptions.none().withStatistics();
      Told whole;
      try (Executor executor = Executor.of(network, narrow, 2)) {
        whole = told(executor, network, source, options, false);
      }
      assertThat(whole.signals()).isNotEmpty();
      for (int parts : PARTS) {
        InParts runner = new InParts(network, narrow, parts, new Random(parts));
        requireSame(told(runner, network, source, options, false), whole, "in " + parts + " parts");
      }
    }
  }

  @Test
  void run_registersByLayer_areReadBackFromTheirText() {
    Random random = new Random(8);
    Network network = RandomNetworks.network(random, 6);
    Map<String, Summation> rules = new HashMap<>();
    for (Layer layer : network.layers()) {
      if (layer instanceof SummingLayer) {
        rules.put(layer.name(), Summation.parse("int9:wrap:zero(raw):bias(preload)"));
      }
    }
    LayerRegisters registers = LayerRegisters.of(Summation.parse("int8:saturate"), rules);
    assertThat(PartRequest.of(registers, RunOptions.none()).registers()).isEqualTo(registers);
  }

  @Test
  void run_noImages_isAnEmptyRun() {
    Network network = RandomNetworks.network(new Random(2), 3);
    InParts runner = new InParts(network, LayerRegisters.exact(), 7, new Random(1));
    Execution execution = runner.run(ImageSource.of(network, new int[0], 0), RunOptions.none());
    assertThat(execution.images()).isZero();
    assertThat(execution.outputs()).isEmpty();
  }

  @Test
  void request_moreThanCounts_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            PartRequest.of(
                LayerRegisters.exact(), RunOptions.none().withTensors((t, first, codes) -> {})))
        .withMessageContaining("tensors");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            PartRequest.of(
                LayerRegisters.exact(),
                RunOptions.none().withProbes(Map.of("fc", (first, channels, terms) -> {}))))
        .withMessageContaining("count alone");
  }

  @Test
  void merger_partTwiceOrMissing_isRefused() {
    Network network = RandomNetworks.network(new Random(2), 3);
    int[] codes = RandomNetworks.codes(new Random(3), network.input(), 6);
    ImageSource source = ImageSource.of(network, codes, 6);
    PartRequest request = PartRequest.of(LayerRegisters.exact(), RunOptions.none());
    PartMerger merger = new PartMerger(network, request, 6, RunOptions.none());
    try (Executor executor = Executor.of(network, LayerRegisters.exact(), 1)) {
      RunPart part =
          request.run(
              executor, PackedImages.of(source, network.inputElements(), new int[] {0, 1, 2}));
      merger.add(3, part);
      assertThatIllegalStateException().isThrownBy(merger::result);
      assertThatIllegalStateException().isThrownBy(() -> merger.add(1, part));
      assertThatIllegalStateException().isThrownBy(() -> merger.add(3, part));
      assertThatIllegalStateException().isThrownBy(() -> merger.add(4, part));
      merger.add(0, part);
      assertThat(merger.result().images()).isEqualTo(6);
    }
  }

  @Test
  void split_anyNumber_isAllImagesInOrder() {
    for (int images = 0; images < 80; images++) {
      for (int parts : PARTS) {
        int next = 0;
        for (ImageRange range : ImageRange.split(images, parts)) {
          assertThat(range.first()).isEqualTo(next);
          next += range.count();
        }
        assertThat(next).isEqualTo(images);
      }
    }
  }

  @Test
  void packed_anyWords_areReadBack() {
    int[][] sets = {
      {},
      {5, 5, 5, 5},
      {-128, 127, 0, 3},
      {-1, 255, 256, 0},
      {-32768, 32767, 0, 1},
      {Integer.MIN_VALUE, Integer.MAX_VALUE, 0, -1}
    };
    for (int[] words : sets) {
      ImageSource source =
          new ImageSource() {
            @Override
            public int images() {
              return words.length / 2;
            }

            @Override
            public void read(int first, int count, int[] codes) {
              System.arraycopy(words, first * 2, codes, 0, count * 2);
            }
          };
      TravellingSource packed =
          words.length == 0
              ? PackedImages.of(source, 2, new int[0])
              : PackedImages.of(source, 2, new int[] {1, 0});
      int[] read = new int[words.length];
      packed.read(0, packed.images(), read);
      int[] turned = words.length == 0 ? words : new int[] {words[2], words[3], words[0], words[1]};
      assertThat(read).isEqualTo(turned);
    }
  }
}
