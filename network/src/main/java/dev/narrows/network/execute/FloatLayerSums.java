package dev.narrows.network.execute;

import dev.narrows.core.accumulator.FloatAccumulator;
import dev.narrows.core.dot.Summation;
import dev.narrows.kernels.FloatColumns;
import dev.narrows.kernels.FloatProduct;
import java.util.Arrays;

/** The sums of one layer of real numbers in the register it runs in, metered where asked. */
final class FloatLayerSums {
  private final int index;
  private final LayerRegister register;
  private final Summation summation;
  private final int elements;

  /**
   * @param index of the tensor the layer makes
   * @param register exact or floating, as {@link LayerRegisters} has checked
   * @param elements of that tensor
   */
  FloatLayerSums(int index, LayerRegister register, int elements) {
    this.index = index;
    this.register = register;
    this.summation = new Summation(register.accumulator(), register.order());
    this.elements = elements;
  }

  LayerRegister register() {
    return register;
  }

  /** Whether there is something to meter: exact sums have neither events nor noise. */
  boolean floating() {
    return register.accumulator() instanceof FloatAccumulator;
  }

  /**
   * Every channel of a product with every column of {@code x}, which has just been filled.
   *
   * @return [channels][columns], the workspace's: valid until the next call
   */
  float[] multiply(Workspace workspace, FloatProduct product, FloatColumns x) {
    x.sealed();
    int size = product.weights().channels() * x.columns();
    float[] out = workspace.floatSums(size);
    FloatMeter meter = workspace.meter(index);
    if (meter == null) {
      product.multiply(summation, x, out, 0, x.columns());
    } else {
      meter.add(product.count(summation, x, out, 0, x.columns()));
      float[] exact = workspace.exactSums(size);
      if (x.finite()) {
        product.multiply(Summation.exact(), x, exact, 0, x.columns());
      } else { // a register before it has overflowed to infinity: there is nothing to compare with
        Arrays.fill(exact, 0, size, Float.NaN);
      }
    }
    return out;
  }

  /**
   * Notes a run of the last sums for the comparison with exact ones, if there is one: sum {@code
   * from + i} belongs to element {@code to + i · step} of the layer's tensor.
   */
  void note(Workspace workspace, int from, int to, int step, int count, int batch) {
    if (workspace.meter(index) == null) {
      return;
    }
    float[] sums = workspace.floatSums(0);
    float[] exact = workspace.exactSums(0);
    float[] allSums = workspace.metered(elements * batch);
    float[] allExact = workspace.meteredExact(elements * batch);
    for (int i = 0; i < count; i++) {
      allSums[to + i * step] = sums[from + i];
      allExact[to + i * step] = exact[from + i];
    }
  }

  /** Compares what was noted, once the layer's tensor is whole. */
  void end(Workspace workspace, int batch) {
    FloatMeter meter = workspace.meter(index);
    if (meter != null) {
      int size = elements * batch;
      meter.compare(
          workspace.metered(size),
          workspace.meteredExact(size),
          elements,
          workspace.firstImage(),
          batch);
    }
  }
}
