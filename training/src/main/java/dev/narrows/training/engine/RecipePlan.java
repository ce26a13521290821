package dev.narrows.training.engine;

import dev.narrows.data.Preprocessing;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.recipe.FileModel;
import dev.narrows.experiments.recipe.FloatNumbers;
import dev.narrows.experiments.recipe.IntegerNumbers;
import dev.narrows.experiments.recipe.Model;
import dev.narrows.experiments.recipe.Numbers;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.qat.FloatPlan;
import dev.narrows.training.qat.QuantizationPlan;
import dev.narrows.training.qat.QuantizationSettings;
import dev.narrows.training.qat.ScaleObserver;
import dev.narrows.training.qat.TrainingPlan;
import dev.narrows.training.qat.WeightConstraint;
import dev.narrows.training.register.FloatRegisterChoice;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** From a recipe's words to a network and its quantisation. */
final class RecipePlan {
  private RecipePlan() {}

  /** The plan of a recipe for a network. */
  static TrainingPlan of(Recipe recipe, ModelSpec model) {
    return switch (recipe.numbers()) {
      case FloatNumbers floats ->
          new FloatPlan(model, excluded(floats, model), FloatRegisterChoice.formats(floats));
      case IntegerNumbers integers -> of(recipe, integers, model);
    };
  }

  private static QuantizationPlan of(Recipe recipe, IntegerNumbers integers, ModelSpec model) {
    QuantizationSettings settings = settings(integers, model);
    if (settings.constraint().isEmpty()) {
      return QuantizationPlan.of(model, settings, signedInput(recipe));
    }
    try {
      return QuantizationPlan.of(model, settings, signedInput(recipe));
    } catch (IllegalArgumentException e) {
      throw new BadInputException(
          "recipe %s: quantization.constraint: %s".formatted(recipe.name(), e.getMessage()), e);
    }
  }

  private static boolean signedInput(Recipe recipe) {
    return switch (Preprocessing.parse(recipe.preprocess())) {
      case Preprocessing.Raw _, Preprocessing.Unit _ -> false;
      case Preprocessing.Normalized _, Preprocessing.AsTheyAre _ -> true;
    };
  }

  /** Warnings of norm limits that leave a layer no weights: one line for each such layer. */
  static List<String> warnings(TrainingPlan plan) {
    return switch (plan) {
      case QuantizationPlan integers -> warnings(integers);
      case FloatPlan _ -> List.of();
    };
  }

  private static List<String> warnings(QuantizationPlan plan) {
    List<String> lines = new ArrayList<>();
    for (DotNode dot : plan.model().dots()) {
      plan.constraint(dot)
          .filter(constraint -> constraint.limit().leavesNothing())
          .ifPresent(constraint ->
              lines.add(
                  ("warning: layer \"%s\": %d bits leave no weight other than 0 (%s, %s"
                          + " inputs); all of its %d channels become zero")
                      .formatted(
                          dot.name(),
                          constraint.limit().bits(),
                          constraint.limit().method(),
                          constraint.limit().inputs(),
                          dot.outputChannels())));
    }
    return lines;
  }

  private static Set<String> excluded(Numbers numbers, ModelSpec model) {
    List<DotNode> dots = model.dots();
    Set<String> excluded = new HashSet<>();
    for (int i = 0; i < dots.size(); i++) {
      if (numbers.excludes(i, dots.size())) {
        excluded.add(dots.get(i).name());
      }
    }
    return excluded;
  }

  private static QuantizationSettings settings(IntegerNumbers quantization, ModelSpec model) {
    ScaleObserver observer =
        switch (quantization.observer()) {
          case MIN_MAX -> ScaleObserver.MIN_MAX;
          case PERCENTILE -> ScaleObserver.PERCENTILE;
          case MSE -> ScaleObserver.MSE;
        };
    return new QuantizationSettings(
        quantization.weights(),
        quantization.activations(),
        quantization.firstLast(),
        excluded(quantization, model),
        quantization.scales() == IntegerNumbers.Scales.LEARNED,
        observer,
        quantization
            .constraint()
            .map(c ->
                new WeightConstraint(c.method(), c.bits(), c.init(), c.penalty(), c.depthwise())));
  }

  /** The name, or of a file what is in it. */
  private static String model(Recipe recipe) {
    return switch (recipe.model()) {
      case Model known -> known.word();
      case FileModel file -> file.sha256().orElse(file.path());
    };
  }

  /** What must be equal for scales to mean the same. */
  static String text(Recipe recipe) {
    return switch (recipe.numbers()) {
      case FloatNumbers floats ->
          "%s width %d weights %s activations %s exclude %s"
              .formatted(
                  model(recipe),
                  recipe.width(),
                  floats.weights(),
                  floats.activations(),
                  new TreeSet<>(floats.exclude()));
      case IntegerNumbers integers -> text(recipe, integers);
    };
  }

  private static String text(Recipe recipe, IntegerNumbers q) {
    return "%s width %d W%d A%d ends %d exclude %s%s"
        .formatted(
            model(recipe),
            recipe.width(),
            q.weights(),
            q.activations(),
            q.firstLast(),
            new TreeSet<>(q.exclude()),
            // not P: weights trained for one width are a start for another
            q.constraint().map(c -> " " + c.method() + " depthwise " + c.depthwise()).orElse(""));
  }
}
