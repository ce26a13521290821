package dev.narrows.network.bert;

/**
 * The sizes of an encoder.
 *
 * @param dim channels of a token's vector
 * @param hidden channels between the two halves of a feed-forward layer
 * @param heads of attention; divides {@code dim}
 * @param vocabulary rows of the word embedding
 * @param length the longest sequence: rows of the position embedding
 * @param kinds rows of the embedding of kinds of tokens; all tokens here are of the first
 */
public record BertShape(
    int dim, int hidden, int layers, int heads, int vocabulary, int length, int kinds) {
  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if heads do not divide the channels
   */
  public BertShape {
    if (dim % heads != 0) {
      throw new IllegalArgumentException(
          "num_attention_heads must divide hidden_size, got %d and %d".formatted(heads, dim));
    }
  }

  /** What scores of attention are multiplied with: 1/√(channels of a head). */
  float scoreScale() {
    return (float) (1 / Math.sqrt((double) dim / heads));
  }
}
