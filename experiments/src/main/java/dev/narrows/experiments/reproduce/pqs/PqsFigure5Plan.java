package dev.narrows.experiments.reproduce.pqs;

import dev.narrows.experiments.recipe.Pruning.Structure;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.TestBed;
import java.util.List;

/**
 * What is trained for {@link PqsFigure5}: for every two of the widths a half-pruned network.
 *
 * @param widths bits of weights, and of activations
 */
record PqsFigure5Plan(TestBed bed, List<Integer> widths) {
  static final long SEED = 1;

  static PqsFigure5Plan of(Scale scale, TestBed bed) {
    return new PqsFigure5Plan(
        bed,
        switch (scale) {
          case SMOKE -> List.of(5, 8);
          case TWO_CORE -> bed.isLarge() ? List.of(5, 8) : List.of(5, 6, 7, 8);
        });
  }

  TestBed.Run pruned(int weights, int activations) {
    return bed.fromFloat("w" + weights + "a" + activations, SEED)
        .bits(weights, activations)
        .prune(8, Structure.WEIGHTS, 1)
        .quantize(1);
  }
}
