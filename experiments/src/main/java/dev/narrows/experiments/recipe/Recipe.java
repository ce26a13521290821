package dev.narrows.experiments.recipe;

import dev.narrows.experiments.input.YamlMap;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A training run as its user asked for it; equal recipes on equal data, machine and thread count
 * give equal networks.
 *
 * @param name what reports call the run
 * @param width channels of the first convolution, or hidden units of {@code mlp2}; ≥ 1
 * @param preprocess {@code raw}, {@code unit} or {@code mean=…,std=…}: see {@code
 *     dev.narrows.data.Preprocessing}
 * @param init float weights to start from (safetensors), beside the recipe or in a data root
 * @param from a finished run folder whose checkpoint is continued; excludes {@code init}
 * @param seed of weights, order and augmentation
 * @param threads used by training, ≥ 1; part of the result, since sums in parallel are regrouped
 * @param batch images a step, ≥ 1
 * @param numbers the key {@code quantization}
 */
public record Recipe(
    String name,
    Model model,
    int width,
    DataChoice data,
    String preprocess,
    Optional<String> init,
    Optional<String> from,
    long seed,
    int threads,
    int batch,
    Augment augment,
    Numbers numbers,
    Prepare prepare,
    Optional<Pruning> pruning,
    PhaseOrder order,
    Phases phases,
    Checkpoint checkpoint) {

  /**
   * Reads a recipe and resolves every {@code auto} in it for this machine.
   *
   * @throws dev.narrows.experiments.input.BadInputException naming file, line, column, key and what
   *     was expected
   */
  public static Recipe read(Path file) {
    return RecipeReader.read(file);
  }

  /** {@link #read} from a text; {@code file} is what errors call it. */
  public static Recipe parse(String file, String text) {
    return RecipeReader.parse(file, text);
  }

  /** {@link #read} from a document that was read already; its places are those of errors. */
  public static Recipe of(YamlMap document) {
    return RecipeReader.recipe(document);
  }

  /**
   * The recipe as YAML; {@link #parse} reads it back to an equal value. Nothing is left out but a
   * phase's {@code distill} and {@code precision} where they are the default: recipes are compared
   * and hashed by this text, and older ones do not have them.
   */
  public String toYaml() {
    return RecipeWriter.write(this);
  }

  /** This recipe with another seed. */
  public Recipe withSeed(long other) {
    return with(other, threads, checkpoint);
  }

  /** This recipe with another number of threads. */
  public Recipe withThreads(int other) {
    return with(seed, other, checkpoint);
  }

  /** The same recipe with nothing to do twice: what two runs into one folder must agree on. */
  public Recipe withoutCheckpointing() {
    return with(seed, threads, Checkpoint.everyEpoch());
  }

  private Recipe with(long otherSeed, int otherThreads, Checkpoint otherCheckpoint) {
    return new Recipe(
        name,
        model,
        width,
        data,
        preprocess,
        init,
        from,
        otherSeed,
        otherThreads,
        batch,
        augment,
        numbers,
        prepare,
        pruning,
        order,
        phases,
        otherCheckpoint);
  }
}
