package dev.narrows.training.torch;

import dev.narrows.training.qat.MaskedSimulator.MaskedBlock;
import dev.narrows.training.qat.MaskedSimulator.MaskedDots;
import java.lang.foreign.MemorySegment;

/** {@link DenseRows} with gradients. */
record MaskedRows(int terms, int channels, MaskedDots dots) implements SimulatedLayer.MaskedLayer {
  @Override
  public void sum(int from, int to, MemorySegment input, MemorySegment sums) {
    new DenseRows<>(terms, channels, dots, DotArrays.FLOATS).sum(from, to, input, sums);
  }

  @Override
  public void backward(
      int from,
      int to,
      MemorySegment input,
      MemorySegment upstream,
      float[] weights,
      MemorySegment inputs) {
    int rows = to - from;
    MaskedBlock block = dots.block(rows);
    float[] between = new float[rows * Math.max(terms, channels)];
    DotArrays.FLOATS.read(input, from, rows, terms, between, block.inputs(), block.stride());
    float[] given = new float[channels * rows];
    DotArrays.FLOATS.read(upstream, from, rows, channels, between, given, rows);
    float[] columns = new float[block.inputs().length];
    block.backward(given, weights, columns);
    DotArrays.FLOATS.write(columns, block.stride(), rows, terms, between, inputs, from);
  }
}
