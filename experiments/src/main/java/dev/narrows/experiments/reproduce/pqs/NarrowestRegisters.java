package dev.narrows.experiments.reproduce.pqs;

import dev.narrows.core.dot.Summation;
import dev.narrows.data.catalog.Split;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.evaluate.WeightFigures;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.report.EvaluationResult.AccumulatorResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What {@link PqsFigure5} measures of one network.
 *
 * @param weights their bits
 * @param activations their bits
 * @param exact accuracy with exact sums on test images, in percent
 * @param sorted the narrowest register where terms are sorted
 * @param clipped the narrowest register where every overflow clips
 */
record NarrowestRegisters(
    int weights, int activations, double exact, ChosenRegister sorted, ChosenRegister clipped) {
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
    int safe = WeightFigures.of(model.network()).total().orElseThrow().safeBits();
    Map<String, Integer> narrowest = new HashMap<>();
    List<String> open = new ArrayList<>(WAYS);
    for (int widest = Math.max(safe, NARROWEST);
        widest >= NARROWEST && !open.isEmpty();
        widest -= AT_ONCE) {
      int least = Math.max(NARROWEST, widest - AT_ONCE + 1);
      List<String> asked = registers(open, least, widest);
      List<AccumulatorResult> rows = workshop.classified(model, inputs, asked).results();
      double exact = rows.getFirst().accuracy();
      for (String way : List.copyOf(open)) {
        for (int bits = widest; bits >= least && open.contains(way); bits--) {
          if (rows.get(asked.indexOf(register(bits, way))).accuracy() < exact - ALLOWED) {
            open.remove(way);
          } else {
            narrowest.put(way, bits);
          }
        }
      }
    }
    int sorted = narrowest.getOrDefault(SORTED, safe);
    int clipped = narrowest.getOrDefault(CLIPPING, safe);
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
        test.get(0),
        new ChosenRegister(sorted, test.get(1)),
        new ChosenRegister(clipped, test.get(2)));
  }

  /** Bits that sorting saves. */
  int saved() {
    return clipped.bits() - sorted.bits();
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
