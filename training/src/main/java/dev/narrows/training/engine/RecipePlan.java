package dev.narrows.training.engine;

import dev.narrows.data.ArraySet;
import dev.narrows.data.DataException;
import dev.narrows.data.Examples;
import dev.narrows.data.Preprocessing;
import dev.narrows.data.Targets;
import dev.narrows.data.TextSet;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.recipe.FloatNumbers;
import dev.narrows.experiments.recipe.IntegerNumbers;
import dev.narrows.experiments.recipe.Numbers;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.training.TrainingJob;
import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.ModelZoo;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.qat.QuantizationPlan;
import dev.narrows.training.qat.QuantizationSettings;
import dev.narrows.training.qat.ScaleObserver;
import dev.narrows.training.qat.WeightConstraint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** From a recipe's words to a network and its quantisation. */
final class RecipePlan {
  private RecipePlan() {}

  static QuantizationPlan of(TrainingJob job) {
    Recipe recipe = job.recipe();
    Examples train = job.train();
    if (train.size() == 0) {
      throw new BadInputException("data: " + train.name() + " leaves nothing to train on");
    }
    requireFit(recipe, train);
    ModelSpec model =
        ModelZoo.create(
            recipe.model().word(),
            recipe.width(),
            new FeatureMapShape(train.channels(), train.height(), train.width()),
            train.classes());
    return of(recipe, model);
  }

  /**
   * Checks that network, data and preprocessing fit: a network of text needs text, text cannot be
   * shifted or flipped, and the colour channels must match.
   */
  private static void requireFit(Recipe recipe, Examples train) {
    boolean text = train instanceof TextSet;
    if (recipe.model().ofText() != text) {
      throw new BadInputException(
          "data.set: %s is %s, but %s takes %s"
              .formatted(
                  train.name(),
                  text ? "a text" : "a set of images",
                  recipe.model().word(),
                  text ? "images" : "text"));
    }
    if (text && (recipe.augment().pad() > 0 || recipe.augment().flip())) {
      throw new BadInputException("augment: is for images, expected none for " + train.name());
    }
    boolean spatial = train.height() * train.width() > 1;
    if (!text && !spatial && (recipe.augment().pad() > 0 || recipe.augment().flip())) {
      throw new BadInputException(
          "augment: is for images, expected none for the rows of features of " + train.name());
    }
    if (!text && !spatial && !recipe.model().ofFeatures()) {
      throw new BadInputException(
          "model: %s takes images; %s holds rows of %d features, which mlp1, mlp2 and mlp4 take"
              .formatted(recipe.model().word(), train.name(), train.channels()));
    }
    boolean classes = train.targets().kind() == Targets.TargetKind.CLASSES;
    if (!classes && Stage.of(recipe).stream().anyMatch(s -> s.phase().distill().isPresent())) {
      throw new BadInputException(
          "distill: softens scores of classes; %s wants %s of each input"
              .formatted(train.name(), train.targets().describe()));
    }
    boolean moved = recipe.augment().pad() > 0 || recipe.augment().flip();
    if (moved && train instanceof ArraySet arrays && !TargetRows.movable(arrays)) {
      throw new BadInputException(
          "augment: moves images and those that are wanted alike; %s wants %s for %d×%d×%d"
              .formatted(
                  train.name(),
                  train.targets().describe(),
                  train.channels(),
                  train.height(),
                  train.width()));
    }
    recipe.data().measure(train.targets().kind()); // refused now, not after hours of training
    if (text && Stage.of(recipe).stream().anyMatch(stage -> stage.phase().distill().isPresent())) {
      throw new BadInputException("distill: is for images, expected none for " + train.name());
    }
    if (!text) {
      try {
        Preprocessing.parse(recipe.preprocess()).requireChannels(train.channels());
      } catch (DataException e) {
        throw new BadInputException("preprocess: " + e.getMessage(), e);
      }
    }
  }

  /** The plan of a recipe for a network that is built already. */
  static QuantizationPlan of(Recipe recipe, ModelSpec model) {
    return switch (recipe.numbers()) {
      case FloatNumbers floats ->
          QuantizationPlan.ofFloats(
              model, excluded(floats, model), floats.activations().isPresent());
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
  static List<String> warnings(QuantizationPlan plan) {
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

  /** What must be equal for scales to mean the same. */
  static String text(Recipe recipe) {
    return switch (recipe.numbers()) {
      case FloatNumbers floats ->
          "%s width %d weights %s activations %s exclude %s"
              .formatted(
                  recipe.model().word(),
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
            recipe.model().word(),
            recipe.width(),
            q.weights(),
            q.activations(),
            q.firstLast(),
            new TreeSet<>(q.exclude()),
            // not P: weights trained for one width are a start for another
            q.constraint().map(c -> " " + c.method() + " depthwise " + c.depthwise()).orElse(""));
  }
}
