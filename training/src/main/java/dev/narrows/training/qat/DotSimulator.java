package dev.narrows.training.qat;

/**
 * Sums dot products in an accumulator's own arithmetic.
 *
 * @param <A> {@code int[]} of codes, or {@code float[]} of floating-point numbers
 */
public interface DotSimulator<A> {
  /**
   * Packs the weights of a layer, or of one group of it.
   *
   * @param weights row-major [channels][terms], terms in flattening order (kernel row, kernel
   *     column, input channel)
   */
  Dots<A> prepare(int channels, int terms, A weights);

  /** A layer's dot products; thread-safe. */
  interface Dots<A> {
    /** Room for {@code rows} inputs at a time, for one thread. */
    DotBlock<A> block(int rows);
  }

  /** Inputs to be filled in and summed, again and again. */
  interface DotBlock<A> {
    /** The buffer: term k of input j stands at {@code k * stride() + j}. */
    A inputs();

    int stride();

    /**
     * Sums all rows.
     *
     * @param results out, row-major [channels][rows]: what each register holds in the end
     */
    void sum(A results);
  }
}
