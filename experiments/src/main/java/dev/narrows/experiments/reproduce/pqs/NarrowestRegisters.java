package dev.narrows.experiments.reproduce.pqs;

import dev.narrows.core.dot.Summation;
import dev.narrows.data.catalog.Split;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.evaluate.WeightFigures;
import dev.narrows.experiments.reproduce.figure.WidthLosses;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.report.EvaluationResult.AccumulatorResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What {@link PqsFigure5} measures of one network.
 *
 * @param weights their bits
 * @param activations their bits
 * @param safe the width that is proved safe, or the narrowest that is looked at
 * @param exact accuracy with exact sums on test images, in percent
 * @param sorted the narrowest register where terms are sorted
 * @param clipped the narrowest register where every overflow clips
 * @param losses on validation images, sorted and clipping
 */
record NarrowestRegisters(
    int weights,
    int activations,
    int safe,
    double exact,
    ChosenRegister sorted,
    ChosenRegister clipped,
    Map<String, WidthLosses> losses) {
  /** The narrowest register, chosen on validation images, and its accuracy on test images. */
  record ChosenRegister(int bits, double accuracy) {}

  static final int NARROWEST = 8;

  /** Widths that are looked at in one go: each go runs the exact sums once. */
  private static final int AT_ONCE = 4;

  private static final String SORTED = "saturate:sorted";
  private static final String CLIPPING = "saturate";
  private static final List<String> WAYS = List.of(SORTED, CLIPPING);

  /** Accuracy that a register may cost, in points. */
  static final double ALLOWED = 1;

  /**
   * Chooses registers on validation images and evaluates them on test images.
   *
   * @param set known to the workshop
   */
  static NarrowestRegisters of(
      Workshop workshop, String set, ModelFile model, int weights, int activations)
      throws IOException {
    NetworkInputs inputs = workshop.inputs(model, set, Split.VALIDATION, OptionalInt.empty());
    int safe =
        Math.max(NARROWEST, WeightFigures.of(model.network()).total().orElseThrow().safeBits());
    Map<String, WidthLosses> losses = losses(workshop, model, inputs, safe);
    int sorted = narrowest(losses, SORTED, ALLOWED, safe);
    int clipped = narrowest(losses, CLIPPING, ALLOWED, safe);
    List<Double> test =
        workshop
            .evaluated(
                model,
                workshop.inputs(model, set, Split.TEST, OptionalInt.empty()),
                List.of("exact", register(sorted, SORTED), register(clipped, CLIPPING)))
            .results()
            .stream()
            .map(AccumulatorResult::accuracy)
            .toList();
    return new NarrowestRegisters(
        weights,
        activations,
        safe,
        test.get(0),
        new ChosenRegister(sorted, test.get(1)),
        new ChosenRegister(clipped, test.get(2)),
        losses);
  }

  /** Looks at narrower registers until one costs more than every tolerance. */
  private static Map<String, WidthLosses> losses(
      Workshop workshop, ModelFile model, NetworkInputs inputs, int safe) throws IOException {
    Map<String, WidthLosses> losses = new HashMap<>();
    WAYS.forEach(way -> losses.put(way, new WidthLosses(safe, List.of())));
    List<String> open = new ArrayList<>(WAYS);
    for (int widest = safe; widest >= NARROWEST && !open.isEmpty(); widest -= AT_ONCE) {
      int least = Math.max(NARROWEST, widest - AT_ONCE + 1);
      List<String> asked = registers(open, least, widest);
      List<AccumulatorResult> rows = workshop.classified(model, inputs, asked).results();
      double exact = rows.getFirst().accuracy();
      for (String way : List.copyOf(open)) {
        for (int bits = widest; bits >= least; bits--) {
          double loss = exact - rows.get(asked.indexOf(register(bits, way))).accuracy();
          losses.computeIfPresent(way, (_, before) -> before.and(loss));
        }
        if (losses.getOrDefault(way, new WidthLosses(safe, List.of())).hopeless()) {
          open.remove(way);
        }
      }
    }
    return losses;
  }

  private static int narrowest(
      Map<String, WidthLosses> losses, String way, double tolerance, int safe) {
    return Optional.ofNullable(losses.get(way))
        .flatMap(all -> all.narrowest(tolerance))
        .orElse(safe);
  }

  /** Bits that sorting saves. */
  int saved() {
    return clipped.bits() - sorted.bits();
  }

  /** Bits that sorting saves where registers may cost so many points on validation images. */
  int saved(double tolerance) {
    return narrowest(losses, CLIPPING, tolerance, safe)
        - narrowest(losses, SORTED, tolerance, safe);
  }

  private static List<String> registers(List<String> ways, int least, int widest) {
    List<String> registers = new ArrayList<>(List.of("exact"));
    for (String way : ways) {
      for (int bits = widest; bits >= least; bits--) {
        registers.add(register(bits, way));
      }
    }
    return registers;
  }

  private static String register(int bits, String way) {
    return Summation.parseWay(way, bits).toString();
  }
}
