package dev.narrows.kernels;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.core.testing.AccumulatorContract;

class MatrixProductContractTest implements AccumulatorContract {
  @Override
  public long dot(Accumulator accumulator, int[] weights, int[] inputs) {
    Columns x = new Columns(inputs.length, 1);
    x.shape(inputs.length, 1);
    for (int k = 0; k < inputs.length; k++) {
      x.values()[k * x.stride()] = inputs[k];
    }
    x.sealed(-128, 255);
    int[] out = new int[1];
    new MatrixProduct(IntegerWeights.of(1, weights.length, weights))
        .multiply(
            new Summation(accumulator, new SummationOrder.Sequential()), x, new int[0], out, 0, 1);
    return out[0];
  }
}
