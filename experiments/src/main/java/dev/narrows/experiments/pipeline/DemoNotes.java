package dev.narrows.experiments.pipeline;

import static dev.narrows.report.PlainText.text;

import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.report.DemoResult.WidthRow;
import dev.narrows.report.EvaluationResult;
import dev.narrows.report.EvaluationResult.AccumulatorResult;
import dev.narrows.report.EvaluationResult.OverflowCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the demo's figures show, in plain sentences; nothing is claimed that they do not show. */
final class DemoNotes {
  private DemoNotes() {}

  static List<String> of(
      EvaluationResult network,
      List<WidthRow> widths,
      Map<String, Integer> smallest,
      EvaluationResult register,
      int bits) {
    List<String> notes = new ArrayList<>();
    AccumulatorResult exact = network.results().getFirst();
    notes.add(
        text(
            "Float %.2f %%, integers in exact registers %.2f %%; the integer network and the"
                + " fake-quantised model agree on %d of %d test images.",
            network.floatAccuracy().orElse(Double.NaN),
            exact.accuracy(),
            network.quantizedAgreement().orElse(0),
            network.images()));
    notes.add(ordering(widths, smallest, bits));
    notes.add(register(network, register, bits));
    return notes;
  }

  /** Whether ordering alone helps the network that was trained for exact registers. */
  private static String ordering(
      List<WidthRow> widths, Map<String, Integer> smallest, int registerBits) {
    int shown = Math.max(registerBits, widths.getFirst().bits());
    WidthRow row = widths.stream().filter(w -> w.bits() == shown).findFirst().orElseThrow();
    OverflowCounts natural = row.classes().values().iterator().next();
    long overflowing = natural.transientDots() + natural.persistent();
    double persistent = overflowing == 0 ? 0 : 100.0 * natural.persistent() / overflowing;
    Integer saturate = smallest.get("saturate");
    Integer sorted = smallest.get("sorted");
    String gain;
    if (saturate == null || sorted == null) {
      gain = "Ordering alone: no width shown is within one point of float for both orders";
    } else if (saturate - sorted <= 1) {
      gain =
          text(
              "Ordering alone gains little here: sorting needs %d bits, natural order %d",
              sorted, saturate);
    } else {
      gain = text("Ordering alone saves %d bits: %d for %d", saturate - sorted, sorted, saturate);
    }
    return gain
        + text(
            ". At %d bits %.1f %% of the dot products that overflow do so persistently, and no"
                + " order helps those.",
            shown, persistent);
  }

  private static String register(EvaluationResult network, EvaluationResult register, int bits) {
    Summation natural = new Summation(new Saturating(bits), new SummationOrder.Sequential());
    double before = accuracy(network, natural);
    double sorted =
        accuracy(register, new Summation(new Saturating(bits), SummationOrder.Sorted.all()));
    double exact = accuracy(register, Summation.exact());
    return text(
        "Trained through a %d-bit register, in which the first network has %.2f %%: sorted %.2f %%,"
            + " natural order %.2f %%, exact registers %.2f %%%s.",
        bits,
        before,
        sorted,
        accuracy(register, natural),
        exact,
        exact < sorted - 1 ? " (it has adapted to its register)" : "");
  }

  private static double accuracy(EvaluationResult evaluation, Summation summation) {
    return evaluation.in(summation).map(AccumulatorResult::accuracy).orElse(Double.NaN);
  }
}
