package dev.narrows.experiments.pipeline;

import dev.narrows.data.Preprocessing;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.recipe.Architecture;
import dev.narrows.experiments.recipe.DataChoice;
import dev.narrows.experiments.recipe.FileModel;
import dev.narrows.experiments.recipe.FloatNumbers;
import dev.narrows.experiments.recipe.IntegerNumbers;
import dev.narrows.experiments.recipe.Model;
import dev.narrows.experiments.recipe.Numbers;
import dev.narrows.experiments.recipe.Phases;
import dev.narrows.experiments.recipe.Prepare;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.run.RunFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Quantisation without training, as a recipe without phases: float weights are prepared, lowered
 * and evaluated, and the run folder is like any other.
 *
 * @param seed of the split into training and validation images
 * @param threads part of the result, as in every recipe
 */
public record PostTraining(QuantizationTarget target, Prepare prepare, long seed, int threads) {
  /** What weights and activations become. */
  public sealed interface QuantizationTarget {
    /**
     * What the recipe says under "quantization".
     *
     * @throws IllegalArgumentException naming the key if a number is out of range
     */
    Numbers numbers();

    /** What the run's name ends in. */
    String suffix();
  }

  /**
   * Integers.
   *
   * @param weights W of layers between the first and the last, 2 to 8 bits
   * @param activations A of their inputs, 2 to 8 bits
   * @param firstLast W and A of the first and the last layer
   */
  public record IntegerTarget(
      int weights, int activations, int firstLast, IntegerNumbers.RangeObserver observer)
      implements QuantizationTarget {
    @Override
    public Numbers numbers() {
      return IntegerNumbers.of(weights, activations)
          .withFirstLast(firstLast)
          .withObserver(observer);
    }

    @Override
    public String suffix() {
      return "-w%da%d".formatted(weights, activations);
    }
  }

  /**
   * Floating-point numbers, for floating-point accumulators.
   *
   * @param weights {@code float}, or a format such as {@code m4e3} whose bias follows the tensor
   * @param activations the same for what layers multiply
   */
  public record FloatTarget(String weights, String activations) implements QuantizationTarget {
    @Override
    public Numbers numbers() {
      return FloatNumbers.of(weights, activations);
    }

    @Override
    public String suffix() {
      return weights.equals(activations) ? "-" + weights : "-w" + weights + "-a" + activations;
    }
  }

  /** What a weight file does not say; the recipe's defaults where empty. */
  public record WeightFileModel(
      String model, Optional<Integer> width, String set, Optional<String> preprocess) {}

  /**
   * The recipe for float weights in a file.
   *
   * @throws BadInputException if the file, the model or the set does not exist, or a number is out
   *     of range
   */
  public Recipe ofWeights(Path file, WeightFileModel network) {
    if (!Files.isRegularFile(file)) {
      throw BadInputException.in(file, "no such file");
    }
    Model model =
        Arrays.stream(Model.values())
            .filter(known -> known.word().equals(network.model()))
            .findFirst()
            .orElseThrow(() ->
                new BadInputException(
                    "--model: expected one of %s, found \"%s\""
                        .formatted(
                            Arrays.stream(Model.values())
                                .map(Model::word)
                                .collect(Collectors.joining(", ")),
                            network.model())));
    DataChoice data = DataChoice.of(network.set()).withValidation(0);
    return checked(() -> {
      Recipe recipe = prepared(model, data, model.word()).withInit(file.toString());
      recipe = network.width().map(recipe::withWidth).orElse(recipe);
      return network
          .preprocess()
          .map(this::preprocessing)
          .map(recipe::withPreprocess)
          .orElse(recipe);
    });
  }

  /**
   * The recipe for a float network in a file.
   *
   * @throws BadInputException if the file or the set does not exist
   */
  public Recipe ofModel(Path file, String set, Optional<String> preprocess) {
    DataChoice data = DataChoice.of(set).withValidation(0);
    return checked(() -> {
      FileModel model = new FileModel(file.toString());
      Recipe recipe = prepared(model, data, model.title());
      return preprocess.map(this::preprocessing).map(recipe::withPreprocess).orElse(recipe);
    });
  }

  private String preprocessing(String text) {
    try {
      return Preprocessing.parse(text).text();
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("preprocess: " + e.getMessage(), e);
    }
  }

  /**
   * The recipe for the float network that a run ended in.
   *
   * @throws BadInputException if the run is not finished or its weights were trained as integers
   */
  public Recipe ofRun(RunFolder run) {
    Recipe trained = run.recipe();
    Phases phases = trained.phases();
    boolean integers = phases.quantize().isPresent() || phases.register().isPresent();
    if (!run.finished() || integers) {
      throw BadInputException.in(
          run.path(),
          integers
              ? "the run's weights were trained as integers; expected one whose last phase is"
                  + " float or prune"
              : "the run has not come to its end");
    }
    DataChoice data =
        DataChoice.of(trained.data().set())
            .withValidation(trained.data().validation())
            .withOwn(trained.data().own());
    return checked(() ->
        prepared(trained.model(), data, trained.name())
            .withWidth(trained.width())
            .withPreprocess(trained.preprocess())
            .withFrom(run.path().toString()));
  }

  private Recipe prepared(Architecture model, DataChoice data, String base) {
    return Recipe.of(model, data, target.numbers())
        .withName(base + target.suffix() + suffix())
        .withSeed(seed)
        .withThreads(threads)
        .withPrepare(prepare);
  }

  /**
   * What is done before weights become integers, as options ask for it.
   *
   * @throws BadInputException if the count is out of range
   */
  public static Prepare prepare(boolean equalize, boolean correctBias, int calibrate) {
    return checked(() -> new Prepare(equalize, correctBias, calibrate));
  }

  /** A number out of range is reported with its key, as in a recipe file. */
  private static <T> T checked(Supplier<T> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      throw new BadInputException("options: " + e.getMessage(), e);
    }
  }

  private String suffix() {
    return (prepare.equalize() ? "-equalized" : "") + (prepare.correctBias() ? "-corrected" : "");
  }
}
