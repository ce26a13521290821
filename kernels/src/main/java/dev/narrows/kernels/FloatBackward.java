package dev.narrows.kernels;

import dev.narrows.core.dot.GradientMask;
import dev.narrows.core.dot.Summation;
import java.util.Set;

/** The masked gradients of one product of floats; its job's {@code out} are the gradients in. */
record FloatBackward(FloatJob job, FloatWays ways, MaskedFloats.Cuts cuts, boolean masked) {

  FloatBackward(FloatJob job, Summation summation, Set<GradientMask> masks, float epsilon) {
    if (!FloatWays.possible(summation.order())) {
      throw new IllegalArgumentException(
          "gradients are masked in sequential, reversed and chunked order, not in "
              + summation.order());
    }
    if (!job.finite()) {
      throw new ArithmeticException("an operand of a product is infinite or not a number");
    }
    this(
        job,
        FloatWays.of(job.weights(), FloatProduct.register(summation), summation.order()),
        MaskedFloats.Cuts.of(masks, epsilon),
        !masks.isEmpty());
  }

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
    int terms = ways.terms();
    int lanes = MaskedFloats.VECTORS * Lanes.COUNT;
    int[] cut = new int[terms * lanes]; // zero: nothing cut
    int[] last = new int[(ways.chunks() + 1) * lanes];
    float[] ofPanel = new float[terms * Lanes.PANEL];
    float[] ofChannel = new float[terms * Lanes.COUNT];
    float[] g = new float[Lanes.PANEL]; // padding stays zero
    float[] x = job.x().panels();
    for (int p = job.firstPanel(); p < job.lastPanel(); p++) {
      int width = job.x().width(p);
      java.util.Arrays.fill(g, 0);
      java.util.Arrays.fill(ofPanel, 0);
      for (int c = 0; c < job.weights().channels(); c++) {
        System.arraycopy(job.out(), job.at(c, p), g, 0, width);
        java.util.Arrays.fill(ofChannel, 0);
        for (int j = 0; j < width; j += lanes) {
          tile(c, x, job.base(p), j, cut, last, g, ofPanel, ofChannel);
        }
        reduce(ofChannel, weightGradients, c * terms);
      }
      scatter(ofPanel, inputGradients, p);
    }
  }

  private void tile(
      int channel,
      float[] x,
      int base,
      int j,
      int[] cut,
      int[] last,
      float[] g,
      float[] ofPanel,
      float[] ofChannel) {
    int from = channel * ways.terms();
    if (masked) {
      MaskedFloats.walk(ways.weights(), from, ways, x, base + j, cuts, cut, last);
    }
    MaskedFloats.add(
        ways.weights(), from, ways, x, base, j, cuts, cut, last, g, ofPanel, ofChannel);
  }

  /** Adds the lanes of every term, in a fixed order. */
  private void reduce(float[] ofChannel, float[] weightGradients, int at) {
    int terms = ways.terms();
    boolean back = ways.step() < 0;
    for (int k = 0; k < terms; k++) {
      int i = k * Lanes.COUNT;
      float even = 0;
      float odd = 0;
      for (int lane = 0; lane < Lanes.COUNT; lane += 2) {
        even += ofChannel[i + lane];
        odd += ofChannel[i + lane + 1];
      }
      weightGradients[at + (back ? terms - 1 - k : k)] += even + odd;
    }
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
