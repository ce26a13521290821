package dev.narrows.kernels;

/** The masked gradients of one product of floats; its job's {@code out} are the gradients in. */
record FloatBackward(FloatJob job, FloatWays ways, MaskedFloats.Cuts cuts, boolean masked) {

  /** The same over some of the panels. */
  FloatBackward range(int first, int last) {
    return new FloatBackward(job.range(first, last), ways, cuts, masked);
  }

  /**
   * Adds to both.
   *
   * @param weightGradients [channels][K]
   * @param inputGradients laid out as the columns' values
   */
  void run(float[] weightGradients, float[] inputGradients) {
    requireSizes(weightGradients, inputGradients);
    PlainGradients plain = new PlainGradients(job);
    CutGradients cutters = new CutGradients(job, ways, cuts);
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
    for (int k = 0; k < ways.terms(); k++) {
      int to = k * job.x().stride() + panel * Lanes.PANEL;
      for (int j = 0; j < job.x().width(panel); j++) {
        inputGradients[to + j] += ofPanel[k * Lanes.PANEL + j];
      }
    }
  }

  private void requireSizes(float[] weightGradients, float[] inputGradients) {
    int weights = job.weights().channels() * ways.terms();
    int inputs = ways.terms() == 0 ? 0 : (ways.terms() - 1) * job.x().stride() + job.x().columns();
    if (weightGradients.length < weights || inputGradients.length < inputs) {
      throw new IllegalArgumentException(
          "gradients need %d weights and %d inputs, got %d and %d"
              .formatted(weights, inputs, weightGradients.length, inputGradients.length));
    }
  }
}
