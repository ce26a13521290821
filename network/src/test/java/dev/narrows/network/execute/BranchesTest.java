package dev.narrows.network.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.narrows.core.dot.Summation;
import dev.narrows.network.Network;
import dev.narrows.network.RandomNetworks;
import dev.narrows.network.execute.RunOptions.Profiling;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.SummingLayer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class BranchesTest {
  private static final List<String> ACCUMULATORS =
      List.of("int%d:saturate", "int%d:wrap", "int%d:resolved", "int%d:saturate:reversed", "exact");

  private static Summation summation(Random random) {
    String text = ACCUMULATORS.get(random.nextInt(ACCUMULATORS.size()));
    return Summation.parse(text.formatted(4 + random.nextInt(14)));
  }

  /** Each layer alone, all of them, and two together. */
  private static List<LayerRegisters> choices(Random random, Network network) {
    List<String> summing =
        network.layers().stream().filter(SummingLayer.class::isInstance).map(Layer::name).toList();
    List<LayerRegisters> choices = new ArrayList<>();
    choices.add(LayerRegisters.of(summation(random)));
    for (String name : summing) {
      choices.add(LayerRegisters.of(Summation.exact(), Map.of(name, summation(random))));
    }
    if (summing.size() > 1) {
      choices.add(
          LayerRegisters.of(
              Summation.exact(),
              Map.of(summing.getFirst(), summation(random), summing.getLast(), summation(random))));
    }
    return choices;
  }

  private static int[] whole(Network network, LayerRegisters registers, int[] codes, int images) {
    try (Executor executor = Executor.of(network, registers, 1)) {
      return executor.run(codes, images).predictions();
    }
  }

  @Test
  void run_randomNetworksAndChoices_givesWhatRunningEachAloneGives() {
    long seed = 20261122;
    System.out.println("seed " + seed);
    int changed = 0;
    for (int round = 0; round < 200; round++) {
      Random random = new Random(seed + round);
      Network network = RandomNetworks.network(random, 2 + random.nextInt(7));
      List<LayerRegisters> choices = choices(random, network);
      int images = 1 + random.nextInt(12);
      int[] codes = RandomNetworks.codes(random, network.input(), images);
      Branches.Classes classes =
          Branches.of(network, choices, 1 + random.nextInt(3))
              .run(ImageSource.of(network.input(), codes, images), done -> {});
      int[] exact = whole(network, LayerRegisters.exact(), codes, images);
      assertThat(classes.base()).isEqualTo(exact);
      for (int i = 0; i < choices.size(); i++) {
        int[] alone = whole(network, choices.get(i), codes, images);
        assertThat(classes.choices().get(i))
            .as("seed %d, %s in %s", seed + round, choices.get(i), network)
            .isEqualTo(alone);
        changed += Arrays.equals(alone, exact) ? 0 : 1;
      }
    }
    assertThat(changed).as("choices that change a class").isGreaterThan(50);
  }

  @Test
  void run_besideNarrowBases_givesWhatRunningEachAloneGives() {
    int changed = 0;
    for (int round = 0; round < 150; round++) {
      Random random = new Random(90 + round);
      Network network = RandomNetworks.network(random, 2 + random.nextInt(7));
      LayerRegisters base = LayerRegisters.of(summation(random));
      List<LayerRegisters> choices = new ArrayList<>(choices(random, network));
      network.layers().stream()
          .filter(SummingLayer.class::isInstance)
          .forEach(layer ->
              choices.add(LayerRegisters.of(base.base(), Map.of(layer.name(), summation(random)))));
      int images = 1 + random.nextInt(12);
      int[] codes = RandomNetworks.codes(random, network.input(), images);
      Branches.Classes classes =
          Branches.of(network, base, choices, 1 + random.nextInt(3))
              .run(ImageSource.of(network.input(), codes, images), done -> {});
      assertThat(classes.base()).isEqualTo(whole(network, base, codes, images));
      for (int i = 0; i < choices.size(); i++) {
        int[] alone = whole(network, choices.get(i), codes, images);
        assertThat(classes.choices().get(i))
            .as("round %d, %s beside %s", round, choices.get(i), base)
            .isEqualTo(alone);
        changed += Arrays.equals(alone, classes.base()) ? 0 : 1;
      }
    }
    assertThat(changed).as("choices that change a class").isGreaterThan(50);
  }

  /** The widths of every image, seen in the pass itself, say what need not be run again. */
  @Test
  void run_thatLooksAtWidths_givesTheSameOutputsFromFewerDotProducts() {
    long saved = 0;
    int partial = 0;
    for (int round = 0; round < 150; round++) {
      Random random = new Random(700 + round);
      Network network = RandomNetworks.network(random, 3 + random.nextInt(7));
      List<LayerRegisters> choices = new ArrayList<>();
      for (int bits = 6; bits <= 15; bits += 3) {
        choices.add(LayerRegisters.of(Summation.parse("int%d:saturate".formatted(bits))));
      }
      int images = 1 + random.nextInt(14);
      int[] codes = RandomNetworks.codes(random, network.input(), images);
      int elements = network.output().elements();
      List<int[]> outputs = new ArrayList<>();
      choices.forEach(_ -> outputs.add(new int[images * elements]));
      int[] run = new int[choices.size()];
      Branches.BranchReceiver receiver =
          new Branches.BranchReceiver() {
            @Override
            public void base(int first, Execution block) {
              int[] made = block.outputs();
              outputs.forEach(to -> System.arraycopy(made, 0, to, first * elements, made.length));
            }

            @Override
            public void choice(int choice, int[] changed, Execution block) {
              for (int i = 0; i < changed.length; i++) {
                System.arraycopy(
                    block.outputs(),
                    i * elements,
                    outputs.get(choice),
                    changed[i] * elements,
                    elements);
              }
              run[choice] += changed.length;
            }
          };
      Widest widest = new Widest();
      RunOptions options =
          RunOptions.none()
              .withProfiles(new Profiling(Summation.exact(), false).telling(widest::note));
      Branches.Told told =
          Branches.of(network, choices, 1 + random.nextInt(3))
              .knowing(widest::exact)
              .run(ImageSource.of(network.input(), codes, images), options, receiver);
      try (Executor exact = Executor.of(network, LayerRegisters.exact(), 1)) {
        assertThat(told.profiles())
            .isEqualTo(
                exact
                    .run(
                        codes,
                        images,
                        RunOptions.none().withProfiles(new Profiling(Summation.exact(), false)))
                    .profiles());
      }
      for (int i = 0; i < choices.size(); i++) {
        try (Executor alone = Executor.of(network, choices.get(i), 1)) {
          Execution whole = alone.run(codes, images);
          assertThat(outputs.get(i))
              .as("round %d, %s in %s", round, choices.get(i), network)
              .isEqualTo(whole.outputs());
          saved += whole.decisions().total() - told.choices().get(i).total();
          partial += run[i] > 0 && run[i] < images ? 1 : 0;
        }
      }
    }
    assertThat(saved).as("dot products that were not summed again").isGreaterThan(10_000);
    assertThat(partial).as("choices that change some images").isGreaterThan(10);
  }

  /** The widest writes of each layer and image. */
  private static final class Widest {
    private final Map<String, Integer> bits = new ConcurrentHashMap<>();

    void note(String layer, int image, int finalBits, int pathBits) {
      bits.merge(layer + " " + image, Math.max(finalBits, pathBits), Math::max);
    }

    boolean exact(LayerRegister register, int image) {
      return bits.getOrDefault(register.layer() + " " + image, 0) <= register.accumulator().bits();
    }
  }

  @Test
  void run_progress_endsWithAllImages() {
    Network network = RandomNetworks.network(new Random(1), 4);
    int[] codes = RandomNetworks.codes(new Random(2), network.input(), 7);
    List<Integer> told = new ArrayList<>();
    Branches.of(network, List.of(), 2).run(ImageSource.of(network.input(), codes, 7), told::add);
    assertThat(told).isSorted().endsWith(7);
  }

  @Test
  void of_ruleThatMatchesNothing_isRefused() {
    Network network = RandomNetworks.network(new Random(1), 4);
    List<LayerRegisters> choices =
        List.of(LayerRegisters.of(Summation.exact(), Map.of("nowhere", Summation.exact())));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Branches.of(network, choices, 1))
        .withMessageContaining("matches no layer");
  }
}
