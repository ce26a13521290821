package dev.narrows.network.text;

import dev.narrows.network.text.PairMerger.Join;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Byte-level pair encoding: a text is cut, each part becomes its bytes, and pairs are joined in the
 * order in which the vocabulary learned them. Thread-safe.
 */
public final class ByteLevelTokenizer implements TextTokenizer {
  /** Parts whose tokens are remembered: words come again and again. */
  private static final int REMEMBERED = 1 << 15;

  private static final int LONGEST_REMEMBERED = 32;

  private final List<String> tokens;
  private final PreTokenizer cuts;
  private final boolean wholeFirst;
  private final Map<String, Integer> ids = new HashMap<>();
  private final int[] ofByte = new int[256]; // −1: no token
  private final Map<Long, Join> joins = new HashMap<>();
  private final Set<Integer> marks;
  private final PairMerger merger;

  /**
   * Makes one from a vocabulary.
   *
   * @param tokens by id, in the alphabet of bytes where Ġ is a space
   * @param merges pairs of tokens with a space between, first learned first
   * @param marks ids that no text becomes
   * @throws IllegalArgumentException naming a merge that is not one of the vocabulary's
   */
  public ByteLevelTokenizer(
      List<String> tokens, List<String> merges, Set<Integer> marks, PreTokenizer cuts) {
    this(tokens, merges, marks, cuts, cuts.wholeFirst());
  }

  /**
   * Makes one from a vocabulary that says itself whether whole parts go first.
   *
   * @param wholeFirst whether a part that is a token as a whole is that token, whatever its pairs
   *     would make
   */
  public ByteLevelTokenizer(
      List<String> tokens,
      List<String> merges,
      Set<Integer> marks,
      PreTokenizer cuts,
      boolean wholeFirst) {
    this.tokens = List.copyOf(tokens);
    this.cuts = cuts;
    this.wholeFirst = wholeFirst;
    this.marks = Set.copyOf(marks);
    for (int id = 0; id < tokens.size(); id++) {
      if (!marks.contains(id)) {
        ids.putIfAbsent(tokens.get(id), id);
      }
    }
    Arrays.setAll(ofByte, b -> ids.getOrDefault(String.valueOf(ByteAlphabet.character(b)), -1));
    for (int rank = 0; rank < merges.size(); rank++) {
      learn(merges.get(rank), rank);
    }
    this.merger =
        new PairMerger((left, right) -> Optional.ofNullable(joins.get(pair(left, right))));
  }

  private void learn(String merge, int rank) {
    int space = merge.indexOf(' ', 1);
    Optional<Integer> left = id(merge.substring(0, Math.max(0, space)));
    Optional<Integer> right = id(merge.substring(space + 1));
    Optional<Integer> joined =
        id(merge.substring(0, Math.max(0, space)) + merge.substring(space + 1));
    if (space < 0 || left.isEmpty() || right.isEmpty() || joined.isEmpty()) {
      throw new IllegalArgumentException(
          "merge %d: expected two tokens whose joint text is a token, got \"%s\""
              .formatted(rank, merge));
    }
    joins.putIfAbsent(pair(left.get(), right.get()), new Join(joined.get(), -rank));
  }

  private Optional<Integer> id(String text) {
    return Optional.ofNullable(ids.get(text));
  }

  private static long pair(int left, int right) {
    return (long) left << 32 | right;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the vocabulary lacks a byte of the text
   */
  @Override
  public int[] encode(String text, int most) {
    IntStream.Builder made = IntStream.builder();
    Map<String, int[]> known = new HashMap<>();
    int[] count = {0};
    if (most > 0) {
      cuts.parts(
          text,
          part -> {
            int[] tokensOfPart = known.get(part);
            if (tokensOfPart == null) {
              tokensOfPart = part(part);
              if (part.length() <= LONGEST_REMEMBERED && known.size() < REMEMBERED) {
                known.put(part, tokensOfPart);
              }
            }
            for (int token : tokensOfPart) {
              made.add(token);
            }
            count[0] += tokensOfPart.length;
            return count[0] < most;
          });
    }
    return TextTokenizer.first(made.build().toArray(), most);
  }

  private int[] part(String part) {
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    int[] start = new int[bytes.length];
    StringBuilder whole = new StringBuilder();
    for (int i = 0; i < bytes.length; i++) {
      int value = bytes[i] & 255;
      start[i] = ofByte[value];
      whole.append(ByteAlphabet.character(value));
      if (start[i] < 0) {
        throw new IllegalArgumentException(
            "the vocabulary has no token for byte 0x%02X of \"%s\"".formatted(value, part));
      }
    }
    if (wholeFirst) {
      Optional<Integer> id = id(whole.toString());
      if (id.isPresent()) {
        return new int[] {id.get()};
      }
    }
    return merger.merge(start);
  }

  /** {@inheritDoc} Marks are left out. */
  @Override
  public String decode(int[] ofText) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int token : ofText) {
      if (!marks.contains(token)) {
        bytes.writeBytes(ByteAlphabet.bytes(tokens.get(token)));
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
