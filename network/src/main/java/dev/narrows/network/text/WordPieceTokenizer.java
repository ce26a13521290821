package dev.narrows.network.text;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * WordPiece: each word becomes the longest piece that begins it, then the longest that goes on with
 * it, and so on; a word that cannot be made of pieces is unknown as a whole. Thread-safe.
 */
public final class WordPieceTokenizer implements TextTokenizer {
  /** What a piece begins with that goes on with a word. */
  private static final String ON = "##";

  private final List<String> tokens;
  private final BertText cuts;
  private final int unknown;
  private final int longestWord;
  private final Set<Integer> marks;
  private final Map<String, Integer> ids = new HashMap<>();

  /**
   * Makes one from a vocabulary.
   *
   * @param tokens by id
   * @param marks ids that no text becomes
   * @param unknown the id of a word that has no pieces
   * @param longestWord code points of a word; a longer one is unknown
   */
  public WordPieceTokenizer(
      List<String> tokens, Set<Integer> marks, int unknown, int longestWord, BertText cuts) {
    this.tokens = List.copyOf(tokens);
    this.marks = Set.copyOf(marks);
    this.unknown = unknown;
    this.longestWord = longestWord;
    this.cuts = cuts;
    for (int id = 0; id < tokens.size(); id++) {
      if (!marks.contains(id)) {
        ids.putIfAbsent(tokens.get(id), id);
      }
    }
  }

  @Override
  public int[] encode(String text, int most) {
    IntStream.Builder made = IntStream.builder();
    int[] count = {0};
    if (most > 0) {
      cuts.words(
          text,
          word -> {
            for (int piece : pieces(word)) {
              made.add(piece);
              count[0]++;
            }
            return count[0] < most;
          });
    }
    return TextTokenizer.first(made.build().toArray(), most);
  }

  private int[] pieces(String word) {
    int[] whole = {unknown};
    if (word.codePointCount(0, word.length()) > longestWord) {
      return whole;
    }
    int[] pieces = new int[word.length()];
    int count = 0;
    for (int from = 0; from < word.length(); ) {
      int to = word.length();
      Integer id = id(word, from, to);
      while (id == null && to > from) {
        to = word.offsetByCodePoints(to, -1);
        id = id(word, from, to);
      }
      if (id == null || to == from) {
        return whole;
      }
      pieces[count++] = id;
      from = to;
    }
    return Arrays.copyOf(pieces, count);
  }

  private @Nullable Integer id(String word, int from, int to) {
    String piece = word.substring(from, to);
    return ids.get(from == 0 ? piece : ON + piece);
  }

  /** {@inheritDoc} Marks are left out; a space stands before every word. */
  @Override
  public String decode(int[] ofText) {
    StringBuilder text = new StringBuilder();
    for (int token : ofText) {
      if (marks.contains(token)) {
        continue;
      }
      String piece = tokens.get(token);
      if (piece.startsWith(ON)) {
        text.append(piece, ON.length(), piece.length());
      } else {
        text.append(text.isEmpty() ? "" : " ").append(piece);
      }
    }
    return text.toString();
  }
}
