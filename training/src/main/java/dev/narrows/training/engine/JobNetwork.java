package dev.narrows.training.engine;

import dev.narrows.data.ArraySet;
import dev.narrows.data.DataException;
import dev.narrows.data.Examples;
import dev.narrows.data.Preprocessing;
import dev.narrows.data.Targets;
import dev.narrows.data.TextSet;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.recipe.Augment;
import dev.narrows.experiments.recipe.FileModel;
import dev.narrows.experiments.recipe.Model;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.training.TrainingJob;
import dev.narrows.training.imported.ImportedModel;
import dev.narrows.training.imported.ModelFileReader;
import dev.narrows.training.lower.WeightFile;
import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.ModelZoo;
import dev.narrows.training.torch.TorchModel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The network that a job trains.
 *
 * @param floats writes the float weights that it starts from; empty if they are drawn
 */
record JobNetwork(ModelSpec model, Optional<Consumer<TorchModel>> floats) {
  /**
   * Builds or reads the network.
   *
   * @throws BadInputException if network, data and preprocessing do not fit
   */
  static JobNetwork of(TrainingJob job) {
    Recipe recipe = job.recipe();
    Examples train = job.train();
    if (train.size() == 0) {
      throw new BadInputException("data: " + train.name() + " leaves nothing to train on");
    }
    requireFit(recipe, train);
    FeatureMapShape input = new FeatureMapShape(train.channels(), train.height(), train.width());
    return switch (recipe.model()) {
      case Model known ->
          new JobNetwork(
              ModelZoo.create(known.word(), recipe.width(), input, train.classes()),
              job.initWeights().map(file -> model -> WeightFile.load(model, file)));
      case FileModel _ -> read(job.model().orElseThrow(), input, train);
    };
  }

  private static JobNetwork read(Path file, FeatureMapShape input, Examples train) {
    ImportedModel read = ModelFileReader.read(file);
    FeatureMapShape takes = read.model().input().shape();
    if (!takes.equals(input)) {
      throw BadInputException.in(
          file,
          "takes images of %s, but those of %s have %s"
              .formatted(text(takes), train.name(), text(input)));
    }
    requireAnswers(file, read.model(), train);
    return new JobNetwork(read.model(), Optional.of(model -> read.arrays().forEach(model::write)));
  }

  private static void requireAnswers(Path file, ModelSpec model, Examples train) {
    boolean classes = train.targets().kind() == Targets.TargetKind.CLASSES;
    FeatureMapShape gives = model.shape(model.output().name());
    if (classes && model.classes() != train.classes()) {
      throw BadInputException.in(
          file,
          "tells %d classes apart, but %s has %d"
              .formatted(model.classes(), train.name(), train.classes()));
    }
    if (!classes && gives.size() != train.classes()) {
      throw BadInputException.in(
          file,
          "gives %s, but %s wants %s"
              .formatted(text(gives), train.name(), train.targets().describe()));
    }
  }

  private static String text(FeatureMapShape shape) {
    return "%d x %d x %d".formatted(shape.channels(), shape.height(), shape.width());
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
    if (text && !recipe.augment().equals(Augment.NONE)) {
      throw new BadInputException("augment: is for images, expected none for " + train.name());
    }
    boolean spatial = train.height() * train.width() > 1;
    if (!text && !spatial && !recipe.augment().equals(Augment.NONE)) {
      throw new BadInputException(
          "augment: is for images, expected none for the rows of features of " + train.name());
    }
    if (!text && !spatial && !recipe.model().ofFeatures()) {
      throw new BadInputException(
          "model: %s takes images; %s holds rows of %d features, which mlp1, mlp2 and mlp4 take"
              .formatted(recipe.model().word(), train.name(), train.channels()));
    }
    boolean classes = train.targets().kind() == Targets.TargetKind.CLASSES;
    if (!classes && distills(recipe)) {
      throw new BadInputException(
          "distill: softens scores of classes; %s wants %s of each input"
              .formatted(train.name(), train.targets().describe()));
    }
    int side = Math.min(train.height(), train.width());
    if (recipe.augment().cutout() >= side && recipe.augment().cutout() > 0) {
      throw new BadInputException(
          "augment.cutout: must be less than the %d pixels of the shorter side of images of %s, got %d"
              .formatted(side, train.name(), recipe.augment().cutout()));
    }
    if (recipe.augment().moves()
        && train instanceof ArraySet arrays
        && !TargetRows.movable(arrays)) {
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
    if (text && distills(recipe)) {
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

  private static boolean distills(Recipe recipe) {
    return Stage.phases(recipe).stream().anyMatch(phase -> phase.distill().isPresent());
  }
}
