package dev.narrows.training.engine;

import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.training.TrainingException;
import dev.narrows.network.safetensors.SafetensorsFile;
import dev.narrows.network.safetensors.SafetensorsWriter;
import dev.narrows.training.optimize.ParameterOptimizer;
import dev.narrows.training.qat.QuantizationPlan;
import dev.narrows.training.qat.TrainingPlan;
import dev.narrows.training.torch.TorchModel;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntFunction;

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
  private final String recipe; // what a resumed run must agree on
  private final String quantization; // what a continued run must agree on to keep the scales

  /**
   * @param recipe of the run that writes here, or goes on from here
   */
  CheckpointFile(Path folder, Recipe recipe) {
    this.folder = folder;
    this.file = folder.resolve(NAME);
    this.recipe = recipe.withoutCheckpointing().toYaml();
    this.quantization = RecipePlan.text(recipe);
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

  /** Saves a run. */
  void save(TorchModel model, RunState state) {
    SafetensorsWriter writer = new SafetensorsWriter();
    writer.metadata("format", FORMAT);
    writer.metadata("recipe", recipe);
    writer.metadata("quantization", quantization);
    RunStateArrays.writePruned(writer, state);
    for (String array : model.arrays()) {
      float[] values = model.read(array);
      writer.floats("model." + array, values, values.length);
    }
    RunStateArrays.write(writer, state);
    try {
      writer.write(file);
    } catch (IOException e) {
      throw new TrainingException(file + ": cannot be written: " + reason(e), e);
    }
  }

  /**
   * Puts a run back that has the same recipe.
   *
   * @param optimizer makes the optimiser of a stage
   * @throws BadInputException if the file is damaged or of another recipe
   */
  RunState resume(TorchModel model, IntFunction<ParameterOptimizer> optimizer) {
    try (SafetensorsFile tensors = open()) {
      if (!same(recipe, tensors.metadata().getOrDefault("recipe", ""))) {
        throw new BadInputException(
            file + ": belongs to another recipe; use another output folder or delete this one");
      }
      for (String array : model.arrays()) {
        readArray(tensors, array, model);
      }
      return RunStateArrays.read(tensors, file, model, optimizer);
    } catch (IOException e) {
      throw new BadInputException(reason(e), e);
    }
  }

  private void readArray(SafetensorsFile tensors, String array, TorchModel model)
      throws IOException {
    int size = model.read(array).length;
    model.write(array, RunStateArrays.sized(tensors, file, "model." + array, size));
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
  void continueIn(TorchModel model, RunState state) {
    if (!exists()) {
      throw new BadInputException(
          file + ": no such file; from: must name the folder of a finished training run");
    }
    try (SafetensorsFile tensors = open()) {
      boolean sameScales = quantization.equals(tensors.metadata().get("quantization"));
      for (String array : model.arrays()) {
        if (sameScales || !TrainingPlan.observedFromData(array)) {
          readArray(tensors, array, model);
        }
      }
      boolean calibrated = RunStateArrays.calibrated(tensors);
      state.calibrated = sameScales && calibrated;
      RunStateArrays.readMasks(tensors, file, model, state);
      if (!sameScales && calibrated) {
        release(tensors, model);
      }
    } catch (IOException e) {
      throw new BadInputException(reason(e), e);
    }
  }

  /** Weights under another norm limit, or one that ends here, are parameters of that limit only. */
  private void release(SafetensorsFile tensors, TorchModel model) {
    String text = tensors.metadata().getOrDefault("recipe", "");
    Recipe before = Recipe.parse(file.toString(), text);
    if (before.numbers().constraint().isPresent()
        && RecipePlan.of(before, model.plan().model()) instanceof QuantizationPlan limits) {
      model.release(
          limits,
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

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
