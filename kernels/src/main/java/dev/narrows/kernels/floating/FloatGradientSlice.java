package dev.narrows.kernels.floating;

import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Optional;

/**
 * The gradients of one product of floats; its slice's {@code out} are the gradients in.
 *
 * @param walk what masks are found by; empty where no gradient is cut
 */
public record FloatGradientSlice(
    FloatProductSlice slice, Optional<FloatRegisterWalk> walk, GradientCuts cuts) {

  /** The same over some of the panels. */
  public FloatGradientSlice range(int first, int last) {
    return new FloatGradientSlice(slice.range(first, last), walk, cuts);
  }

  /**
   * Adds to both.
   *
   * @param weightGradients [channels][K]
   * @param inputGradients laid out as the columns' values
   */
  public void run(float[] weightGradients, float[] inputGradients) {
    requireSizes(weightGradients, inputGradients);
    UnmaskedGradients plain = new UnmaskedGradients(slice);
    Optional<MaskedGradients> cutters = walk.map(way -> new MaskedGradients(slice, way, cuts));
    for (int p = slice.firstPanel(); p < slice.lastPanel(); p++) {
      plain.take(p);
      if (cutters.isEmpty() || cutters.get().move(p, plain.g(), plain.ofPanel(), weightGradients)) {
        plain.run();
      }
      scatter(plain.ofPanel(), inputGradients, p);
    }
    plain.addTo(weightGradients);
  }

  private void scatter(float[] ofPanel, float[] inputGradients, int panel) {
    for (int k = 0; k < slice.weights().terms(); k++) {
      int to = k * slice.x().stride() + panel * VectorLanes.PANEL;
      for (int j = 0; j < slice.x().width(panel); j++) {
        inputGradients[to + j] += ofPanel[k * VectorLanes.PANEL + j];
      }
    }
  }

  private void requireSizes(float[] weightGradients, float[] inputGradients) {
    int terms = slice.weights().terms();
    int weights = slice.weights().channels() * terms;
    int inputs = terms == 0 ? 0 : (terms - 1) * slice.x().stride() + slice.x().columns();
    if (weightGradients.length < weights || inputGradients.length < inputs) {
      throw new IllegalArgumentException(
          "gradients need %d weights and %d inputs, got %d and %d"
              .formatted(weights, inputs, weightGradients.length, inputGradients.length));
    }
  }
}
