package dev.narrows.experiments.analyze;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.dot.OverflowClass;
import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.evaluate.Evaluator;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.evaluate.Significance;
import dev.narrows.experiments.evaluate.WidthsByImage;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.Network;
import dev.narrows.network.execute.Branches;
import dev.narrows.network.execute.LayerOverflowProfile;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegister.Origin;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.NetworkRunner;
import dev.narrows.report.Comparison;
import dev.narrows.report.SensitivityResult;
import dev.narrows.report.SensitivityResult.NarrowRegister;
import dev.narrows.report.SensitivityResult.NarrowedLayer;
import dev.narrows.report.SmallestWidth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.function.Predicate;

/**
 * Accuracy with one layer narrowed at a time, and with all. Each round is one pass over the images
 * for all layers together ({@link Branches}): the network in exact registers once, and behind each
 * narrowed layer only images that it changed.
 */
final class Sensitivity {
  /** How far below exact registers a width may fall to be enough, in points; as in reports. */
  private static final double ALLOWED_LOSS = 1;

  /** Accuracy has fallen, in points: narrower registers only make it worse. */
  private static final double FALLEN = 10;

  /** Widths of a layer that are tried. */
  private static final int MOST_WIDTHS = 16;

  private final Network network;
  private final NetworkInputs inputs;
  private final int[] labels;
  private final int threads;
  private final EvaluationListener listener;
  private final List<Series> series = new ArrayList<>();
  private final List<String> skipped = new ArrayList<>();
  private final int[] exact;
  private final WidthsByImage widths;
  private final Map<String, LayerOverflowProfile> byName = new LinkedHashMap<>();

  /** One layer, or all of them, and what was found of it so far. */
  private static final class Series {
    final String name;
    final int safe;
    final int seen;
    final List<LayerOverflowProfile> profiles;
    final List<NarrowRegister> found = new ArrayList<>();

    Series(String name, int safe, List<LayerOverflowProfile> profiles) {
      this.name = name;
      this.safe = safe;
      this.profiles = profiles;
      this.seen = profiles.stream().mapToInt(p -> p.total().widestPath()).max().orElseThrow();
    }

    /** Leaves out what is narrower than the first register that is {@code enough}. */
    void dropBehind(Predicate<NarrowRegister> enough) {
      for (int i = 0; i < found.size(); i++) {
        if (enough.test(found.get(i))) {
          found.subList(i + 1, found.size()).clear();
        }
      }
    }

    /** Whether the profiles looked at the sums that such a register makes. */
    boolean looked(Summation summation) {
      return profiles.stream().allMatch(profile -> sameView(profile.register(), summation));
    }

    LayerRegisters in(Summation summation) {
      return name.equals(SensitivityResult.ALL)
          ? LayerRegisters.of(summation)
          : LayerRegisters.of(Summation.exact(), Map.of(name, summation));
    }
  }

  /**
   * Prepares the layers.
   *
   * @param exact the classes of the images in exact registers
   * @param profiles of all layers, from the same execution
   * @param widths that each image's sums need in the order of the profiles; not asked about in a
   *     program or a sequence
   * @param safe widths that no input can overflow, by layer
   * @throws BadInputException if there are no labels, or no layer to narrow
   */
  Sensitivity(
      Network network,
      NetworkInputs inputs,
      int[] exact,
      List<LayerOverflowProfile> profiles,
      WidthsByImage widths,
      Map<String, Integer> safe,
      int threads,
      EvaluationListener listener) {
    this.network = network;
    this.inputs = inputs;
    this.exact = exact;
    this.labels = labels(inputs);
    this.threads = threads;
    this.listener = listener;
    this.widths = widths;
    profiles.forEach(profile -> byName.put(profile.layer(), profile));
    for (LayerRegister register : LayerRegisters.exact().of(network)) {
      LayerOverflowProfile profile = byName.get(register.layer());
      if (profile == null || register.origin() != Origin.BASE) {
        skipped.add(register.layer());
      } else {
        series.add(
            new Series(register.layer(), safe.getOrDefault(register.layer(), 0), List.of(profile)));
      }
    }
    if (series.isEmpty()) {
      throw new BadInputException("--sensitivity: no layer sums integers in a register to narrow");
    }
    series.add(
        new Series(
            SensitivityResult.ALL,
            series.stream().mapToInt(one -> one.safe).max().orElseThrow(),
            series.stream().flatMap(one -> one.profiles.stream()).toList()));
  }

  /**
   * The labels of images that are classified.
   *
   * @throws BadInputException if there are none
   */
  static int[] labels(NetworkInputs inputs) {
    return inputs
        .labels()
        .filter(labels -> labels.length == inputs.images())
        .orElseThrow(() ->
            new BadInputException(
                "--sensitivity: %s has no label for each image; an .npz holds them as y"
                    .formatted(inputs.name())));
  }

  SensitivityResult of(Narrowing narrowing) {
    switch (narrowing) {
      case Narrowing.Given(List<Summation> registers) -> given(registers);
      case Narrowing.Falling falling -> fall(falling);
    }
    double accuracy = accuracy(exact);
    return new SensitivityResult(
        accuracy,
        Significance.wilson(exact, labels),
        ALLOWED_LOSS,
        skipped,
        series.stream().map(one -> layer(one, accuracy)).toList());
  }

  private void given(List<Summation> registers) {
    List<Trial> trials = new ArrayList<>();
    for (Series one : series) {
      registers.stream()
          .filter(summation -> !(summation.accumulator() instanceof Exact))
          .distinct()
          .forEach(summation -> trials.add(new Trial(one, summation)));
    }
    run("sensitivity", trials);
  }

