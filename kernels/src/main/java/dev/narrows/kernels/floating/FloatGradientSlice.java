package dev.narrows.kernels.floating;

import dev.narrows.kernels.lanes.VectorLanes;

/** The masked gradients of one product of floats; its slice's {@code out} are the gradients in. */
public record FloatGradientSlice(
    FloatProductSlice slice, FloatRegisterWalk walk, GradientCuts cuts, boolean masked) {

  /** The same over some of the panels. */
  public FloatGradientSlice range(int first, int last) {
    return new FloatGradientSlice(slice.range(first, last), walk, cuts, masked);
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
    MaskedGradients cutters = new MaskedGradients(slice, walk, cuts);
    for (int p = slice.firstPanel(); p < slice.lastPanel(); p++) {
      plain.take(p);
      if (!masked || cutters.move(p, plain.g(), plain.ofPanel(), weightGradients)) {
        plain.run();
      }
      scatter(plain.ofPanel(), inputGradients, p);
    }
    plain.addTo(weightGradients);
  }

  private void scatter(float[] ofPanel, float[] inputGradients, int panel) {
    for (int k = 0; k < walk.terms(); k++) {
      int to = k * slice.x().stride() + panel * VectorLanes.PANEL;
      for (int j = 0; j < slice.x().width(panel); j++) {
        inputGradients[to + j] += ofPanel[k * VectorLanes.PANEL + j];
      }
    }
  }

  private void requireSizes(float[] weightGradients, float[] inputGradients) {
    int weights = slice.weights().channels() * walk.terms();
    int inputs =
        walk.terms() == 0 ? 0 : (walk.terms() - 1) * slice.x().stride() + slice.x().columns();
    if (weightGradients.length < weights || inputGradients.length < inputs) {
      throw new IllegalArgumentException(
          "gradients need %d weights and %d inputs, got %d and %d"
              .formatted(weights, inputs, weightGradients.length, inputGradients.length));
    }
  }
}
