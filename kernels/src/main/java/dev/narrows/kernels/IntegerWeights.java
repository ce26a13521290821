package dev.narrows.kernels;

import dev.narrows.kernels.integer.SparseWeights;

/**
 * Integer weights of one group of output channels, [channels][K], stored without their zeros: in no
 * order and no accumulator does a term of zero change a register. Immutable.
 */
public final class IntegerWeights {
  private final SparseWeights sparse;

  private IntegerWeights(SparseWeights sparse) {
    this.sparse = sparse;
  }

  /**
   * @param values row-major [channels][terms], each above −2^31; copied
   * @throws IllegalArgumentException if the number of values is not channels · terms
   * @throws ArithmeticException if a value is −2^31
   */
  public static IntegerWeights of(int channels, int terms, int[] values) {
    return new IntegerWeights(SparseWeights.of(channels, terms, values));
  }

  SparseWeights sparse() {
    return sparse;
  }

  /** How many output channels there are. */
  public int channels() {
    return sparse.channels();
  }

  /** K, zeros included. */
  public int terms() {
    return sparse.terms();
  }

  /** The number of weights that are not zero: multiplications per column. */
  public long nonZeros() {
    return sparse.nonZeros();
  }

  /** Whether any term is skipped. */
  public boolean packed() {
    return sparse.packed();
  }

  /** ‖q‖₁ of one channel. */
  public long l1(int channel) {
    return sparse.l1(channel);
  }

  /** The largest sum that inputs in [low, high] can reach in any order, tree or subset; ≥ 0. */
  public long highest(int channel, int low, int high) {
    return sparse.highest(channel, low, high);
  }

  /** The smallest sum that inputs in [low, high] can reach in any order, tree or subset; ≤ 0. */
  public long lowest(int channel, int low, int high) {
    return sparse.lowest(channel, low, high);
  }
}
