package dev.narrows.network.text;

import java.util.Arrays;

/** Cuts texts into a model's tokens and puts tokens together again. */
public interface TextTokenizer {
  /**
   * The tokens of a text, without marks at its beginning or end. What looks like a mark in the text
   * is text.
   */
  default int[] encode(String text) {
    return encode(text, Integer.MAX_VALUE);
  }

  /**
   * The first tokens of a text; the rest of the text need not be looked at.
   *
   * @param most how many at most
   */
  int[] encode(String text, int most);

  /** The text of tokens; bytes that are no UTF-8 become U+FFFD. */
  String decode(int[] tokens);

  /** At most the first tokens of all. */
  static int[] first(int[] tokens, int most) {
    return tokens.length <= most ? tokens : Arrays.copyOf(tokens, most);
  }
}
