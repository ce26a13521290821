package dev.narrows.experiments.reproduce.pqs;

import dev.narrows.experiments.recipe.Pruning.Structure;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.TestBed;
import java.util.List;

/**
 * What is trained for {@link PqsFigure5}: for every two of the widths a half-pruned network.
 *
 * @param widths bits of weights, and of activations
 * @param curveOperands those of them that {@link WidthCurve} trains more networks of
 * @param curve widths of registers there
 */
record PqsFigure5Plan(
    TestBed bed, List<Integer> widths, List<Integer> curveOperands, List<Integer> curve) {
  static final long SEED = 1;

  static PqsFigure5Plan of(Scale scale, TestBed bed) {
    return switch (scale) {
      case SMOKE -> new PqsFigure5Plan(bed, List.of(5, 8), List.of(5), List.of(12, 10));
      case TWO_CORE ->
          bed.isLarge()
              ? new PqsFigure5Plan(bed, List.of(5, 8), List.of(5), List.of(14, 12, 11, 10))
              : new PqsFigure5Plan(
                  bed, List.of(5, 6, 7, 8), List.of(5, 8), List.of(16, 14, 12, 11, 10));
    };
  }

  TestBed.Run pruned(int weights, int activations) {
    return bed.fromFloat("w" + weights + "a" + activations, SEED)
        .bits(weights, activations)
        .prune(8, Structure.WEIGHTS, 1)
        .quantize(1);
  }

  /** The same, whose epoch after pruning goes through the register. */
  TestBed.Run through(int operands, int bits, String register) {
    return bed.fromFloat("w%da%d-through-%d".formatted(operands, operands, bits), SEED)
        .bits(operands, operands)
        .prune(8, Structure.WEIGHTS, 1)
        .register(register, List.of(bits), 1);
  }
}
