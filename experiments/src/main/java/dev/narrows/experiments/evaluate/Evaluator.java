package dev.narrows.experiments.evaluate;

import dev.narrows.core.dot.Decisions;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.hardware.cost.NetworkUnits;
import dev.narrows.network.Network;
import dev.narrows.network.execute.Branches;
import dev.narrows.network.execute.Execution;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.NetworkRunner;
import dev.narrows.network.execute.RunOptions.Profiling;
import dev.narrows.report.Comparison;
import dev.narrows.report.DecidedDots;
import dev.narrows.report.EvaluationResult;
import dev.narrows.report.EvaluationResult.AccumulatorResult;
import dev.narrows.report.EvaluationResult.Loss;
import dev.narrows.report.EvaluationResult.OverflowCounts;
import dev.narrows.report.Interval;
import dev.narrows.report.LayerSpills;
import dev.narrows.report.QualityMeasure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A network on one set of images under any number of registers. What the registers share is done
 * once: the exact predictions, and per order one look at the widths that every image needs ({@link
 * ImageWidths}). Only images that a register can change are run through it; the result is that of
 * running them all.
 *
 * <p>Not thread-safe.
 */
public final class Evaluator {
  /** Fewer registers are run more quickly after the look, in larger blocks of images. */
  private static final int SEVERAL = 3;

  private final Network network;
  private final NetworkInputs inputs;
  private final int[] labels;
  private final int threads;
  private final EvaluationListener listener;
  private final OverflowClasses overflows;
  private final Map<View, ImageWidths> widths = new HashMap<>();
  private final Map<LayerRegisters, Answers> answered = new HashMap<>();
  private Optional<Answers> exact = Optional.empty();
  private Optional<NetworkUnits> units = Optional.empty();
  private int diagnosed;
  private boolean classifying = true;
  private List<LayerRegisters> expected = List.of();
  private Set<View> expectedViews = Set.of();
  private int narrowest = Profiling.ANY_WIDTH;
  private final List<DecidedDots> decided = new ArrayList<>();

  /**
   * An evaluator that has done nothing yet.
   *
   * @throws BadInputException if the inputs have no labels
   */
  public Evaluator(
      Network network, NetworkInputs inputs, int threads, EvaluationListener listener) {
    this.network = network;
    this.overflows = new OverflowClasses(network);
    this.inputs = inputs;
    if (inputs.labels().isEmpty() && inputs.measured().isEmpty()) {
      throw new BadInputException(
          inputs.name() + ": accuracy needs labels; an .npz holds them as y");
    }
    this.labels = inputs.labels().orElse(new int[0]);
    this.threads = threads;
    this.listener = listener;
  }

  /**
   * What a network answered.
   *
   * @param predictions of targets that are no classes, a number for each input that tells outputs
   *     apart
   * @param nats −ln p of each label; empty for images
   * @param measured how near the outputs come to targets that are no classes; else NaN
   */
  private record Answers(int[] predictions, double[] nats, double measured) {
    double mean() {
      return DoubleStream.of(nats).sum() / nats.length;
    }
  }

  /** The class of every image, or of every masked character, in exact registers. */
  public int[] exactPredictions() {
    return exact().predictions();
  }

  private Answers exact() {
    if (exact.isEmpty()) {
      widthsOfExpected(); // which run the network in exact registers, too
    }
    if (exact.isEmpty()) {
      exact =
          Optional.of(run(LayerRegisters.exact(), IntStream.range(0, inputs.images()).toArray()));
    }
    return exact.get();
  }

  /** Looks at the widths that some of the expected registers need, if any does. */
  private void widthsOfExpected() {
    if (classifying && inputs.images() > 0) {
      expected.stream()
          .map(one -> FloatDiagnosis.narrow(network, one))
          .filter(narrow -> !narrow.isEmpty() && !FloatDiagnosis.floats(narrow))
          .findFirst()
          .ifPresent(narrow -> widths(view(narrow, narrow.getFirst()), narrow.getFirst()));
    }
  }

