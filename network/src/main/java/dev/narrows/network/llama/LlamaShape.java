package dev.narrows.network.llama;

/**
 * The sizes that a checkpoint's header states.
 *
 * @param dim channels of the stream
 * @param hidden channels between the two halves of a feed-forward layer
 * @param heads of the queries; divides {@code dim}
 * @param keyHeads of keys and values; divides {@code heads}
 * @param vocabulary the number of token ids
 * @param shared whether the classifier is the embedding table
 * @param length the longest sequence the model was trained on
 */
public record LlamaShape(
    int dim,
    int hidden,
    int layers,
    int heads,
    int keyHeads,
    int vocabulary,
    boolean shared,
    int length) {
  private static final int LARGEST = 1 << 20;

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException naming the size that is not one
   */
  public LlamaShape {
    within("dim", dim);
    within("hidden_dim", hidden);
    within("n_layers", layers);
    within("n_heads", heads);
    within("n_kv_heads", keyHeads);
    within("vocab_size", vocabulary);
    within("seq_len", length);
    if (dim % heads != 0 || dim / heads % 2 != 0) {
      throw new IllegalArgumentException(
          "n_heads must divide dim into even parts, got %d and %d".formatted(heads, dim));
    }
    if (heads % keyHeads != 0) {
      throw new IllegalArgumentException(
          "n_kv_heads must divide n_heads, got %d and %d".formatted(keyHeads, heads));
    }
  }

  private static void within(String what, int size) {
    if (size < 1 || size > LARGEST) {
      throw new IllegalArgumentException(
          "%s must be in [1, %d], got %d".formatted(what, LARGEST, size));
    }
  }

  /** Channels of a head. */
  public int headSize() {
    return dim / heads;
  }

  /** Where channel 2i or 2i + 1 of a head is, if pairs are half a head apart. */
  int apart(int channel) {
    int size = headSize();
    int within = channel % size;
    return channel - within + within / 2 + within % 2 * (size / 2);
  }

  /** What scores of attention are multiplied with: 1/√headSize. */
  float scoreScale() {
    return (float) (1 / Math.sqrt(headSize()));
  }

  /** Channels of all keys, and of all values. */
  public int keyDim() {
    return headSize() * keyHeads;
  }

  /**
   * The float32 numbers of the file.
   *
   * @throws ArithmeticException if they are more than 2^63
   */
  public long numbers() {
    long square = (long) dim * dim;
    long layer = 2L * dim + 2 * square + 2L * dim * keyDim() + 3L * dim * hidden;
    long tables = (long) vocabulary * dim * (shared ? 1 : 2) + (long) length * headSize();
    return Math.addExact(Math.multiplyExact(layers, layer), tables + dim);
  }
}
