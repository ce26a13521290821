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
   * Checks what numbers can be checked alone.
   *
   * @throws IllegalArgumentException naming the key if one is out of range
   */
  public Recipe {
    RecipeRange.WIDTH.require("width", width);
    RecipeRange.THREADS.require("threads", threads);
    RecipeRange.BATCH.require("batch", batch);
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")) {
      throw new IllegalArgumentException(
          "name: expected letters, digits, dots, dashes and underscores, found \"" + name + "\"");
    }
    if (seed < 0) {
      throw new IllegalArgumentException(
          "seed: must be in [0, %d], got %d".formatted(Long.MAX_VALUE, seed));
    }
  }

  /**
   * A recipe that says no more: nothing is trained, images are not varied, all processors are used,
   * and the rest is what a recipe file means that leaves it out.
   */
  public static Recipe of(Model model, DataChoice data, Numbers numbers) {
    return new Recipe(
        model.word(),
        model,
        model.defaultWidth(),
        data,
        usualPreprocessing(data.set()),
        Optional.empty(),
        Optional.empty(),
        1,
        Runtime.getRuntime().availableProcessors(),
        128,
        Augment.NONE,
        numbers,
        Prepare.DEFAULT,
        Optional.empty(),
        PhaseOrder.PRUNE_THEN_QUANTIZE,
        Phases.NONE,
        Checkpoint.everyEpoch());
  }

  /** The usual preprocessing of a known set; the mean and deviation are those of torchvision. */
  private static String usualPreprocessing(String set) {
    return set.equals("cifar10") ? "mean=0.485,0.456,0.406,std=0.229,0.224,0.225" : "unit";
  }

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

  /** This recipe with another name. */
  public Recipe withName(String other) {
    return new Recipe(
        other,
        model,
        width,
        data,
        preprocess,
        init,
        from,
        seed,
        threads,
        batch,
        augment,
        numbers,
        prepare,
        pruning,
        order,
        phases,
        checkpoint);
  }

  /** This recipe with another number of channels or hidden units. */
  public Recipe withWidth(int channels) {
    return new Recipe(
        name,
        model,
        channels,
        data,
        preprocess,
        init,
        from,
        seed,
        threads,
        batch,
        augment,
        numbers,
        prepare,
        pruning,
        order,
        phases,
        checkpoint);
  }

  /** This recipe with another preprocessing, in the form that {@code Preprocessing} prints. */
  public Recipe withPreprocess(String text) {
    return new Recipe(
        name,
        model,
        width,
        data,
        text,
        init,
        from,
        seed,
        threads,
        batch,
        augment,
        numbers,
        prepare,
        pruning,
        order,
        phases,
        checkpoint);
  }

  /** This recipe with float weights to start from, and no run. */
  public Recipe withInit(String file) {
    return new Recipe(
        name,
        model,
        width,
        data,
        preprocess,
        Optional.of(file),
        Optional.empty(),
        seed,
        threads,
        batch,
        augment,
        numbers,
        prepare,
        pruning,
        order,
        phases,
        checkpoint);
  }

  /** This recipe with a finished run to go on from, and no other weights. */
  public Recipe withFrom(String run) {
    return new Recipe(
        name,
        model,
        width,
        data,
        preprocess,
        Optional.empty(),
        Optional.of(run),
        seed,
        threads,
        batch,
        augment,
        numbers,
        prepare,
        pruning,
        order,
        phases,
        checkpoint);
  }

  /** This recipe with another seed. */
  public Recipe withSeed(long other) {
    return new Recipe(
        name,
        model,
        width,
        data,
        preprocess,
        init,
        from,
        other,
        threads,
        batch,
        augment,
        numbers,
        prepare,
        pruning,
        order,
        phases,
        checkpoint);
  }

  /** This recipe with another number of threads. */
  public Recipe withThreads(int other) {
    return new Recipe(
        name,
        model,
        width,
        data,
        preprocess,
        init,
        from,
        seed,
        other,
        batch,
        augment,
        numbers,
        prepare,
        pruning,
        order,
        phases,
        checkpoint);
  }

  /** This recipe with another number of images a step. */
  public Recipe withBatch(int images) {
    return new Recipe(
        name,
        model,
        width,
        data,
        preprocess,
        init,
        from,
        seed,
        threads,
        images,
        augment,
        numbers,
        prepare,
        pruning,
        order,
        phases,
        checkpoint);
  }

  /** This recipe with images varied otherwise. */
  public Recipe withAugment(Augment other) {
    return new Recipe(
        name,
        model,
        width,
        data,
        preprocess,
        init,
        from,
        seed,
        threads,
        batch,
        other,
        numbers,
        prepare,
        pruning,
        order,
        phases,
        checkpoint);
  }

  /** This recipe with other numbers. */
  public Recipe withNumbers(Numbers other) {
    return new Recipe(
        name,
        model,
        width,
        data,
        preprocess,
        init,
        from,
        seed,
        threads,
        batch,
        augment,
        other,
        prepare,
        pruning,
        order,
        phases,
        checkpoint);
  }

  /** This recipe with the float network prepared otherwise. */
  public Recipe withPrepare(Prepare other) {
    return new Recipe(
        name,
        model,
        width,
        data,
        preprocess,
        init,
        from,
        seed,
        threads,
        batch,
        augment,
        numbers,
        other,
        pruning,
        order,
        phases,
        checkpoint);
  }

  /** This recipe with pruning; it needs a phase as well. */
  public Recipe withPruning(Pruning other) {
    return new Recipe(
        name,
        model,
        width,
        data,
        preprocess,
        init,
        from,
        seed,
        threads,
        batch,
        augment,
        numbers,
        prepare,
        Optional.of(other),
        order,
        phases,
        checkpoint);
  }

  /** This recipe with another order of pruning and quantising. */
  public Recipe withOrder(PhaseOrder other) {
    return new Recipe(
        name,
        model,
        width,
        data,
        preprocess,
        init,
        from,
        seed,
        threads,
        batch,
        augment,
        numbers,
        prepare,
        pruning,
        other,
        phases,
        checkpoint);
  }

  /** This recipe with other phases. */
  public Recipe withPhases(Phases other) {
    return new Recipe(
        name,
        model,
        width,
        data,
        preprocess,
        init,
        from,
        seed,
        threads,
        batch,
        augment,
        numbers,
        prepare,
        pruning,
        order,
        other,
        checkpoint);
  }

  /** The same recipe with nothing to do twice: what two runs into one folder must agree on. */
  public Recipe withoutCheckpointing() {
    return new Recipe(
        name,
        model,
        width,
        data,
        preprocess,
        init,
        from,
        seed,
        threads,
        batch,
        augment,
        numbers,
        prepare,
        pruning,
        order,
        phases,
        Checkpoint.everyEpoch());
  }
}
