package dev.narrows.training.torch;

import dev.narrows.training.qat.DotSimulator.DotBlock;
import dev.narrows.training.qat.DotSimulator.Dots;
import java.lang.foreign.MemorySegment;

/**
 * A dense layer: a row of the batch is a column of products.
 *
 * @param <A> the simulator's arrays
 */
record DenseRows<A>(int terms, int channels, Dots<A> dots, DotArrays<A> arrays)
    implements SimulatedLayer {
  @Override
  public void sum(int from, int to, MemorySegment input, MemorySegment sums) {
    int rows = to - from;
    DotBlock<A> block = dots.block(rows);
    float[] between = new float[rows * Math.max(terms, channels)];
    arrays.read(input, from, rows, terms, between, block.inputs(), block.stride());
    A held = arrays.zeros(channels * rows);
    block.sum(held);
    arrays.write(held, rows, rows, channels, between, sums, from);
  }
}
