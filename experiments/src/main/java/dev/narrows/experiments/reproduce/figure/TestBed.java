package dev.narrows.experiments.reproduce.figure;

import dev.narrows.core.dot.GradientMask;
import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.recipe.Augment;
import dev.narrows.experiments.recipe.Constraint;
import dev.narrows.experiments.recipe.DataChoice;
import dev.narrows.experiments.recipe.Distillation;
import dev.narrows.experiments.recipe.FloatNumbers;
import dev.narrows.experiments.recipe.FloatTraining;
import dev.narrows.experiments.recipe.IntegerNumbers;
import dev.narrows.experiments.recipe.Model;
import dev.narrows.experiments.recipe.Phase;
import dev.narrows.experiments.recipe.PhaseOrder;
import dev.narrows.experiments.recipe.Phases;
import dev.narrows.experiments.recipe.Precision;
import dev.narrows.experiments.recipe.Pruning;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.recipe.RegisterPhase;
import dev.narrows.experiments.recipe.Schedule;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * The network and the images on which training methods are compared.
 *
 * @param set a known set
 * @param network what is trained
 * @param width channels of its first layer; empty: as many as are usual
 * @param init float weights to start from: a file, or the folder of a run that made them; empty: a
 *     run {@code <network>-float-<seed>} makes them first
 * @param preprocess as in a recipe
 * @param validation images that are held back from training
 * @param start the run that makes float weights
 * @param images training images of every run from float weights; empty: all
 */
