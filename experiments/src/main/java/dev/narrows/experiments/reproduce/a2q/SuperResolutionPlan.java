package dev.narrows.experiments.reproduce.a2q;

import dev.narrows.experiments.recipe.Augment;
import dev.narrows.experiments.recipe.DataChoice;
import dev.narrows.experiments.recipe.IntegerNumbers;
import dev.narrows.experiments.recipe.Model;
import dev.narrows.experiments.recipe.Numbers;
import dev.narrows.experiments.recipe.Phase;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.reproduce.figure.Scale;
import java.util.List;
import java.util.OptionalInt;

/**
 * What is trained for {@link SuperResolution}.
 *
 * @param width of ESPCN's first layer
 * @param tiles to train on; empty: all
 * @param floatEpochs of the network in real numbers
 * @param epochs of each network of integers, all from that one
 * @param targets widths of weights and activations, and registers
 * @param sets that networks are measured on
 */
record SuperResolutionPlan(
    int width,
    OptionalInt tiles,
    int floatEpochs,
    int epochs,
    List<OperandTarget> targets,
    List<String> sets) {
  static final String TRAIN = "bsds300-x3";
  private static final String FLOAT = "espcn-x3-float";
  private static final long SEED = 1;

  /** W and A of the layers between the first and the last, and P. */
  record OperandTarget(int operands, int bits) {
    /** In names of runs under the limit. */
    String limited() {
      return this + "-" + bits;
    }

    @Override
    public String toString() {
      return "w%da%d".formatted(operands, operands);
    }
  }

  static SuperResolutionPlan of(Scale scale) {
    return switch (scale) {
      case SMOKE ->
          new SuperResolutionPlan(
              8, OptionalInt.of(256), 2, 1, List.of(new OperandTarget(8, 16)), List.of("set5-x3"));
      case TWO_CORE ->
          new SuperResolutionPlan(
              64,
              OptionalInt.empty(),
              80,
              8,
              List.of(new OperandTarget(8, 16), new OperandTarget(4, 13)),
              List.of("set5-x3", "set14-x3", TRAIN));
    };
  }

  Recipe floats() {
    Recipe recipe = recipe(FLOAT);
    return recipe.withPhases(recipe.phases().withFloating(phase(floatEpochs, 1e-3)));
  }

  /** A network that goes on from the float one, near which it stays. */
  Recipe fromFloats(String name, Numbers numbers) {
    return fromFloats(name, numbers, 2e-4);
  }

  /** One that a limit drives far away: scales have to grow by octaves. */
  Recipe limited(String name, IntegerNumbers numbers) {
    return fromFloats(name, numbers, 1e-3);
  }

  private Recipe fromFloats(String name, Numbers numbers, double rate) {
    Recipe recipe = recipe(name).withNumbers(numbers).withFrom(FLOAT + "-" + SEED);
    return recipe.withPhases(recipe.phases().withQuantize(phase(epochs, rate)));
  }

  private Recipe recipe(String name) {
    DataChoice all = DataChoice.of(TRAIN);
    return Recipe.of(
            Model.ESPCN,
            tiles.isPresent() ? all.withLimit(tiles.getAsInt()) : all,
            IntegerNumbers.of(8, 8))
        .withName(name)
        .withWidth(width)
        .withSeed(SEED)
        .withThreads(2)
        .withBatch(16)
        .withAugment(new Augment(0, true));
  }

  private static Phase phase(int epochs, double rate) {
    return Phase.of(epochs, Phase.Optimizer.ADAM, rate).withWeightDecay(0);
  }
}
