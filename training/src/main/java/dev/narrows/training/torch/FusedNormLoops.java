package dev.narrows.training.torch;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * The passes over memory of a {@link FusedBatchNorm}, in one format of memory; the arithmetic is in
 * binary32. Memory is rows of a multiple of {@link #WIDTH} columns; arrays that hold something for
 * each column are in the order of {@link #column}. Sums run over rows in index order.
 */
sealed interface FusedNormLoops permits FusedNormBinary32, FusedNormBfloat16 {
  /** Columns of a block: two vectors. */
  int WIDTH = 2 * FloatVector.SPECIES_PREFERRED.length();

  /**
   * y = slope·x + offset, and what is added to it, cut to [low, high]. Gradients pass where it lies
   * between, ends excluded.
   */
  record CutMap(float[] slopes, float[] offsets, float low, float high) {}

  /** Two sums for each column. */
  record NormSums(double[] first, double[] second) {
    NormSums(int columns) {
      this(new double[columns], new double[columns]);
    }
  }

  /** The column that place {@code place} of an array belongs to. */
  int column(int place);

  float get(MemorySegment memory, long at);

  /** Writes a number, rounded to nearest. */
  void put(MemorySegment memory, long at, float value);

  /** Adds Σ (x − pivot) and Σ (x − pivot)² of rows {@code from} … {@code to} − 1. */
  void moments(MemorySegment x, int from, int to, float[] pivot, NormSums sums);

  /** Writes y. */
  void forward(MemorySegment x, MemorySegment y, int from, int to, CutMap map);

  /** Writes y of sums with a residual. */
  void forwardAdded(
      MemorySegment x, MemorySegment residual, MemorySegment y, int from, int to, CutMap map);

  /** Adds Σ g and Σ g·(x − pivot) of the gradients that pass. */
  void gradientSums(
      MemorySegment x, MemorySegment g, int from, int to, CutMap map, float[] pivot, NormSums sums);

  /**
   * {@link #gradientSums} where the outputs y tell which gradients pass.
   *
   * @param passed gets them, zero elsewhere: the residual's gradient
   */
  void gradientSumsAdded(
      MemorySegment x,
      MemorySegment g,
      MemorySegment y,
      MemorySegment passed,
      int from,
      int to,
      CutMap map,
      float[] pivot,
      NormSums sums);

  /**
   * Writes direct·g + shift + follow·x, g being zero where no gradient passes.
   *
   * @param factors direct, shift, follow
   */
  void backward(
      MemorySegment x,
      MemorySegment g,
      MemorySegment out,
      int from,
      int to,
      CutMap map,
      float[][] factors);
}
