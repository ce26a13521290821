package dev.narrows.experiments.reproduce.field;

import dev.narrows.data.DataException;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.WeightFigures;
import dev.narrows.experiments.reproduce.figure.WidthLosses;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.report.EvaluationResult.AccumulatorResult;
import dev.narrows.report.EvaluationResult.OverflowCounts;
import dev.narrows.report.NetworkFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One network in registers from its safe width down to where no order is of use any more.
 *
 * @param safe the width that no input can overflow
 * @param exact quality in exact registers, as a table shows it
 * @param widths the widest first, without a gap
 * @param losses of each order at those widths
 */
record FieldRegisters(
    FieldNetwork network,
    NetworkFile id,
    FieldTask.Measure measure,
    int inputs,
    int safe,
    double exact,
    List<QualityAtWidth> widths,
    Map<FieldOrder, WidthLosses> losses) {
  private static final int NARROWEST = 4;

  /** Smaller losses are 0.00 in tables. */
  private static final double SHOWN = 0.005;

  /** Widths in one go: each looks once at what every sum needs. */
  private static final int AT_ONCE = 3;

  /** Copies the rows. */
  FieldRegisters {
    widths = List.copyOf(widths);
    losses = Map.copyOf(losses);
  }

  /**
   * One width.
   *
   * @param shown quality of each order, in percent
   * @param fleeting dot products that are transient in natural order, in percent
   * @param persistent dot products that no order can save, in percent
   */
  record QualityAtWidth(
      int bits, Map<FieldOrder, Double> shown, double fleeting, double persistent) {}

  /**
   * Measures a network.
   *
   * @param most inputs at most
   * @throws DataException if its inputs are missing
   */
  static FieldRegisters of(Workshop workshop, FieldNetwork network, ModelFile model, int most)
      throws IOException {
    FieldTask task =
        FieldTask.of(model, network.inputs().read(workshop, model, most), workshop.threads());
    int safe = WeightFigures.of(model.network()).total().orElseThrow().safeBits();
    double exact =
        workshop.evaluated(model, task.inputs(), List.of("exact")).results().getFirst().accuracy();
    List<QualityAtWidth> rows = new ArrayList<>();
    Map<FieldOrder, WidthLosses> losses = new EnumMap<>(FieldOrder.class);
    for (FieldOrder order : FieldOrder.values()) {
      losses.put(order, new WidthLosses(safe, List.of()));
    }
    for (int bits = safe; bits >= NARROWEST && !hopeless(losses); bits -= AT_ONCE) {
      int least = Math.max(NARROWEST, bits - AT_ONCE + 1);
      for (Map<FieldOrder, AccumulatorResult> width : run(workshop, model, task, bits, least)) {
        rows.add(row(task, safe - rows.size(), width));
        width.forEach((order, result) ->
            losses.computeIfPresent(
                order, (_, before) -> before.and(task.loss(exact, result.accuracy()))));
      }
    }
    return new FieldRegisters(
        network,
        model.id(),
        task.measure(),
        task.inputs().images(),
        safe,
        task.shown(exact),
        rows,
        losses);
  }

  private static boolean hopeless(Map<FieldOrder, WidthLosses> losses) {
    return losses.values().stream().allMatch(WidthLosses::hopeless);
  }

  /** Every order at every width from the widest to the least. */
  private static List<Map<FieldOrder, AccumulatorResult>> run(
      Workshop workshop, ModelFile model, FieldTask task, int widest, int least)
      throws IOException {
    List<String> registers = new ArrayList<>();
    for (int bits = widest; bits >= least; bits--) {
      for (FieldOrder order : FieldOrder.values()) {
        registers.add(order.register(bits));
      }
    }
    Iterator<AccumulatorResult> results =
        workshop.classified(model, task.inputs(), registers).results().iterator();
    List<Map<FieldOrder, AccumulatorResult>> widths = new ArrayList<>();
    for (int bits = widest; bits >= least; bits--) {
      Map<FieldOrder, AccumulatorResult> width = new EnumMap<>(FieldOrder.class);
      for (FieldOrder order : FieldOrder.values()) {
        width.put(order, results.next());
      }
      widths.add(width);
    }
    return widths;
  }

  private static QualityAtWidth row(
      FieldTask task, int bits, Map<FieldOrder, AccumulatorResult> width) {
    Map<FieldOrder, Double> shown = new EnumMap<>(FieldOrder.class);
    width.forEach((order, result) -> shown.put(order, task.shown(result.accuracy())));
    OverflowCounts classes =
        Optional.ofNullable(width.get(FieldOrder.NATURAL))
            .flatMap(AccumulatorResult::classes)
            .orElseThrow();
    return new QualityAtWidth(
        bits, shown, classes.share(classes.transientDots()), classes.share(classes.persistent()));
  }

  /** The narrowest register of an order; empty if none is good enough. */
  Optional<Integer> narrowest(FieldOrder order, double tolerance) {
    return Optional.ofNullable(losses.get(order)).flatMap(all -> all.narrowest(tolerance));
  }

  /** Bits that an order saves against natural order. */
  int saved(FieldOrder order, double tolerance) {
    return narrowest(FieldOrder.NATURAL, tolerance).orElse(safe)
        - narrowest(order, tolerance).orElse(safe);
  }

  /** From the last width that costs nothing in any order. */
  List<QualityAtWidth> interesting() {
    int lossless =
        losses.values().stream()
            .mapToInt(all ->
                (int) all.points().stream().takeWhile(loss -> Math.abs(loss) < SHOWN).count())
            .min()
            .orElse(0);
    return widths.subList(Math.clamp(lossless - 1, 0, widths.size()), widths.size());
  }
}
