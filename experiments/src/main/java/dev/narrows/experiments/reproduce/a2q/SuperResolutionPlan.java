package dev.narrows.experiments.reproduce.a2q;

import dev.narrows.experiments.recipe.Augment;
import dev.narrows.experiments.recipe.DataChoice;
import dev.narrows.experiments.recipe.IntegerNumbers;
import dev.narrows.experiments.recipe.Numbers;
import dev.narrows.experiments.recipe.Phase;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.reproduce.figure.AskedNetwork;
import dev.narrows.experiments.reproduce.figure.PaperNetwork;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.TestBed;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is trained for {@link SuperResolution}.
 *
 * @param network ESPCN or a U-Net
 * @param width of its first layer
 * @param weights real numbers to begin with: a file, or the folder of a run; empty: they are
 *     trained
 * @param tiles to train on; empty: all
 * @param floatEpochs of the network in real numbers
 * @param epochs of each network of integers, all from that one
 * @param targets widths of weights and activations, and registers
 * @param sets that networks are measured on
 */
record SuperResolutionPlan(
    PaperNetwork network,
    int width,
    Optional<String> weights,
    OptionalInt tiles,
    int floatEpochs,
    int epochs,
    List<OperandTarget> targets,
    List<String> sets) {
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

  static SuperResolutionPlan of(Scale scale, Optional<AskedNetwork> asked) {
    PaperNetwork network = asked.map(AskedNetwork::network).orElse(PaperNetwork.ESPCN_X3);
    int width = network.width(scale);
    Optional<String> weights = asked.flatMap(AskedNetwork::weights);
    String by = "-x" + network.factor();
    return switch (scale) {
      case SMOKE ->
          new SuperResolutionPlan(
              network,
              width,
              weights,
              OptionalInt.of(network == PaperNetwork.UNET_X3 ? 128 : 256),
              2,
              1,
              List.of(new OperandTarget(8, 16)),
              List.of("set5" + by));
      case TWO_CORE ->
          new SuperResolutionPlan(
              network,
              width,
              weights,
              OptionalInt.empty(),
              network.floatEpochs(),
              Math.max(2, network.floatEpochs() / 10),
              List.of(new OperandTarget(8, 16), new OperandTarget(4, 13)),
              List.of("set5" + by, "set14" + by, "bsds300" + by));
    };
  }

  /** The set that is trained on. */
  String trainingSet() {
    return "bsds300-x" + network.factor();
  }

  /** What names of its networks begin with. */
  String model() {
    return network.model().word();
  }

  /** Whether real numbers are trained here. */
  boolean trainsFloats() {
    return weights.isEmpty();
  }

  Recipe floats() {
    Recipe recipe = recipe(floatRun());
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
    Recipe recipe =
        TestBed.beginning(
            recipe(name).withNumbers(numbers), weights.orElse(floatRun() + "-" + SEED));
    return recipe.withPhases(recipe.phases().withQuantize(phase(epochs, rate)));
  }

  private String floatRun() {
    return "%s-x%d-float".formatted(model(), network.factor());
  }

  private Recipe recipe(String name) {
    DataChoice all = DataChoice.of(trainingSet());
    return Recipe.of(
            network.model(),
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
