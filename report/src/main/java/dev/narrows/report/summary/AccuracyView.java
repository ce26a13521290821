package dev.narrows.report.summary;

import dev.narrows.core.dot.Summation;
import dev.narrows.report.EvaluationResult;
import dev.narrows.report.EvaluationResult.AccumulatorResult;
import dev.narrows.report.EvaluationResult.LayerAccumulator;
import dev.narrows.report.EvaluationResult.OverflowCounts;
import dev.narrows.report.Interval;
import dev.narrows.report.NetworkFile;
import dev.narrows.report.QualityMeasure;
import dev.narrows.report.SmallestWidth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * An evaluation by way of summing and width.
 *
 * @param examples what the predictions are made of: images, or masked characters
 * @param exactAccuracy in exact registers, in percent
 * @param exactLuts of the whole network with registers of 32 bits; absent where unknown
 * @param allowedLoss how far below the reference a width may fall to be enough, in points
 * @param pinned layers on exact registers whatever the accumulator
 * @param curves in the order in which the evaluation first names them
 * @param others the rows that are on no curve, such as those of a register per layer and those of
 *     floating-point registers; exact registers are not among them
 * @param measure what all accuracies are, where targets are no classes; else absent
 */
public record AccuracyView(
    NetworkFile network,
    String dataset,
    int images,
    String examples,
    Optional<Double> floatAccuracy,
    Optional<Double> exactAccuracy,
    Optional<Double> exactLuts,
    double allowedLoss,
    List<String> pinned,
    List<Curve> curves,
    List<AccumulatorResult> others,
    Optional<QualityMeasure> measure) {
  /** Copies the lists. */
  public AccuracyView {
    pinned = List.copyOf(pinned);
    curves = List.copyOf(curves);
    others = List.copyOf(others);
  }

  /**
   * One way of summing.
   *
   * @param way the accumulator's text after its width, such as {@code saturate:sorted}
   * @param words the way as a phrase for people, such as {@code saturating, sorted}
   * @param order as a phrase for people, such as {@code natural order}
   * @param orderFree whether the order makes no difference
   * @param buildable whether a register can work like this; one that needs the exact sum cannot
   * @param alone whether the register is all there is; a narrow one that spills has a wide one
   *     behind it
   * @param points narrowest first
   * @param smallest the smallest width that is enough, with every wider one shown
   */
  public record Curve(
      String way,
      String words,
      String order,
      boolean orderFree,
      boolean buildable,
      boolean alone,
      List<WidthAccuracy> points,
      Optional<Integer> smallest) {
    /** Copies the list. */
    public Curve {
      points = List.copyOf(points);
    }

    /** The accuracy at the smallest width that is enough. */
    public Optional<WidthAccuracy> best() {
      return points.stream().filter(p -> smallest.equals(Optional.of(p.bits()))).findFirst();
    }
  }

  /** One width; accuracy in percent, LUTs of the whole network by FINN's formula. */
  public record WidthAccuracy(
      int bits,
      double accuracy,
      Optional<Interval> interval,
      int differing,
      Optional<OverflowCounts> classes,
      Optional<Double> luts) {}

  /** Groups the rows of an evaluation; those that mix registers are on no curve. */
  public static AccuracyView of(EvaluationResult evaluation) {
    Map<String, NavigableMap<Integer, WidthAccuracy>> byWay = new LinkedHashMap<>();
    List<AccumulatorResult> others = new ArrayList<>();
    Map<String, Summation> ways = new LinkedHashMap<>();
    for (AccumulatorResult row : evaluation.results()) {
      Optional<Summation> narrow = row.named().filter(AccuracyView::narrowIntegers);
      if (narrow.isPresent()) {
        String way = narrow.get().way();
        int bits = narrow.get().accumulator().bits();
        ways.putIfAbsent(way, narrow.get());
        byWay
            .computeIfAbsent(way, none -> new TreeMap<>())
            .put(
                bits,
                new WidthAccuracy(
                    bits,
                    row.accuracy(),
                    row.interval(),
                    row.differing(),
                    row.classes(),
                    row.luts()));
      } else if (!row.exact()) {
        others.add(row);
      }
    }
    Optional<Double> exact = evaluation.exactAccuracy();
    Optional<Double> reference = evaluation.floatAccuracy().or(() -> exact);
    List<Curve> curves = new ArrayList<>();
    ways.forEach((way, one) ->
        curves.add(
            curve(one, byWay.getOrDefault(way, new TreeMap<>()), reference, evaluation.quality())));
    return new AccuracyView(
        evaluation.network(),
        evaluation.dataset(),
        evaluation.images(),
        evaluation.examples(),
        evaluation.floatAccuracy(),
        exact,
        exactRow(evaluation).flatMap(AccumulatorResult::luts),
        evaluation.quality().allowedLoss(reference.orElse(0.0)),
        pinned(evaluation),
        curves,
        others,
        evaluation.measure());
  }

  private static Optional<AccumulatorResult> exactRow(EvaluationResult evaluation) {
    return evaluation.results().stream().filter(AccumulatorResult::exact).findFirst();
  }

  /** Floating-point registers have no other widths, exact ones no width at all. */
  private static boolean narrowIntegers(Summation summation) {
    return !summation.accumulator().takesFloats();
  }

  private static Curve curve(
      Summation one,
      NavigableMap<Integer, WidthAccuracy> points,
      Optional<Double> reference,
      QualityMeasure measure) {
    NavigableMap<Integer, Double> accuracies = new TreeMap<>();
    points.forEach((bits, point) -> accuracies.put(bits, measure.goodness(point.accuracy())));
    OptionalInt smallest =
        reference.isEmpty()
            ? OptionalInt.empty()
            : SmallestWidth.of(
                accuracies,
                measure.goodness(reference.get()) - measure.allowedLoss(reference.get()));
    return new Curve(
        one.way(),
        one.wayInWords(),
        one.orderInWords(),
        one.accumulator().orderFree(),
        one.accumulator().buildable(),
        one.accumulator().resultBits() == one.accumulator().bits(),
        List.copyOf(points.values()),
        smallest.stream().boxed().findFirst());
  }

  private static List<String> pinned(EvaluationResult evaluation) {
    List<AccumulatorResult> narrow =
        evaluation.results().stream().filter(row -> !row.exact()).toList();
    if (narrow.isEmpty()) {
      return List.of();
    }
    return narrow.getFirst().layers().stream()
        .map(LayerAccumulator::name)
        .filter(name -> narrow.stream().allMatch(row -> exact(row, name)))
        .toList();
  }

  private static boolean exact(AccumulatorResult row, String layer) {
    return row.layers().stream().anyMatch(one -> one.name().equals(layer) && one.exact());
  }

  /** A width in one way of summing. */
  public record Choice(Curve curve, WidthAccuracy point) {}

  /** The most accurate register of those that can be built; of equals the narrowest. */
  public Optional<Choice> best() {
    return curves.stream()
        .filter(Curve::buildable)
        .flatMap(curve -> curve.points().stream().map(point -> new Choice(curve, point)))
        .max(
            Comparator.comparingDouble(
                    (Choice choice) -> quality().goodness(choice.point().accuracy()))
                .thenComparing(choice -> -choice.point().bits()));
  }

  /** What tells how good a network is: accuracy, or the measure of other targets. */
  public QualityMeasure quality() {
    return QualityMeasure.named(measure);
  }

  /** What widths are compared with: float, or exact registers where float is unknown. */
  public Optional<Double> reference() {
    return floatAccuracy.or(() -> exactAccuracy);
  }

  /** {@code float} or {@code exact registers}. */
  public String referenceName() {
    return floatAccuracy.isPresent() ? "float" : "exact registers";
  }
}