public record TestBed(
    String set,
    Model network,
    OptionalInt width,
    Optional<String> init,
    String preprocess,
    int validation,
    FloatStart start,
    OptionalInt images) {
  private static final String SMALL_SET = "fashion-small";
  private static final String TORCHVISION = "mean=0.485,0.456,0.406,std=0.229,0.224,0.225";

  /** Of the networks for images of 32 × 32 pixels, whose float weights see all of CIFAR-10. */
  private static final int VALIDATION = 5000;

  /**
   * How float weights are made.
   *
   * @param phase of training in real numbers
   * @param cutout as in a recipe
   */
  public record FloatStart(Phase phase, int cutout) {
    /** A cosine from 0.1 without more. */
    static FloatStart plain(int epochs) {
      return new FloatStart(TestBed.phase(epochs, 0.1), 0);
    }

    /** A warm-up, then a cosine; weight decay and cutout against learning by heart. */
    static FloatStart thorough(int epochs) {
      Phase phase =
          Phase.of(epochs, Phase.Optimizer.SGD, 0.1)
              .withSchedule(new Schedule.CosineRate(0.2))
              .withPrecision(Precision.BF16);
      return new FloatStart(phase, 8);
    }
  }

  /** A network as it comes, on a set of images. */
  static TestBed of(String set, Model network, FloatStart start) {
    boolean colours = set.equals("cifar10");
    return new TestBed(
        set,
        network,
        OptionalInt.empty(),
        Optional.empty(),
        colours ? TORCHVISION : "unit",
        set.equals(SMALL_SET) ? 1000 : VALIDATION,
        start,
        OptionalInt.empty());
  }

  /** A small network on embedded images. */
  public static TestBed small() {
    return of(SMALL_SET, Model.CNN_SMALL, FloatStart.plain(5));
  }

  /** ResNet-20 on CIFAR-10 from the published float weights. */
  public static TestBed resnet20() {
    return of("cifar10", Model.RESNET20, FloatStart.plain(20))
        .startingAt("models/resnet-cifar10/resnet20-12fca82f.safetensors");
  }

  /** ResNet-8 of MLPerf Tiny on CIFAR-10, its float weights trained here; for many short runs. */
  public static TestBed resnet8() {
    return of("cifar10", Model.RESNET8, FloatStart.plain(20)).tunedOn(22_528);
  }

  /** A dense network of four layers on MNIST, its float weights trained here. */
  public static TestBed mnist() {
    return of("mnist", Model.MLP4, FloatStart.plain(3));
  }

  /** The same on embedded images. */
  public static TestBed smallDense() {
    return of(SMALL_SET, Model.MLP4, FloatStart.plain(3));
  }

  /** The small network at scale smoke, else {@code large}. */
  public static TestBed of(Scale scale, TestBed large) {
    return switch (scale) {
      case SMOKE -> small();
      case TWO_CORE -> large;
    };
  }

  /** The same, with {@code images} training images for every run from float weights. */
  public TestBed tunedOn(int images) {
    return tunedOn(OptionalInt.of(images));
  }

  /** The same, with all training images for every run. */
  public TestBed whole() {
    return tunedOn(OptionalInt.empty());
  }

  private TestBed tunedOn(OptionalInt images) {
    return new TestBed(set, network, width, init, preprocess, validation, start, images);
  }

  /** The same with so many images held back from training. */
  TestBed holdingBack(int count) {
    return new TestBed(set, network, width, init, preprocess, count, start, images);
  }

  /** The same with so many channels in the first layer. */
  TestBed ofWidth(int channels) {
    return new TestBed(
        set, network, OptionalInt.of(channels), init, preprocess, validation, start, images);
  }

  /** The same from float weights in a file or a run's folder. */
  TestBed startingAt(String weights) {
    return new TestBed(
        set, network, width, Optional.of(weights), preprocess, validation, start, images);
  }

  /** The word of its network in recipes. */
  public String model() {
    return network.word();
  }

  /** What to call its network. */
  public String title() {
    return width.isPresent() ? "%s of width %d".formatted(model(), width.getAsInt()) : model();
  }

  /** Whether an epoch takes minutes: figures then train fewer networks. */
  public boolean isLarge() {
    return switch (network) {
      case RESNET18, MOBILENETV1, MOBILENETV2 -> true;
      default -> false;
    };
  }

  /** What to say of it: network and images. */
  public String about() {
    String tuned = images.isPresent() ? ", tuned on " + images.getAsInt() + " images" : "";
    return title() + " on " + set + tuned;
  }

  /** Trains the float weights where they are not there already. */
  public void prepare(Workshop workshop, long seed) throws IOException {
    if (init.isEmpty()) {
      Recipe recipe = run(floatRun(), seed, OptionalInt.empty()).recipe();
      Augment usual = recipe.augment();
      workshop.trained(
          recipe
              .withPhases(recipe.phases().withFloating(start.phase()))
              .withAugment(new Augment(usual.pad(), usual.flip(), start.cutout())));
    }
  }

  /** The seed by whose name published weights go. */
  private static final long PUBLISHED = 1;

  /**
   * The float network with its batch norms beside the weights, as training has them. Nothing is
   * trained, so it is the same for any number of images, and published weights for every seed.
   */
  public ModelFile floatNetwork(Workshop workshop, long seed) throws IOException {
    prepare(workshop, seed);
    long start = init.isPresent() ? PUBLISHED : seed;
    return workshop.trained(whole().fromFloat(model() + "-real", start).floats("float").recipe());
  }

  /** One folder may hold runs of several networks. */
  private String floatRun() {
    return model() + "-float";
  }

  /** A run from float weights. */
  public Run fromFloat(String name, long seed) {
    Recipe recipe = run(name, seed, images).recipe();
    return new Run(beginning(recipe, init.orElse(floatRun() + "-" + seed)));
  }

  /** The recipe, begun with float weights: a file of safetensors, or the folder of a run. */
  public static Recipe beginning(Recipe recipe, String weights) {
    return weights.endsWith(".safetensors") ? recipe.withInit(weights) : recipe.withFrom(weights);
  }

  /** A run that goes on from another of the same seed. */
  public Run from(String before, String name, long seed) {
    return new Run(run(name, seed, images).recipe().withFrom(before + "-" + seed));
  }

  private static Phase phase(int epochs, double rate) {
    return Phase.of(epochs, Phase.Optimizer.SGD, rate).withWeightDecay(1e-4);
  }

  /** W4A4, first and last layer 8 bits on exact registers, nothing pruned and nothing trained. */
  private Run run(String name, long seed, OptionalInt limit) {
    DataChoice all = DataChoice.of(set).withValidation(validation);
    Recipe usual =
        Recipe.of(
            network,
            limit.isPresent() ? all.withLimit(limit.getAsInt()) : all,
            IntegerNumbers.of(4, 4));
    return new Run(
        (width.isPresent() ? usual.withWidth(width.getAsInt()) : usual)
            .withName(name)
            .withPreprocess(preprocess)
            .withSeed(seed)
            .withThreads(2)
            .withAugment(new Augment(set.equals("cifar10") ? 4 : 2, !set.equals("mnist"))));
  }

  /** A recipe in the making. */
  public record Run(Recipe recipe) {
    /** Learning rate where nothing else is said. */
    public static final double FINE_TUNING = 0.02;

    /** W and A of the layers between the first and the last. */
    public Run bits(int w, int a) {
      return new Run(recipe.withNumbers(IntegerNumbers.of(w, a)));
    }

    /**
     * Numbers that stay floating-point.
     *
     * @param format {@code float} for binary32, or that of weights and activations, as {@code m4e3}
     */
    public Run floats(String format) {
      return new Run(recipe.withNumbers(FloatNumbers.of(format, format)));
    }

    /** W and A under a norm limit. */
    public Run constrained(int w, int a, Constraint limit) {
      return new Run(recipe.withNumbers(IntegerNumbers.of(w, a).withConstraint(limit)));
    }

    /**
     * Pruning, for {@code epochs} epochs.
     *
     * @param keep of 16
     */
    public Run prune(int keep, Pruning.Structure structure, int epochs) {
      return new Run(
          recipe
              .withPruning(Pruning.of(keep, 16).withStructure(structure))
              .withPhases(recipe.phases().withPrune(phase(epochs, FINE_TUNING))));
    }

    /** Quantise first, prune then. */
    public Run quantizeFirst() {
      return new Run(recipe.withOrder(PhaseOrder.QUANTIZE_THEN_PRUNE));
    }

    /** Training in exact sums, before anything else. */
    public Run exactSums(int epochs, double rate) {
      return new Run(recipe.withPhases(recipe.phases().withFloating(phase(epochs, rate))));
    }

    /** Quantisation-aware training. */
    public Run quantize(int epochs) {
      return quantize(epochs, FINE_TUNING);
    }

    /** Quantisation-aware training at a rate of its own. */
    public Run quantize(int epochs, double rate) {
      return new Run(recipe.withPhases(recipe.phases().withQuantize(phase(epochs, rate))));
    }

    /** The same with so many images a step. */
    public Run batched(int images) {
      return new Run(recipe.withBatch(images));
    }

    /** The same, in which the float network teaches beside the labels. */
    public Run taught(Distillation how) {
      Phases phases = recipe.phases();
      return new Run(
          recipe.withPhases(phases.withQuantize(phases.quantize().orElseThrow().withDistill(how))));
    }

    /** The same, begun from a network in integers. */
    public Run startedFrom(String network) {
      if (!(recipe.numbers() instanceof IntegerNumbers integers)) {
        throw new IllegalStateException("only integers begin with integers");
      }
      return new Run(recipe.withNumbers(integers.withStart(network)));
    }

    /**
     * Fine-tuning through a register.
     *
     * @param steps widths on the way, the last is the accumulator's
     * @param epochs at each width
     */
    public Run register(String accumulator, List<Integer> steps, int epochs) {
      return register(
          RegisterPhase.of(phase(epochs, FINE_TUNING), Summation.parse(accumulator))
              .withSteps(steps));
    }

    /**
     * Fine-tuning through a floating-point register.
     *
     * @param gradient {@code identity}, or masks joined by +
     * @param first epochs of the stage without underflow before it; 0: none
     */
    public Run floatRegister(
        String accumulator, String gradient, int first, int epochs, double rate) {
      FloatTraining way =
          new FloatTraining(
              GradientMask.parse(gradient),
              OptionalDouble.empty(),
              first == 0 ? Optional.<Phase>empty() : Optional.of(phase(first, rate)));
      return register(
          RegisterPhase.of(phase(epochs, rate), Summation.parse(accumulator)).withFloats(way));
    }

    private Run register(RegisterPhase phase) {
      return new Run(recipe.withPhases(recipe.phases().withRegister(phase)));
    }
  }
}