  /**
   * The share of images, or masked characters, whose prediction is their label, in percent.
   *
   * @throws BadInputException if targets are no classes
   */
  public double accuracy(int[] predictions) {
    return inputs
        .accuracy(predictions)
        .orElseThrow(() ->
            new BadInputException(
                inputs.name() + ": accuracy needs classes, found other targets as y"));
  }

  /** What {@link #quality} tells: accuracy, or the measure of targets that are no classes. */
  public QualityMeasure measure() {
    return inputs.measured().map(MeasuredTargets::measure).orElse(QualityMeasure.ACCURACY);
  }

  /** How good the answers in one choice of registers are. */
  public double quality(LayerRegisters registers) {
    Answers answers = answers(registers);
    return inputs.measured().isPresent() ? answers.measured() : accuracy(answers.predictions());
  }

  /** The 95 % interval of {@link #accuracy}. */
  public Interval interval(int[] predictions) {
    return Significance.wilson(predictions, labels);
  }

  /** Two choices of registers on the same images. */
  public Comparison compare(LayerRegisters first, LayerRegisters second) {
    return Significance.compared(
        text(first), predictions(first), text(second), predictions(second), labels);
  }

  /** How many images two predictions tell apart. */
  public static int differing(int[] some, int[] others) {
    return (int) IntStream.range(0, some.length).filter(i -> some[i] != others[i]).count();
  }

  /** The class of every image, or of every masked character, in one choice of registers. */
  public int[] predictions(LayerRegisters registers) {
    return answers(registers).predictions();
  }

  private Answers answers(LayerRegisters registers) {
    Answers known = answered.get(registers);
    if (known != null) {
      return known;
    }
    Answers answers = exact();
    int[] changeable = changeable(registers);
    if (answered.containsKey(registers)) {
      return answers(registers); // they were run in the pass that looked
    }
    if (changeable.length > 0 && inputs.measured().isPresent()) {
      answers = run(registers, IntStream.range(0, inputs.images()).toArray());
    } else if (changeable.length == inputs.images()) {
      answers = run(registers, changeable); // a text always comes whole: its sums are floats
    } else if (changeable.length > 0) {
      int[] predictions = answers.predictions().clone();
      int[] changed = run(registers, changeable).predictions();
      for (int i = 0; i < changeable.length; i++) {
        predictions[changeable[i]] = changed[i];
      }
      answers = new Answers(predictions, answers.nats(), Double.NaN);
    }
    answered.put(registers, answers);
    return answers;
  }

  /** The network in one choice of registers. */
  public AccumulatorResult evaluate(LayerRegisters registers) {
    List<LayerRegister> layers = registers.of(network);
    int[] predictions = predictions(registers);
    return new AccumulatorResult(
            text(registers),
            quality(registers),
            inputs.measured().isPresent() ? Optional.empty() : Optional.of(interval(predictions)),
            differing(predictions, exactPredictions()),
            classes(FloatDiagnosis.narrow(network, registers)),
            accumulators(layers),
            diagnosed > 0
                ? new FloatDiagnosis(network, inputs, threads, listener).of(registers, diagnosed)
                : Optional.empty(),
            inputs.masked().map(_ -> Loss.of(answers(registers).mean(), exact().mean())))
        .with(spills(registers), luts(layers));
  }

  static List<EvaluationResult.LayerAccumulator> accumulators(List<LayerRegister> layers) {
    return layers.stream()
        .map(
            layer -> new EvaluationResult.LayerAccumulator(layer.layer(), layer.asked().toString()))
        .toList();
  }

  private Optional<Double> luts(List<LayerRegister> layers) {
    if (network.standsForProgram()) {
      return Optional.empty(); // what its own steps multiply is known only while it runs
    }
    if (units.isEmpty()) {
      units = Optional.of(NetworkUnits.of(network));
    }
    OptionalDouble luts = units.get().luts(layers);
    return luts.isPresent() ? Optional.of(Math.rint(luts.getAsDouble())) : Optional.empty();
  }

