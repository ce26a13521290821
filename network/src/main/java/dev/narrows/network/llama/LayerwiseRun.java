package dev.narrows.network.llama;

import dev.narrows.network.execute.LayerRegisters;

/**
 * Windows of tokens through a model in exact sums, one layer at a time, so that what each matrix is
 * given can be looked at before it is multiplied, and the matrix changed.
 */
public final class LayerwiseRun implements AutoCloseable {
  private final LlamaRunner runner;
  private final KeyValues memory;
  private final int columns;
  private final float[] stream;

  /** What looks at the inputs of matrices just before they are multiplied with them. */
  public interface InputTap {
    /**
     * Looks at them; may change what the model says of matrices that take them.
     *
     * @param matrix the first of those that share these inputs: QUERY (with KEY and VALUE), OUTPUT,
     *     GATE (with UP) or DOWN
     * @param x [terms][columns], in an array that may be longer; valid during the call
     */
    void look(LlamaMatrix matrix, int layer, float[] x);
  }

  /**
   * Embeds the tokens.
   *
   * @param ids [windows][length]
   * @param windows of equal length, at most the model's
   */
  public LayerwiseRun(LlamaModel model, int[] ids, int windows, int threads) {
    int length = ids.length / windows;
    if (length < 1 || length * windows != ids.length || length > model.shape().length()) {
      throw new IllegalArgumentException(
          "%d tokens are not %d windows of the model's length".formatted(ids.length, windows));
    }
    this.columns = ids.length;
    this.memory = KeyValues.ofOnePass(model.shape(), windows, length);
    this.runner = new LlamaRunner(model, LayerRegisters.exact(), length, false, threads);
    this.stream = runner.begin(ids, memory, 0);
  }

  /** Tokens of all windows. */
  public int columns() {
    return columns;
  }

  /** What the next layer is given, [dim][columns]; changes with each layer. */
  public float[] stream() {
    return stream;
  }

  /** Runs the next layer; to be called for each in turn. */
  public void layer(int layer, InputTap tap) {
    runner.layer(layer, stream, memory, columns, tap);
  }

  /**
   * What the classifier is given after the last layer, [dim][columns]; valid until the next call.
   */
  public float[] last() {
    return runner.last(stream, columns);
  }

  @Override
  public void close() {
    runner.close();
  }
}
