package dev.narrows.network.gpt;

/**
 * The sizes of a decoder, as {@code config.json} states them.
 *
 * @param dim channels of a token's vector
 * @param hidden channels between the two halves of a feed-forward layer
 * @param heads of attention; divides {@code dim}
 * @param vocabulary rows of the word embedding
 * @param length the longest sequence: rows of the position embedding
 */
record GptShape(int dim, int hidden, int layers, int heads, int vocabulary, int length) {
  /** What scores of attention are multiplied with: 1/√(channels of a head). */
  float scoreScale() {
    return (float) (1 / Math.sqrt((double) dim / heads));
  }
}
