package dev.narrows.experiments.sweep;

import dev.narrows.core.dot.Summation;
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
import java.util.function.ToDoubleFunction;

/** Means over seeds and the Pareto front. */
public final class SweepSummary {
  private SweepSummary() {}

  /** One network of a configuration in one register. */
  private record Seen(long seed, int bits, double accuracy, double validation) {}

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
      points.add(point(of, SweepPoint.PROVEN, exact, measure));
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
        .forEach(entry -> points.add(point(of, entry.getKey().way(), entry.getValue(), measure)));
    return points;
  }

  private static SweepPoint point(
      Configuration of, String way, List<Seen> seen, Optional<QualityMeasure> measure) {
    SweepPoint point =
        new SweepPoint(
            of.label(),
            of.keys(),
            seen.stream().map(Seen::seed).sorted().toList(),
            way,
            seen.stream().mapToInt(Seen::bits).max().orElseThrow(),
            spread(seen, Seen::accuracy),
            spread(seen, Seen::validation),
            false);
    return point.measuredBy(measure);
  }

  private static SeedSpread spread(List<Seen> seen, ToDoubleFunction<Seen> of) {
    var statistics = seen.stream().mapToDouble(of).summaryStatistics();
    return new SeedSpread(statistics.getAverage(), statistics.getMin(), statistics.getMax());
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
