package dev.narrows.training.qat;

/** Sums dot products in an accumulator's own arithmetic. */
public interface IntegerDotSimulator {
  /**
   * Packs the weights of a layer, or of one group of it.
   *
   * @param weights row-major [channels][terms], terms in flattening order (kernel row, kernel
   *     column, input channel)
   */
  IntegerDots prepare(int channels, int terms, int[] weights);

  /** A layer's dot products; thread-safe. */
  interface IntegerDots {
    /** Room for {@code rows} inputs at a time, for one thread. */
    IntegerDotBlock block(int rows);
  }

  /** Inputs to be filled in and summed, again and again. */
  interface IntegerDotBlock {
    /** The buffer: term k of input j stands at {@code k * stride() + j}. */
    int[] inputs();

    int stride();

    /**
     * Sums all rows.
     *
     * @param results out, row-major [channels][rows]: what each register holds in the end
     */
    void sum(int[] results);
  }
}