  private Optional<List<LayerSpills>> spills(LayerRegisters registers) {
    List<LayerRegister> narrow = FloatDiagnosis.narrow(network, registers);
    if (FloatDiagnosis.floats(narrow) || !classifying) {
      return Optional.empty();
    }
    return new SpillDiagnosis(
            network,
            inputs,
            threads,
            listener,
            layer -> profile(View.of(layer.asked()), layer), // its own order decides when it spills
            overflows::widestOperand)
        .of(registers, narrow);
  }

  /**
   * Says which registers will be asked about, so that no sums are looked at for the sake of
   * narrower ones. Others may be asked about all the same.
   */
  public void expect(List<LayerRegisters> registers) {
    expected = List.copyOf(registers);
    expectedViews =
        registers.stream()
            .flatMap(one -> FloatDiagnosis.narrow(network, one).stream())
            .map(layer -> View.of(layer.asked()))
            .collect(Collectors.toSet());
    narrowest =
        registers.stream()
            .flatMap(one -> FloatDiagnosis.narrow(network, one).stream())
            .mapToInt(layer -> layer.accumulator().bits())
            .min()
            .orElse(Profiling.ANY_WIDTH);
  }

  /**
   * From now on {@link #evaluate} counts no classes of dot products. Every image is then run, where
   * otherwise its widths are looked at first: quicker where few images are clean.
   */
  public void withoutClasses() {
    classifying = false;
  }

  /**
   * From now on {@link #evaluate} tells what floating-point registers did, too.
   *
   * @param most it looks at so many images at most, the first ones
   */
  public void diagnose(int most) {
    diagnosed = Math.min(most, inputs.images());
  }

  /**
   * The images in which some sum of a narrow layer may not be exact. Sums in floating registers are
   * not looked at: there all images are run. So they are in a sequence, where a sum that is not
   * exact changes what comes after.
   */
  private int[] changeable(LayerRegisters registers) {
    List<LayerRegister> narrow = FloatDiagnosis.narrow(network, registers);
    if (FloatDiagnosis.floats(narrow)
        || inputs.sequence() && !narrow.isEmpty()
        || !classifying && !narrow.isEmpty()) {
      return IntStream.range(0, inputs.images()).toArray();
    }
    boolean[] changes = new boolean[inputs.images()];
    for (LayerRegister layer : narrow) {
      ImageWidths seen = widths(view(narrow, layer), layer);
      boolean byEnd = overflows.settledByEnd(layer);
      for (int image = 0; image < changes.length; image++) {
        changes[image] |= !seen.widths().exact(layer, byEnd, image);
      }
    }
    return IntStream.range(0, changes.length).filter(image -> changes[image]).toArray();
  }

  /**
   * How many images have a sum that is not exact. Where an order keeps a second register this is
   * not looked at, and every image counts.
   *
   * @param registers of integers, or exact ones
   */
  public int overflowing(LayerRegisters registers) {
    return changeable(registers).length;
  }

  private Optional<OverflowCounts> classes(List<LayerRegister> narrow) {
    return classifying
        ? overflows.of(narrow, layer -> profile(view(narrow, layer), layer))
        : Optional.empty();
  }

  private OverflowProfile profile(View view, LayerRegister layer) {
    return widths(view, layer).profiles().getOrDefault(layer.layer(), OverflowProfile.empty());
  }

  /**
   * What to look at for the sake of a layer: its own order, or index order where that is looked at
   * anyway and none of the layers at hand needs more than final sums.
   *
   * @param narrow the layers that are looked at for the same registers
   */
  private View view(List<LayerRegister> narrow, LayerRegister layer) {
    View asked = View.of(layer.asked());
    View inSequence = asked.inSequence();
    boolean shared = expectedViews.contains(inSequence);
    return shared && narrow.stream().allMatch(overflows::settledByEnd) ? inSequence : asked;
  }

