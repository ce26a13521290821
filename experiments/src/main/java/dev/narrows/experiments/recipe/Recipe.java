package dev.narrows.experiments.recipe;

import dev.narrows.experiments.input.YamlMap;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A training run as its user asked for it; equal recipes on equal data, machine and thread count
 * give equal networks.
 *
 * @param name what reports call the run
 * @param width channels of the first convolution, or hidden units of {@code mlp2}; ≥ 1; 1 of a file
 * @param preprocess {@code raw}, {@code unit} or {@code mean=…,std=…}: see {@code
 *     dev.narrows.data.Preprocessing}; of own data {@code none}, or {@code auto} until they are
 *     found
 * @param init float weights to start from (safetensors), beside the recipe or in a data root
 * @param from a finished run folder whose checkpoint is continued; excludes {@code init}
 * @param seed of weights, order and augmentation
 * @param threads used by training, ≥ 1; part of the result, since sums in parallel are regrouped
 * @param batch images a step, ≥ 1
 * @param numbers the key {@code quantization}
 */
public record Recipe(
    String name,
    Architecture model,
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
  public static Recipe of(Architecture model, DataChoice data, Numbers numbers) {
    return new Recipe(
        model.title(),
        model,
        model.defaultWidth(),
        data,
        usualPreprocessing(data),
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

  /** What a key says that follows from the data, before own data were found. */
  static final String AUTO = "auto";

  /** The usual preprocessing of a known set; the mean and deviation are those of torchvision. */
  private static String usualPreprocessing(DataChoice data) {
    if (data.own().isPresent()) {
      return AUTO;
    }
    return data.set().equals("cifar10") ? "mean=0.485,0.456,0.406,std=0.229,0.224,0.225" : "unit";
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
   * phase's {@code distill}, {@code precision} and {@code batchNorm} and {@code cutout} where they
   * are the default: recipes are compared and hashed by this text, and older ones do not have them.
   */
  public String toYaml() {
    return RecipeWriter.write(this);
  }

  /** This recipe with another name. */
  public Recipe withName(String other) {
    return changed(to -> to.name = other);
  }

  /** This recipe with another network. */
  public Recipe withModel(Architecture other) {
    return changed(to -> to.model = other);
  }

  /** This recipe with another number of channels or hidden units. */
  public Recipe withWidth(int channels) {
    return changed(to -> to.width = channels);
  }

  /** This recipe on other data. */
  public Recipe withData(DataChoice other) {
    return changed(to -> to.data = other);
  }

  /** This recipe with another preprocessing, in the form that {@code Preprocessing} prints. */
  public Recipe withPreprocess(String text) {
    return changed(to -> to.preprocess = text);
  }

  /** This recipe with float weights to start from, and no run. */
  public Recipe withInit(String file) {
    return changed(to -> {
      to.init = Optional.of(file);
      to.from = Optional.empty();
    });
  }

  /** This recipe with a finished run to go on from, and no other weights. */
  public Recipe withFrom(String run) {
    return changed(to -> {
      to.init = Optional.empty();
      to.from = Optional.of(run);
    });
  }

  /** This recipe with another seed. */
  public Recipe withSeed(long other) {
    return changed(to -> to.seed = other);
  }

  /** This recipe with another number of threads. */
  public Recipe withThreads(int other) {
    return changed(to -> to.threads = other);
  }

  /** This recipe with another number of images a step. */
  public Recipe withBatch(int images) {
    return changed(to -> to.batch = images);
  }

  /** This recipe with images varied otherwise. */
  public Recipe withAugment(Augment other) {
    return changed(to -> to.augment = other);
  }

  /** This recipe with other numbers. */
  public Recipe withNumbers(Numbers other) {
    return changed(to -> to.numbers = other);
  }

  /** This recipe with the float network prepared otherwise. */
  public Recipe withPrepare(Prepare other) {
    return changed(to -> to.prepare = other);
  }

  /** This recipe with pruning; it needs a phase as well. */
  public Recipe withPruning(Pruning other) {
    return changed(to -> to.pruning = Optional.of(other));
  }

  /** This recipe with another order of pruning and quantising. */
  public Recipe withOrder(PhaseOrder other) {
    return changed(to -> to.order = other);
  }

  /** This recipe with other phases. */
  public Recipe withPhases(Phases other) {
    return changed(to -> to.phases = other);
  }

  /**
   * The same recipe with nothing to do twice: what two runs into one folder must agree on. Where
   * own data lie makes no difference; their hash does.
   */
  public Recipe withoutCheckpointing() {
    return changed(to -> {
      to.checkpoint = Checkpoint.everyEpoch();
      to.data = to.data.anywhere();
    });
  }

  private Recipe changed(Consumer<Parts> change) {
    Parts parts = new Parts(this);
    change.accept(parts);
    return parts.recipe();
  }

  /** What a recipe is made of, to be changed one by one. */
  private static final class Parts {
    private String name;
    private Architecture model;
    private int width;
    private DataChoice data;
    private String preprocess;
    private Optional<String> init;
    private Optional<String> from;
    private long seed;
    private int threads;
    private int batch;
    private Augment augment;
    private Numbers numbers;
    private Prepare prepare;
    private Optional<Pruning> pruning;
    private PhaseOrder order;
    private Phases phases;
    private Checkpoint checkpoint;

    Parts(Recipe from) {
      this.name = from.name;
      this.model = from.model;
      this.width = from.width;
      this.data = from.data;
      this.preprocess = from.preprocess;
      this.init = from.init;
      this.from = from.from;
      this.seed = from.seed;
      this.threads = from.threads;
      this.batch = from.batch;
      this.augment = from.augment;
      this.numbers = from.numbers;
      this.prepare = from.prepare;
      this.pruning = from.pruning;
      this.order = from.order;
      this.phases = from.phases;
      this.checkpoint = from.checkpoint;
    }

    Recipe recipe() {
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
          checkpoint);
    }
  }
}
