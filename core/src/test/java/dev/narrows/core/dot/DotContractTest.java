package dev.narrows.core.dot;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.testing.AccumulatorContract;

class DotContractTest implements AccumulatorContract {
  @Override
  public long dot(Accumulator accumulator, int[] weights, int[] inputs) {
    long[] terms = new long[weights.length];
    for (int k = 0; k < terms.length; k++) {
      terms[k] = (long) weights[k] * inputs[k];
    }
    return Dot.sum(accumulator, new SummationOrder.Sequential(), terms).value();
  }
}
