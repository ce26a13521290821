package dev.narrows.training.qat;

/** Sums dot products of floating-point numbers in a floating-point accumulator's own arithmetic. */
public interface FloatDotSimulator {
  /**
   * Packs the weights of a layer, or of one group of it.
   *
   * @param weights row-major [channels][terms], terms in flattening order (kernel row, kernel
   *     column, input channel)
   */
  FloatDots prepare(int channels, int terms, float[] weights);

  /** A layer's dot products; thread-safe. */
  interface FloatDots {
    /** Room for {@code rows} inputs at a time, for one thread. */
    FloatDotBlock block(int rows);
  }

  /** Inputs to be filled in and summed, again and again. */
  interface FloatDotBlock {
    /** The buffer: term k of input j stands at {@code k * stride() + j}. */
    float[] inputs();

    int stride();

    /**
     * Sums all rows.
     *
     * @param results out, row-major [channels][rows]: what each register holds in the end
     */
    void sum(float[] results);

    /**
     * The gradients of the last sums where the simulator's masks let them pass.
     *
     * @param upstream gradients of the sums, row-major [channels][rows]
     * @param weights added to, row-major [channels][terms]
     * @param inputs out, laid out like {@link #inputs()}
     */
    void backward(float[] upstream, float[] weights, float[] inputs);
  }
}