  /**
   * Bit by bit, a pass for the next widths of every layer that has not fallen yet: two of them
   * while accuracy stands, since a pass for all layers costs more than a width too many.
   */
  private void fall(Narrowing.Falling falling) {
    List<Trial> trials = new ArrayList<>();
    for (Series one : series) { // nothing overflows there: a first row that costs nothing to run
      next(trials, one, falling, Math.max(2, one.seen), 3);
    }
    for (int round = 1; !trials.isEmpty(); round++) {
      run("sensitivity, round " + round, trials);
      trials = new ArrayList<>();
      for (Series one : series) {
        one.dropBehind(this::hasFallen);
        NarrowRegister last = one.found.getLast();
        if (!hasFallen(last)) {
          boolean stands = last.accuracy() >= accuracy(exact) - ALLOWED_LOSS;
          next(trials, one, falling, last.bits() - 1, stands ? 2 : 1);
        }
      }
    }
  }

  private boolean hasFallen(NarrowRegister found) {
    return found.accuracy() <= accuracy(exact) - FALLEN;
  }

  /** Adds trials of so many widths from {@code bits} downwards. */
  private static void next(
      List<Trial> trials, Series of, Narrowing.Falling falling, int bits, int most) {
    int count = Math.min(most, MOST_WIDTHS - of.found.size());
    for (int width = bits; width >= 2 && width > bits - count; width--) {
      trials.add(new Trial(of, falling.at(width)));
    }
  }

  private record Trial(Series series, Summation summation) {
    LayerRegisters registers() {
      return series.in(summation);
    }

    /** Whether every write fits, so that every sum is exact. */
    boolean changesNothing() {
      return summation.accumulator() instanceof Saturating(int bits)
          && bits >= series.seen
          && series.looked(summation);
    }
  }

  private void run(String what, List<Trial> trials) {
    List<Trial> changing = trials.stream().filter(trial -> !trial.changesNothing()).toList();
    List<int[]> classes =
        changing.isEmpty()
            ? List.of()
            : classes(what, changing.stream().map(Trial::registers).toList());
    for (Trial trial : trials) {
      int place = changing.indexOf(trial);
      trial.series.found.add(found(trial, place < 0 ? exact : classes.get(place)));
    }
  }

  /** The class of each image under each choice; a sequence is run as a whole under each. */
  private List<int[]> classes(String what, List<LayerRegisters> choices) {
    IntConsumer progress = done -> listener.progress(what, done, inputs.images());
    if (!inputs.sequence() && inputs.program().isEmpty()) {
      return Branches.of(network, choices, threads)
          .knowing(this::exactSums)
          .run(inputs.source(), progress)
          .choices();
    }
    List<int[]> classes = new ArrayList<>();
    for (LayerRegisters registers : choices) {
      try (NetworkRunner executor = inputs.runner(network, registers, 1)) {
        classes.add(
            executor.run(inputs.source(), inputs.options().withProgress(progress)).predictions());
      }
    }
    return classes;
  }

  /** Whether the pass that made the profiles saw that a register leaves an image's sums exact. */
  private boolean exactSums(LayerRegister register, int image) {
    LayerOverflowProfile looked = byName.get(register.layer());
    return looked != null
        && sameView(looked.register(), register.asked())
        && widths.exact(register, false, image);
  }

  private double accuracy(int[] predictions) {
    return inputs.accuracy(predictions).orElseThrow(); // there are labels
  }

  private NarrowRegister found(Trial trial, int[] predictions) {
    String text = trial.summation.toString();
    Comparison pair = Significance.compared("exact", exact, text, predictions, labels);
    return new NarrowRegister(
        text,
        trial.summation.accumulator().bits(),
        accuracy(predictions),
        Significance.wilson(predictions, labels),
        Evaluator.differing(predictions, exact),
        pair.onlyFirst(),
        pair.onlySecond(),
        pair.p(),
        overflowing(trial));
  }

  private static Optional<Double> overflowing(Trial trial) {
    if (!trial.series.looked(trial.summation)) {
      return Optional.empty();
    }
    int bits = trial.summation.accumulator().bits();
    long dots = 0;
    long clean = 0;
    for (LayerOverflowProfile profile : trial.series.profiles) {
      dots += profile.total().dots();
      clean += profile.total().count(OverflowClass.CLEAN, bits);
    }
    return Optional.of(dots == 0 ? 0 : 100.0 * (dots - clean) / dots);
  }

  private static boolean sameView(LayerRegister looked, Summation summation) {
    return looked.order().equals(summation.order())
        && summation.zero().map(looked.zero()::equals).orElse(true)
        && summation.bias().map(looked.bias()::equals).orElse(true);
  }

  private static NarrowedLayer layer(Series one, double accuracy) {
    NavigableMap<Integer, Double> accuracies = new TreeMap<>();
    one.found.forEach(register -> accuracies.put(register.bits(), register.accuracy()));
    // two ways of summing at one width have no common answer
    boolean oneWay = accuracies.size() == one.found.size();
    List<NarrowRegister> widestFirst =
        one.found.stream()
            .sorted(Comparator.comparingInt(NarrowRegister::bits).reversed())
            .toList();
    return new NarrowedLayer(
        one.name,
        one.safe,
        one.seen,
        oneWay
            ? SmallestWidth.of(accuracies, accuracy - ALLOWED_LOSS).stream().boxed().findFirst()
            : Optional.empty(),
        widestFirst);
  }
}
