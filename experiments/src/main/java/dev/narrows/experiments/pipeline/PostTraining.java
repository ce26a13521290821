package dev.narrows.experiments.pipeline;

import dev.narrows.data.catalog.KnownSets;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.recipe.Model;
import dev.narrows.experiments.recipe.Phases;
import dev.narrows.experiments.recipe.Prepare;
import dev.narrows.experiments.recipe.Quantization;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.run.RunFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/**
 * Quantisation without training, as a recipe without phases: float weights are prepared, lowered
 * and evaluated, and the run folder is like any other.
 *
 * @param seed of the split into training and validation images
 * @param threads part of the result, as in every recipe
 */
public record PostTraining(Target target, Prepare prepare, long seed, int threads) {
  private static final String OPTIONS = "options";

  /** What weights and activations become. */
  public sealed interface Target {
    /** What the recipe says under "quantization". */
    Map<String, Object> recipe();

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
  public record Integers(
      int weights, int activations, int firstLast, Quantization.Observer observer)
      implements Target {
    @Override
    public Map<String, Object> recipe() {
      return Map.of(
          "weights", weights,
          "activations", activations,
          "firstLast", firstLast,
          "observer", observer.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    @Override
    public String suffix() {
      return "-w%da%d".formatted(weights, activations);
    }
  }

  /**
   * Real numbers, for floating-point accumulators.
   *
   * @param weights {@code float}, or a format such as {@code m4e3} whose bias follows the tensor
   * @param activations the same for what layers multiply
   */
  public record Reals(String weights, String activations) implements Target {
    @Override
    public Map<String, Object> recipe() {
      return Map.of("weights", weights, "activations", activations);
    }

    @Override
    public String suffix() {
      return weights.equals(activations) ? "-" + weights : "-w" + weights + "-a" + activations;
    }
  }

  /** What a weight file does not say; the recipe's defaults where empty. */
  public record Network(
      String model, Optional<Integer> width, String set, Optional<String> preprocess) {}

  /**
   * The recipe for float weights in a file.
   *
   * @throws BadInputException if the file, the model or the set does not exist, or a number is out
   *     of range
   */
  public Recipe ofWeights(Path file, Network network) {
    if (!Files.isRegularFile(file)) {
      throw BadInputException.in(file, "no such file");
    }
    String known = Arrays.stream(Model.values()).map(Model::word).collect(Collectors.joining(", "));
    if (Arrays.stream(Model.values()).noneMatch(model -> model.word().equals(network.model()))) {
      throw new BadInputException(
          "--model: expected one of %s, found \"%s\"".formatted(known, network.model()));
    }
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("model", network.model());
    network.width().ifPresent(width -> map.put("width", width));
    map.put("data", Map.of("set", known(network.set()), "validation", 0));
    network.preprocess().ifPresent(text -> map.put("preprocess", text));
    map.put("init", file.toString());
    return finish(map, network.model());
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
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("model", trained.model().word());
    map.put("width", trained.width());
    map.put("data", Map.of("set", trained.data().set(), "validation", trained.data().validation()));
    map.put("preprocess", trained.preprocess());
    map.put("from", run.path().toString());
    return finish(map, trained.name());
  }

  private static String known(String set) {
    if (KnownSets.named(set).isEmpty()) {
      throw new BadInputException(
          "--data: unknown data set \"%s\", expected one of %s; quantize needs its training images"
              .formatted(set, KnownSets.names()));
    }
    return set;
  }

  private Recipe finish(Map<String, Object> map, String base) {
    map.put("name", base + target.suffix() + suffix());
    map.put("seed", seed);
    map.put("threads", threads);
    map.put("quantization", target.recipe());
    map.put(
        "prepare",
        Map.of(
            "equalize", prepare.equalize(),
            "correctBias", prepare.correctBias(),
            "calibrate", prepare.calibrate()));
    map.put("phases", Map.of());
    // JSON is YAML, and the reader of recipes checks ranges and fills in what is left out
    try {
      return Recipe.parse(OPTIONS, JsonMapper.shared().writeValueAsString(map));
    } catch (BadInputException e) {
      // a line and a column of a text that nobody wrote say nothing; the key does
      throw new BadInputException(
          String.valueOf(e.getMessage()).replaceFirst("^" + OPTIONS + ":\\d+:\\d+", OPTIONS), e);
    }
  }

  private String suffix() {
    return (prepare.equalize() ? "-equalized" : "") + (prepare.correctBias() ? "-corrected" : "");
  }
}
