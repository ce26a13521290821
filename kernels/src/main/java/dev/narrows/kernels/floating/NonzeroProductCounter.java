package dev.narrows.kernels.floating;

import dev.narrows.kernels.lanes.VectorLanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The number of products, in binary32, that are not zero: those of two operands that are not,
 * unless a product is so small that binary32 makes it zero.
 */
final class NonzeroProductCounter {
  private final FloatProductSlice slice;
  private final float[] weights;
  private final int[] nonzeroWeights; // [K], of all channels
  private final float leastWeight;

  NonzeroProductCounter(FloatProductSlice slice) {
    int terms = slice.weights().terms();
    this.slice = slice;
    this.weights = slice.weights().values();
    this.nonzeroWeights = new int[terms];
    float least = Float.MAX_VALUE;
    for (int from = 0; from < weights.length; from += terms) {
      for (int k = 0; k < terms; k++) {
        float magnitude = Math.abs(weights[from + k]);
        nonzeroWeights[k] += magnitude > 0 ? 1 : 0;
        least = magnitude > 0 ? Math.min(least, magnitude) : least;
      }
    }
    this.leastWeight = least;
  }

  /** Of all channels and the columns of one panel. */
  long of(int panel) {
    float[] x = slice.x().panels();
    int terms = nonzeroWeights.length;
    int base = slice.base(panel);
    long count = 0;
    if ((double) leastWeight * least(x, base, terms) < Float.MIN_NORMAL) {
      for (int i = 0; i < weights.length; i++) {
        count += nonzero(weights[i], x, base + i % terms * VectorLanes.PANEL);
      }
      return count;
    }
    for (int k = 0; k < terms; k++) {
      if (nonzeroWeights[k] > 0) {
        count += (long) nonzeroWeights[k] * nonzero(1, x, base + k * VectorLanes.PANEL);
      }
    }
    return count;
  }

  /** The least magnitude in a panel that is not zero. */
  private static float least(float[] x, int base, int terms) {
    FloatVector none = FloatVector.broadcast(VectorLanes.FLOATS, Float.MAX_VALUE);
    FloatVector least = none;
    for (int i = base; i < base + terms * VectorLanes.PANEL; i += VectorLanes.COUNT) {
      FloatVector magnitude = FloatVector.fromArray(VectorLanes.FLOATS, x, i).abs();
      least = magnitude.blend(none, magnitude.compare(VectorOperators.EQ, 0)).min(least);
    }
    return none.min(least).reduceLanes(VectorOperators.MIN);
  }

  /** Of one weight with a row of a panel. */
  private static int nonzero(float weight, float[] x, int at) {
    int count = 0;
    for (int j = at; j < at + VectorLanes.PANEL; j += VectorLanes.COUNT) {
      FloatVector product = FloatVector.fromArray(VectorLanes.FLOATS, x, j).mul(weight);
      count += product.compare(VectorOperators.NE, 0).trueCount();
    }
    return count;
  }
}
