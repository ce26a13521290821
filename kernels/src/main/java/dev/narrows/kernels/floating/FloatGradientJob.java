package dev.narrows.kernels.floating;

import dev.narrows.kernels.lanes.VectorLanes;

/** The masked gradients of one product of floats; its job's {@code out} are the gradients in. */
public record FloatGradientJob(
    FloatJob job, FloatRegisterWalk walk, GradientCuts cuts, boolean masked) {

  /** The same over some of the panels. */
  public FloatGradientJob range(int first, int last) {
    return new FloatGradientJob(job.range(first, last), walk, cuts, masked);
  }

  /**
   * Adds to both.
   *
   * @param weightGradients [channels][K]
   * @param inputGradients laid out as the columns' values
   */
  public void run(float[] weightGradients, float[] inputGradients) {
    requireSizes(weightGradients, inputGradients);
    UnmaskedGradients plain = new UnmaskedGradients(job);
    MaskedGradients cutters = new MaskedGradients(job, walk, cuts);
    for (int p = job.firstPanel(); p < job.lastPanel(); p++) {
      plain.take(p);
      if (masked) {
        cutters.move(p, plain.g(), plain.ofPanel(), weightGradients);
      }
      plain.run();
      scatter(plain.ofPanel(), inputGradients, p);
    }
    plain.addTo(weightGradients);
  }

  private void scatter(float[] ofPanel, float[] inputGradients, int panel) {
    for (int k = 0; k < walk.terms(); k++) {
      int to = k * job.x().stride() + panel * VectorLanes.PANEL;
      for (int j = 0; j < job.x().width(panel); j++) {
        inputGradients[to + j] += ofPanel[k * VectorLanes.PANEL + j];
      }
    }
  }

  private void requireSizes(float[] weightGradients, float[] inputGradients) {
    int weights = job.weights().channels() * walk.terms();
    int inputs = walk.terms() == 0 ? 0 : (walk.terms() - 1) * job.x().stride() + job.x().columns();
    if (weightGradients.length < weights || inputGradients.length < inputs) {
      throw new IllegalArgumentException(
          "gradients need %d weights and %d inputs, got %d and %d"
              .formatted(weights, inputs, weightGradients.length, inputGradients.length));
    }
  }
}
