package dev.narrows.training.engine;

import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.training.EpochMetrics;
import dev.narrows.experiments.training.TrainingException;
import dev.narrows.network.safetensors.SafetensorsFile;
import dev.narrows.network.safetensors.SafetensorsType;
import dev.narrows.network.safetensors.SafetensorsWriter;
import dev.narrows.training.lower.Lowering.NmRatio;
import dev.narrows.training.optimize.ParameterOptimizer;
import dev.narrows.training.qat.QuantizationPlan;
import dev.narrows.training.torch.TorchModel;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A run on disk: one safetensors file with every array of the model, the optimiser's state, masks
 * and counters. It is written beside the old one and moved in its place, so a crash leaves the last
 * complete state.
 *
 * <p>Arrays are in memory order (convolutions [out][row][column][in]), flat.
 */
final class CheckpointFile {
  private static final String NAME = "state.safetensors";
  private static final String FORMAT = "narrows/checkpoint/1";

  private final Path folder;
  private final Path file;

  CheckpointFile(Path folder) {
    this.folder = folder;
    this.file = folder.resolve(NAME);
  }

  boolean exists() {
    return Files.isRegularFile(file);
  }

  /** Removes what a killed process left half-written. */
  void removeLeftovers() {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, "." + NAME + "*.tmp")) {
      for (Path path : left) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new TrainingException(folder + ": cannot be cleaned: " + e, e);
    }
  }

  /**
   * Saves a run.
   *
   * @param recipe what a resumed run must agree on
   * @param quantization what a continued run must agree on to keep the scales
   */
  void save(
      String recipe,
      String quantization,
      TorchModel model,
      ParameterOptimizer optimizer,
      RunState state) {
    SafetensorsWriter writer = new SafetensorsWriter();
    writer.metadata("format", FORMAT);
    writer.metadata("recipe", recipe);
    writer.metadata("quantization", quantization);
    writer.metadata(
        "pruned", state.pruned.map(ratio -> ratio.keep() + ":" + ratio.group()).orElse(""));
    for (String array : model.arrays()) {
      float[] values = model.read(array);
      writer.floats("model." + array, values, values.length);
    }
    writer.floats("optimizer.first", optimizer.first(), optimizer.first().length);
    writer.floats("optimizer.second", optimizer.second(), optimizer.second().length);
    new TreeMap<>(state.masks)
        .forEach((layer, mask) -> {
          int[] bits = new int[mask.length];
          for (int i = 0; i < bits.length; i++) {
            bits[i] = mask[i] ? 1 : 0;
          }
          writer.ints("mask." + layer, SafetensorsType.U8, bits, bits.length);
        });
    long[] counters = {
      state.stage,
      state.epoch,
      state.step,
      state.epochOfRun,
      state.calibrated ? 1 : 0,
      state.correct,
      state.kept,
      optimizer.steps()
    };
    writer.longs("run.counters", counters, counters.length);
    writer.doubles("run.sums", new double[] {state.lossSum, state.seconds}, 2);
    state.floatPredictions.ifPresent(classes ->
        writer.ints("run.floatPredictions", SafetensorsType.I32, classes, classes.length));
    state.floatQuality.ifPresent(
        quality -> writer.doubles("run.floatQuality", new double[] {quality}, 1));
    saveMetrics(writer, state.metrics);
    try {
      writer.write(file);
    } catch (IOException e) {
      throw new TrainingException(file + ": cannot be written: " + reason(e), e);
    }
  }

  private static void saveMetrics(SafetensorsWriter writer, List<EpochMetrics> metrics) {
    double[] rows = new double[metrics.size() * 8];
    StringBuilder phases = new StringBuilder();
    for (int i = 0; i < metrics.size(); i++) {
      EpochMetrics row = metrics.get(i);
      double[] numbers = {
        row.epoch(),
        row.loss(),
        row.trainAccuracy(),
        row.validationAccuracy(),
        row.rate(),
        row.kept(),
        row.bits(),
        row.seconds()
      };
      System.arraycopy(numbers, 0, rows, i * numbers.length, numbers.length);
      phases.append(i == 0 ? "" : ",").append(row.phase());
    }
    writer.doubles("run.metrics", rows, metrics.size(), 8);
    writer.metadata("phases", phases.toString());
  }

  /** What a file held besides the model's arrays. */
  record Loaded(RunState state, float[] first, float[] second, long optimizerSteps) {}

  /**
   * Puts a run back that has the same recipe.
   *
   * @throws BadInputException if the file is damaged or of another recipe
   */
  Loaded resume(String recipe, TorchModel model) {
    try (SafetensorsFile tensors = open()) {
      if (!same(recipe, tensors.metadata().getOrDefault("recipe", ""))) {
        throw new BadInputException(
            file + ": belongs to another recipe; use another output folder or delete this one");
      }
      for (String array : model.arrays()) {
        model.write(array, sized(tensors, "model." + array, model.read(array).length));
      }
      RunState state = new RunState();
      long[] counters = tensors.longs("run.counters");
      if (counters.length != 8) {
        throw new BadInputException(file + ": expected 8 counters, got " + counters.length);
      }
      state.stage = Math.toIntExact(counters[0]);
      state.epoch = Math.toIntExact(counters[1]);
      state.step = Math.toIntExact(counters[2]);
      state.epochOfRun = Math.toIntExact(counters[3]);
      state.calibrated = counters[4] == 1;
      state.correct = counters[5];
      state.kept = Math.toIntExact(counters[6]);
      double[] sums = tensors.doubles("run.sums");
      state.lossSum = sums[0];
      state.seconds = sums[1];
      if (tensors.entries().containsKey("run.floatPredictions")) {
        state.floatPredictions = Optional.of(tensors.ints("run.floatPredictions"));
      }
      if (tensors.entries().containsKey("run.floatQuality")) {
        state.floatQuality = Optional.of(tensors.doubles("run.floatQuality")[0]);
      }
      loadMasks(tensors, model, state);
      loadMetrics(tensors, state.metrics);
      int size = model.valueCount();
      return new Loaded(
          state,
          sized(tensors, "optimizer.first", size),
          sized(tensors, "optimizer.second", size),
          counters[7]);
    } catch (IOException e) {
      throw new BadInputException(reason(e), e);
    }
  }

  /** Equal as recipes: an older one lacks keys that have got a default since. */
  private static boolean same(String recipe, String stored) {
    if (recipe.equals(stored)) {
      return true;
    }
    try {
      return Recipe.parse("recipe", recipe).equals(Recipe.parse("stored recipe", stored));
    } catch (BadInputException unreadable) {
      return false; // of another version, or no recipe at all
    }
  }

  /**
   * Starts a run from the end of another: parameters and masks, and scales if it quantises alike.
   *
   * @throws BadInputException naming the array that does not fit
   */
  RunState continueFrom(String quantization, TorchModel model) {
    if (!exists()) {
      throw new BadInputException(
          file + ": no such file; from: must name the folder of a finished training run");
    }
    try (SafetensorsFile tensors = open()) {
      boolean sameScales = quantization.equals(tensors.metadata().get("quantization"));
      for (String array : model.arrays()) {
        if (sameScales || !QuantizationPlan.observedFromData(array)) {
          model.write(array, sized(tensors, "model." + array, model.read(array).length));
        }
      }
      RunState state = new RunState();
      state.calibrated = sameScales && tensors.longs("run.counters")[4] == 1;
      loadMasks(tensors, model, state);
      if (!sameScales && tensors.longs("run.counters")[4] == 1) {
        release(tensors, model);
      }
      return state;
    } catch (IOException e) {
      throw new BadInputException(reason(e), e);
    }
  }

  /** Weights under another norm limit, or one that ends here, are parameters of that limit only. */
  private void release(SafetensorsFile tensors, TorchModel model) {
    String text = tensors.metadata().getOrDefault("recipe", "");
    Recipe before = Recipe.parse(file.toString(), text);
    if (before.numbers().constraint().isPresent()) {
      model.release(
          RecipePlan.of(before, model.plan().model()),
          array -> {
            try {
              return tensors.floats("model." + array);
            } catch (IOException e) {
              throw new BadInputException(reason(e), e);
            }
          });
    }
  }

  private SafetensorsFile open() throws IOException {
    SafetensorsFile tensors = SafetensorsFile.open(file);
    String format = tensors.metadata().getOrDefault("format", "none");
    if (!format.equals(FORMAT)) {
      tensors.close();
      throw new BadInputException(
          file + ": expected a checkpoint of format " + FORMAT + ", got " + format);
    }
    return tensors;
  }

  private float[] sized(SafetensorsFile tensors, String name, int size) throws IOException {
    float[] values = tensors.floats(name);
    if (values.length != size) {
      throw new BadInputException(
          file + ": \"" + name + "\" must have " + size + " values, got " + values.length);
    }
    return values;
  }

  private void loadMasks(SafetensorsFile tensors, TorchModel model, RunState state)
      throws IOException {
    Map<String, ?> entries = tensors.entries();
    for (var dot : model.plan().model().dots()) {
      String name = "mask." + dot.name();
      if (entries.containsKey(name)) {
        int[] bits = tensors.ints(name);
        boolean[] mask = new boolean[dot.outputChannels() * dot.terms()];
        if (bits.length != mask.length) {
          throw new BadInputException(
              file + ": \"" + name + "\" must have " + mask.length + " values, got " + bits.length);
        }
        for (int i = 0; i < mask.length; i++) {
          mask[i] = bits[i] != 0;
        }
        state.masks.put(dot.name(), mask);
        model.mask(dot.name(), mask);
      }
    }
    String[] ratio = tensors.metadata().getOrDefault("pruned", "").split(":", -1);
    if (ratio.length == 2) {
      state.pruned =
          Optional.of(new NmRatio(Integer.parseInt(ratio[0]), Integer.parseInt(ratio[1])));
    }
  }

  private static void loadMetrics(SafetensorsFile tensors, List<EpochMetrics> metrics)
      throws IOException {
    double[] rows = tensors.doubles("run.metrics");
    String[] phases = tensors.metadata().getOrDefault("phases", "").split(",", -1);
    for (int at = 0; at < rows.length; at += 8) {
      metrics.add(
          new EpochMetrics(
              phases[at / 8],
              (int) rows[at],
              rows[at + 1],
              rows[at + 2],
              rows[at + 3],
              rows[at + 4],
              (int) rows[at + 5],
              (int) rows[at + 6],
              rows[at + 7]));
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
