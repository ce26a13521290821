package dev.narrows.experiments.reproduce;

import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.recipe.Recipe;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The network and the images on which training methods are compared.
 *
 * @param set a known set
 * @param model its recipe word
 * @param init float weights to start from; empty: a run {@code <model>-float-<seed>} makes them
 *     first
 * @param preprocess as in a recipe
 * @param validation images that are held back from training
 * @param floatEpochs of the run that makes float weights
 * @param images training images of every run from float weights; empty: all
 */
record TestBed(
    String set,
    String model,
    Optional<String> init,
    String preprocess,
    int validation,
    int floatEpochs,
    OptionalInt images) {
  private static final String TORCHVISION = "mean=0.485,0.456,0.406,std=0.229,0.224,0.225";

  /** A small network on embedded images. */
  static TestBed small() {
    return new TestBed(
        "fashion-small", "cnn-small", Optional.empty(), "unit", 1000, 5, OptionalInt.empty());
  }

  /** ResNet-20 on CIFAR-10 from the published float weights. */
  static TestBed resnet20() {
    return new TestBed(
        "cifar10",
        "resnet20",
        Optional.of("models/resnet-cifar10/resnet20-12fca82f.safetensors"),
        TORCHVISION,
        5000,
        0,
        OptionalInt.empty());
  }

  /** ResNet-8 of MLPerf Tiny on CIFAR-10, its float weights trained here; for many short runs. */
  static TestBed resnet8() {
    return new TestBed(
        "cifar10", "resnet8", Optional.empty(), TORCHVISION, 5000, 20, OptionalInt.of(22_528));
  }

  /** A dense network of four layers on MNIST, its float weights trained here. */
  static TestBed mnist() {
    return new TestBed("mnist", "mlp4", Optional.empty(), "unit", 5000, 3, OptionalInt.empty());
  }

  /** The same on embedded images. */
  static TestBed smallDense() {
    return new TestBed(
        "fashion-small", "mlp4", Optional.empty(), "unit", 1000, 3, OptionalInt.empty());
  }

  /** The small network at scale smoke, else {@code large}. */
  static TestBed of(Scale scale, TestBed large) {
    return switch (scale) {
      case SMOKE -> small();
      case TWO_CORE -> large;
    };
  }

  /** The same, with {@code images} training images for every run from float weights. */
  TestBed tunedOn(int images) {
    return new TestBed(
        set, model, init, preprocess, validation, floatEpochs, OptionalInt.of(images));
  }

  /** The same, with all training images for every run. */
  TestBed whole() {
    return new TestBed(set, model, init, preprocess, validation, floatEpochs, OptionalInt.empty());
  }

  /** What to say of it: network and images. */
  String about() {
    String tuned = images.isPresent() ? ", tuned on " + images.getAsInt() + " images" : "";
    return model + " on " + set + tuned;
  }

  /** Trains the float weights where they are not there already. */
  void prepare(Workshop workshop, long seed) throws IOException {
    if (init.isEmpty()) {
      workshop.trained(
          new Run(this, floatRun(), seed, "", OptionalInt.empty())
              .exactSums(floatEpochs, 0.1)
              .recipe());
    }
  }

  /** The seed by whose name published weights go. */
  private static final long PUBLISHED = 1;

  /**
   * The float network with its batch norms beside the weights, as training has them. Nothing is
   * trained, so it is the same for any number of images, and published weights for every seed.
   */
  ModelFile floatNetwork(Workshop workshop, long seed) throws IOException {
    prepare(workshop, seed);
    long start = init.isPresent() ? PUBLISHED : seed;
    return workshop.trained(whole().fromFloat(model + "-real", start).floats("float").recipe());
  }

  /** One folder may hold runs of several networks. */
  private String floatRun() {
    return model + "-float";
  }

  /** A run from float weights. */
  Run fromFloat(String name, long seed) {
    return new Run(
        this,
        name,
        seed,
        init.map(file -> "init: " + file).orElse("from: " + floatRun() + "-" + seed),
        images);
  }

  /** A run that goes on from another of the same seed. */
  Run from(String before, String name, long seed) {
    return new Run(this, name, seed, "from: " + before + "-" + seed, images);
  }

  private static String phase(int epochs, String optimizer, double rate) {
    return String.format(
        Locale.ROOT,
        "{epochs: %d, optimizer: %s, rate: %s, schedule: cosine, weightDecay: 1e-4}",
        epochs,
        optimizer,
        rate);
  }

  /**
   * A recipe in the making: W4A4, first and last layer 8 bits on exact registers, nothing pruned,
   * unless said otherwise.
   */
  static final class Run {
    /** Learning rate where nothing else is said. */
    static final double FINE_TUNING = 0.02;

    private final TestBed bed;
    private final String name;
    private final long seed;
    private final String start;
    private final String limit;
    private final StringBuilder phases = new StringBuilder();
    private int weights = 4;
    private int activations = 4;
    private String constraint = "none";
    private String floats = "";
    private String pruning = "none";
    private String order = "prune-then-quantize";

    private Run(TestBed bed, String name, long seed, String start, OptionalInt images) {
      this.bed = bed;
      this.name = name;
      this.seed = seed;
      this.start = start;
      this.limit = images.isPresent() ? "" + images.getAsInt() : "none";
    }

    /** W and A of the layers between the first and the last. */
    Run bits(int w, int a) {
      weights = w;
      activations = a;
      return this;
    }

    /**
     * Numbers that stay floating-point.
     *
     * @param format {@code float} for binary32, or that of weights and activations, as {@code m4e3}
     */
    Run floats(String format) {
      floats = format;
      return this;
    }

    /**
     * Training under a norm limit.
     *
     * @param method {@code a2q} or {@code a2q+}
     * @param init {@code ep} or {@code plain}
     */
    Run constraint(String method, int bits, String init) {
      constraint = "{method: %s, bits: %d, init: %s}".formatted(method, bits, init);
      return this;
    }

    /**
     * Pruning, for {@code epochs} epochs.
     *
     * @param keep of 16
     * @param structure {@code weights} or {@code filters}
     */
    Run prune(int keep, String structure, int epochs) {
      pruning = "{keep: %d, group: 16, structure: %s}".formatted(keep, structure);
      return phase("prune: " + TestBed.phase(epochs, "sgd", FINE_TUNING));
    }

    /** Quantise first, prune then. */
    Run quantizeFirst() {
      order = "quantize-then-prune";
      return this;
    }

    /** Training in exact sums, before anything else. */
    Run exactSums(int epochs, double rate) {
      return phase("float: " + TestBed.phase(epochs, "sgd", rate));
    }

    /** Quantisation-aware training. */
    Run quantize(int epochs) {
      return quantize(epochs, FINE_TUNING);
    }

    /** Quantisation-aware training at a rate of its own. */
    Run quantize(int epochs, double rate) {
      return phase("quantize: " + TestBed.phase(epochs, "sgd", rate));
    }

    /**
     * Fine-tuning through a register.
     *
     * @param steps widths on the way, the last is the accumulator's
     * @param epochs at each width
     */
    Run register(String accumulator, String steps, int epochs) {
      String phase = TestBed.phase(epochs, "sgd", FINE_TUNING);
      return phase(
          "register: {accumulator: '%s', steps: [%s], %s"
              .formatted(accumulator, steps, phase.substring(1)));
    }

    /**
     * Fine-tuning through a floating-point register.
     *
     * @param gradient {@code identity}, or masks joined by +
     * @param first epochs of the stage without underflow before it; 0: none
     */
    Run floatRegister(String accumulator, String gradient, int first, int epochs, double rate) {
      String stage = TestBed.phase(epochs, "sgd", rate);
      return phase(
          "register: {accumulator: '%s', gradient: %s, withoutUnderflow: %s, %s"
              .formatted(
                  accumulator,
                  gradient,
                  first == 0 ? "none" : TestBed.phase(first, "sgd", rate),
                  stage.substring(1)));
    }

    private Run phase(String text) {
      phases.append("  ").append(text).append('\n');
      return this;
    }

    Recipe recipe() {
      return Recipe.parse(
          name,
          """
          name: %s
          model: %s
          data: {set: %s, limit: %s, validation: %d}
          preprocess: '%s'
          seed: %d
          threads: 2
          batch: 128
          augment: {pad: %d, flip: %s}
          quantization: %s
          pruning: %s
          order: %s
          %s
          phases:%s
          """
                  .formatted(
                      name,
                      bed.model,
                      bed.set,
                      limit,
                      bed.validation,
                      bed.preprocess,
                      seed,
                      bed.set.equals("cifar10") ? 4 : 2,
                      !bed.set.equals("mnist"),
                      quantization(),
                      pruning,
                      order,
                      start,
                      phases.isEmpty() ? " {}" : "")
              + phases);
    }

    private String quantization() {
      if (!floats.isEmpty()) {
        return "{weights: %s, activations: %s}".formatted(floats, floats);
      }
      return "{weights: %d, activations: %d, firstLast: 8, exclude: [first, last], constraint: %s}"
          .formatted(weights, activations, constraint);
    }
  }
}