  /**
   * The expected registers that can be run in the pass that looks at widths in this view: all their
   * narrow layers are looked at in it.
   */
  private List<LayerRegisters> alongside(View view) {
    if (inputs.measured().isPresent()
        || inputs.masked().isPresent()
        || inputs.sequence()
        || network.standsForProgram()
        || inputs.place().isPresent()
        || Branches.bytes(network, threads) > Runtime.getRuntime().maxMemory() / 4) {
      return List.of();
    }
    List<LayerRegisters> together =
        expected.stream()
            .distinct()
            .filter(one -> !answered.containsKey(one))
            .filter(one -> {
              List<LayerRegister> narrow = FloatDiagnosis.narrow(network, one);
              return !narrow.isEmpty()
                  && !FloatDiagnosis.floats(narrow)
                  && narrow.stream().allMatch(layer -> view(narrow, layer).equals(view));
            })
            .toList();
    return together.size() < SEVERAL ? List.of() : together;
  }

  private Set<LayerRegister> byEnd(List<LayerRegisters> choices) {
    return choices.stream()
        .flatMap(one -> FloatDiagnosis.narrow(network, one).stream())
        .filter(overflows::settledByEnd)
        .collect(Collectors.toSet());
  }

  private ImageWidths widths(View view, LayerRegister layer) {
    ImageWidths known = widths.get(view);
    int bits = layer.accumulator().bits();
    if (known == null || known.narrowest() > bits) {
      int from = known == null ? Math.min(narrowest, bits) : Profiling.ANY_WIDTH;
      Profiling profiling = Profiling.from(from, view.profiled());
      List<LayerRegisters> choices = alongside(view);
      String what = "widths in " + view.order() + " order";
      known =
          ImageWidths.of(
              network,
              inputs,
              profiling,
              threads,
              done -> listener.progress(what, done, inputs.images()),
              choices,
              byEnd(choices));
      widths.put(view, known);
      decided(what, inputs.images(), known.execution().decisions());
      if (exact.isEmpty()) {
        exact = Optional.of(answers(known.execution()));
      }
      for (ImageWidths.Alongside other : known.alongside()) {
        decided(text(other.registers()), other.images(), other.decisions());
        answered.put(
            other.registers(), new Answers(other.predictions(), exact().nats(), Double.NaN));
      }
    }
    return known;
  }

  private Answers run(LayerRegisters registers, int[] images) {
    try (NetworkRunner executor = inputs.runner(network, registers, threads)) {
      String what = text(registers);
      Execution execution =
          executor.run(
              new ImageSubset(inputs.source(), network.inputElements(), images),
              inputs.options().withProgress(done -> listener.progress(what, done, images.length)));
      decided(what, execution.images(), execution.decisions());
      return answers(execution);
    }
  }

  private void decided(String what, int images, Decisions decisions) {
    if (!decisions.dots().isEmpty()) {
      decided.add(DecidedDots.of(what, images, decisions));
    }
  }

  /** By what the dot products of integers were decided, run by run, so far. */
  public List<DecidedDots> decided() {
    return List.copyOf(decided);
  }

  /** What an execution of all inputs says, or of some where there are labels. */
  private Answers answers(Execution execution) {
    if (inputs.measured().isPresent()) {
      return new Answers(
          MeasuredTargets.told(execution.outputs(), execution.images()),
          new double[0],
          inputs.measured().get().of(MeasuredTargets.outputs(network.output(), execution)));
    }
    return new Answers(
        inputs.predictions(execution),
        inputs.masked().map(text -> execution.nats(text.places(), labels)).orElse(new double[0]),
        Double.NaN);
  }

  static String text(LayerRegisters registers) {
    String factors = registers.factors().isEmpty() ? "" : ", compensated";
    if (registers.rules().isEmpty()) {
      return registers.base() + factors;
    }
    return (registers.base().equals(Summation.exact())
            ? "per layer" // the file's registers, and exact ones where it names none
            : registers.base() + " and per layer")
        + factors;
  }
}
