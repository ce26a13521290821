package dev.narrows.experiments.sweep;

import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.evaluate.Significance;
import dev.narrows.report.QualityMeasure;
import dev.narrows.report.SweepAccuracy;
import dev.narrows.report.SweepPoint;
import dev.narrows.report.SweepPoint.SeedSpread;
import dev.narrows.report.SweepResult;
import dev.narrows.report.SweepTrial;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Means over seeds and the Pareto front. */
public final class SweepSummary {
  private SweepSummary() {}

  /** One network of a configuration in one register. */
  private record Seen(long seed, int bits, double accuracy, double validation) {}

  /** Images that accuracies were measured on; empty where unknown, or no accuracies. */
  private record Counted(Optional<Integer> tests, Optional<Integer> validations) {}

  private record Configuration(String label, Map<String, String> keys) {}

  /** The result of trials, finished or not, in their order. */
  public static SweepResult of(String name, List<SweepTrial> trials) {
    List<SweepPoint> points = points(trials);
    List<SweepPoint> front = front(points);
    List<SweepPoint> marked =
        points.stream().map(point -> point.onFront(front.contains(point))).toList();
    return new SweepResult(
        name, trials, marked, front.stream().map(point -> point.onFront(true)).toList());
  }

  private static List<SweepPoint> points(List<SweepTrial> trials) {
    Map<Configuration, List<SweepTrial>> configurations = new LinkedHashMap<>();
    for (SweepTrial trial : trials) {
      if (trial.figures().isPresent()) {
        configurations
            .computeIfAbsent(new Configuration(trial.label(), trial.keys()), c -> new ArrayList<>())
            .add(trial);
      }
    }
    List<SweepPoint> points = new ArrayList<>();
    configurations.forEach((one, of) -> points.addAll(points(one, of)));
    return points;
  }

  private static List<SweepPoint> points(Configuration of, List<SweepTrial> trials) {
    List<SweepPoint> points = new ArrayList<>();
    Optional<QualityMeasure> measure =
        trials.stream().flatMap(t -> t.figures().orElseThrow().measure().stream()).findFirst();
    Counted images =
        measure.isPresent()
            ? new Counted(Optional.empty(), Optional.empty())
            : new Counted(
                same(trials, SweepTrial.TrialFigures::images),
                same(trials, SweepTrial.TrialFigures::validationImages));
    if (trials.stream().allMatch(t -> t.figures().orElseThrow().certifiedBits().isPresent())) {
      List<Seen> exact =
          trials.stream()
              .map(trial -> {
                SweepTrial.TrialFigures figures = trial.figures().orElseThrow();
                return new Seen(
                    trial.seed(),
                    figures.certifiedBits().orElseThrow(),
                    figures.exactAccuracy(),
                    figures.exactValidation());
              })
              .toList();
      points.add(point(of, SweepPoint.PROVEN, exact, images, measure));
    }
    Map<SweepAccuracy, List<Seen>> registers = new LinkedHashMap<>();
    for (SweepTrial trial : trials) {
      for (SweepAccuracy one : trial.figures().orElseThrow().accumulators()) {
        registers
            .computeIfAbsent(
                new SweepAccuracy(one.accumulator(), one.bits(), 0, 0, 0), r -> new ArrayList<>())
            .add(new Seen(trial.seed(), one.bits(), one.accuracy(), one.validation()));
      }
    }
    registers.entrySet().stream()
        .sorted(
            Comparator.comparing(
                Map.Entry<SweepAccuracy, List<Seen>>::getKey,
                Comparator.comparing(SweepAccuracy::way).thenComparingInt(SweepAccuracy::bits)))
        .forEach(entry ->
            points.add(point(of, entry.getKey().way(), entry.getValue(), images, measure)));
    return points;
  }

  /** How many images there are, if all trials say the same. */
  private static Optional<Integer> same(
      List<SweepTrial> trials, Function<SweepTrial.TrialFigures, Optional<Integer>> count) {
    Set<Optional<Integer>> counts =
        trials.stream().flatMap(t -> t.figures().stream()).map(count).collect(Collectors.toSet());
    return counts.size() == 1 ? counts.iterator().next() : Optional.empty();
  }

  private static SweepPoint point(
      Configuration of,
      String way,
      List<Seen> seen,
      Counted images,
      Optional<QualityMeasure> measure) {
    SweepPoint point =
        new SweepPoint(
            of.label(),
            of.keys(),
            seen.stream().map(Seen::seed).sorted().toList(),
            way,
            seen.stream().mapToInt(Seen::bits).max().orElseThrow(),
            spread(seen, Seen::accuracy, images.tests()),
            spread(seen, Seen::validation, images.validations()),
            false);
    return point.measuredBy(measure);
  }

  /** All seeds see the same images: the mean's interval is that of one network as accurate. */
  private static SeedSpread spread(
      List<Seen> seen, ToDoubleFunction<Seen> of, Optional<Integer> images) {
    var statistics = seen.stream().mapToDouble(of).summaryStatistics();
    double mean = statistics.getAverage();
    return new SeedSpread(
        mean,
        statistics.getMin(),
        statistics.getMax(),
        images.map(count -> Significance.wilson(Math.round(mean * count / 100), count)));
  }

  /**
   * The points that are more accurate on validation images than every narrower one. Of equals the
   * simplest register stays: exact sums in a proven width, then one in which order makes no
   * difference, then natural order. What cannot be built is a measure, and on no front.
   */
  private static List<SweepPoint> front(List<SweepPoint> points) {
    List<SweepPoint> sorted =
        points.stream()
            .filter(point -> point.summation().stream().allMatch(s -> s.accumulator().buildable()))
            .sorted(
                Comparator.comparingInt(SweepPoint::bits)
                    .thenComparing(
                        Comparator.<SweepPoint>comparingDouble(SweepSummary::goodness).reversed())
                    .thenComparingInt(SweepSummary::effort))
            .toList();
    List<SweepPoint> front = new ArrayList<>();
    for (SweepPoint point : sorted) {
      if (front.isEmpty() || goodness(point) > goodness(front.getLast())) {
        front.add(point);
      }
    }
    return front;
  }

  private static double goodness(SweepPoint point) {
    return point.quality().goodness(point.validation().mean());
  }

  private static int effort(SweepPoint point) {
    if (point.summation().isEmpty()) {
      return 0;
    }
    Summation summation = point.summation().get();
    boolean asked = !summation.way().equals(summation.accumulator().policy()); // for an order
    return asked ? 3 : summation.accumulator().orderFree() ? 1 : 2;
  }
}
