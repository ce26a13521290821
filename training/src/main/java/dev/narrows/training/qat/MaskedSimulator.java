package dev.narrows.training.qat;

/** A simulator that knows which products of a sum a gradient reaches. */
public interface MaskedSimulator extends DotSimulator<float[]> {
  @Override
  MaskedDots prepare(int channels, int terms, float[] weights);

  /** Dot products with gradients; thread-safe. */
  interface MaskedDots extends Dots<float[]> {
    @Override
    MaskedBlock block(int rows);
  }

  /** Inputs whose sums have gradients. */
  interface MaskedBlock extends DotBlock<float[]> {
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
