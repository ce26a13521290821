package dev.narrows.network.text;

import java.text.Normalizer;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * How BERT cuts a text into words: control characters go, ideographs and punctuation stand alone,
 * white space separates. Categories of characters are those of Unicode 8, as the package tokenizers
 * has them: what was added since is neither punctuation nor a mark to it.
 *
 * @param clean control characters go, white space becomes a space
 * @param ideographs whether each of them is a word of its own
 * @param stripAccents whether letters lose their marks
 * @param lowerCase whether letters become small
 */
public record BertText(boolean clean, boolean ideographs, boolean stripAccents, boolean lowerCase) {

  /** The text before it is cut. */
  String normal(String text) {
    StringBuilder kept = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          if (clean && (c == 0 || c == 0xFFFD || control(c))) {
            return;
          }
          int one = clean && whiteSpace(c) ? ' ' : c;
          if (ideographs && ideograph(one)) {
            kept.append(' ').appendCodePoint(one).append(' ');
          } else {
            kept.appendCodePoint(one);
          }
        });
    String made = kept.toString();
    if (stripAccents) {
      StringBuilder bare = new StringBuilder();
      Normalizer.normalize(made, Normalizer.Form.NFD)
          .codePoints()
          .filter(c -> !mark(c))
          .forEach(bare::appendCodePoint);
      made = bare.toString();
    }
    return lowerCase ? small(made) : made;
  }

  /** Letter by letter: a Σ at the end of a word is a σ as any other. */
  private static String small(String text) {
    StringBuilder small = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          if (c < 128) {
            small.append((char) Character.toLowerCase(c));
          } else {
            small.append(Character.toString(c).toLowerCase(Locale.ROOT));
          }
        });
    return small.toString();
  }

  /**
   * Gives the words of a text in order, until one is not wanted.
   *
   * @param wanted whether more words are wanted
   * @return whether all were
   */
  boolean words(String text, Predicate<String> wanted) {
    String normal = normal(text);
    int from = 0;
    for (int at = 0; at < normal.length(); ) {
      int c = normal.codePointAt(at);
      int next = at + Character.charCount(c);
      boolean alone = punctuation(c);
      if (alone || whiteSpace(c)) {
        if (from < at && !wanted.test(normal.substring(from, at))
            || alone && !wanted.test(normal.substring(at, next))) {
          return false;
        }
        from = next;
      }
      at = next;
    }
    return from == normal.length() || wanted.test(normal.substring(from));
  }

  /** Unicode's property White_Space. */
  private static boolean whiteSpace(int c) {
    return c >= '\t' && c <= '\r' || c == 0x85 || Character.isSpaceChar(c);
  }

  private static boolean control(int c) {
    if (c == '\t' || c == '\n' || c == '\r' || YoungCharacters.has(c)) {
      return false;
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE -> true;
      default -> false;
    };
  }

  /** A mark that is no letter's width; U+1734 was one in Unicode 8. */
  private static boolean mark(int c) {
    return c == 0x1734
        || Character.getType(c) == Character.NON_SPACING_MARK && !YoungCharacters.has(c);
  }

  /** All of ASCII that is neither letter nor number, and punctuation; U+166D, U+111C9 once were. */
  private static boolean punctuation(int c) {
    if (c < 128) {
      return c > ' ' && c < 127 && !Character.isLetterOrDigit(c);
    }
    if (c == 0x166D || c == 0x111C9) {
      return true;
    }
    return !YoungCharacters.has(c)
        && switch (Character.getType(c)) {
          case Character.CONNECTOR_PUNCTUATION,
              Character.DASH_PUNCTUATION,
              Character.START_PUNCTUATION,
              Character.END_PUNCTUATION,
              Character.INITIAL_QUOTE_PUNCTUATION,
              Character.FINAL_QUOTE_PUNCTUATION,
              Character.OTHER_PUNCTUATION ->
              true;
          default -> false;
        };
  }

  /** Unified and compatibility ideographs, as tokenizers has them: BERT's own begin at U+2B820. */
  private static boolean ideograph(int c) {
    return c >= 0x4E00 && c <= 0x9FFF
        || c >= 0x3400 && c <= 0x4DBF
        || c >= 0x20000 && c <= 0x2A6DF
        || c >= 0x2A700 && c <= 0x2B73F
        || c >= 0x2B740 && c <= 0x2B81F
        || c >= 0x2B920 && c <= 0x2CEAF
        || c >= 0xF900 && c <= 0xFAFF
        || c >= 0x2F800 && c <= 0x2FA1F;
  }
}
