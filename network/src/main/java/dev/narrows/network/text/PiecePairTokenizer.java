package dev.narrows.network.text;

import dev.narrows.network.text.PairMerger.Join;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Pairs of pieces, as Llama 2's vocabulary in {@code tokenizer.json} has them: every space becomes
 * ▁, a text begins with one, characters are pieces, and pairs are joined in the order in which the
 * vocabulary learned them. A character that is no piece becomes its bytes. Thread-safe.
 */
public final class PiecePairTokenizer implements TextTokenizer {
  /** The sign for a space. */
  public static final char SPACE = '▁';

  private static final int BYTES = 256;

  private final List<String> tokens;
  private final Set<Integer> marks;
  private final Beginning beginning;
  private final boolean split;
  private final Map<String, Integer> ids = new HashMap<>();
  private final int[] ofByte = new int[BYTES];
  private final Map<Integer, Byte> bytes = new HashMap<>();
  private final Map<Long, Join> joins = new HashMap<>();
  private final PairMerger merger;

  /** What stands before a text. */
  public enum Beginning {
    /** A space, always. */
    SPACE_ALWAYS,
    /** A space, unless the text begins with one. */
    SPACE_IF_NONE,
    /** Nothing. */
    NOTHING
  }

  /**
   * Makes one from a vocabulary.
   *
   * @param tokens by id; those of bytes are {@code <0x00>} to {@code <0xFF>}
   * @param merges pairs of tokens with a space between, first learned first
   * @param marks ids that no text becomes
   * @param split whether no token reaches over the beginning of a ▁
   * @throws IllegalArgumentException naming a byte that has no token, or a merge that is not one of
   *     the vocabulary's
   */
  public PiecePairTokenizer(
      List<String> tokens,
      List<String> merges,
      Set<Integer> marks,
      Beginning beginning,
      boolean split) {
    this.tokens = List.copyOf(tokens);
    this.marks = Set.copyOf(marks);
    this.beginning = beginning;
    this.split = split;
    for (int id = 0; id < tokens.size(); id++) {
      if (!marks.contains(id)) {
        ids.putIfAbsent(tokens.get(id), id);
      }
    }
    for (int b = 0; b < BYTES; b++) {
      String name = "<0x%02X>".formatted(b);
      Integer id = ids.get(name);
      if (id == null) {
        throw new IllegalArgumentException("the vocabulary has no token " + name);
      }
      ofByte[b] = id;
      bytes.put(id, (byte) b);
    }
    for (int rank = 0; rank < merges.size(); rank++) {
      learn(merges.get(rank), rank);
    }
    this.merger =
        new PairMerger((left, right) -> Optional.ofNullable(joins.get((long) left << 32 | right)));
  }

  private void learn(String merge, int rank) {
    int space = merge.indexOf(' ');
    Integer left = ids.get(merge.substring(0, Math.max(0, space)));
    Integer right = ids.get(merge.substring(space + 1));
    Integer joined = ids.get(merge.substring(0, Math.max(0, space)) + merge.substring(space + 1));
    if (space < 0 || left == null || right == null || joined == null) {
      throw new IllegalArgumentException(
          "merge %d: expected two tokens whose joint text is a token, got \"%s\""
              .formatted(rank, merge));
    }
    joins.putIfAbsent((long) left << 32 | right, new Join(joined, -rank));
  }

  /** {@inheritDoc} All of the text is looked at, unless it is cut at spaces. */
  @Override
  public int[] encode(String text, int most) {
    if (text.isEmpty() || most <= 0) {
      return new int[0];
    }
    String spaced = text.replace(' ', SPACE);
    boolean more =
        switch (beginning) {
          case SPACE_ALWAYS -> true;
          case SPACE_IF_NONE -> spaced.charAt(0) != SPACE;
          case NOTHING -> false;
        };
    String whole = more ? SPACE + spaced : spaced;
    if (!split) {
      return TextTokenizer.first(merger.merge(characters(whole)), most);
    }
    IntStream.Builder made = IntStream.builder();
    int count = 0;
    for (int from = 0; from < whole.length() && count < most; ) {
      int next = whole.indexOf(SPACE, from + 1);
      int to = next < 0 ? whole.length() : next;
      int[] part = merger.merge(characters(whole.substring(from, to)));
      Arrays.stream(part).forEach(made::add);
      count += part.length;
      from = to;
    }
    return TextTokenizer.first(made.build().toArray(), most);
  }

  private int[] characters(String text) {
    IntStream.Builder made = IntStream.builder();
    text.codePoints()
        .forEach(point -> {
          String character = Character.toString(point);
          Integer id = ids.get(character);
          if (id != null) {
            made.add(id);
          } else {
            for (byte one : character.getBytes(StandardCharsets.UTF_8)) {
              made.add(ofByte[one & 255]);
            }
          }
        });
    return made.build().toArray();
  }

  /** {@inheritDoc} Marks are left out, and so is the space that stands before a text. */
  @Override
  public String decode(int[] ofText) {
    ByteArrayOutputStream made = new ByteArrayOutputStream();
    for (int token : ofText) {
      if (marks.contains(token)) {
        continue;
      }
      if (bytes.containsKey(token)) {
        made.write(Objects.requireNonNull(bytes.get(token)));
      } else {
        made.writeBytes(tokens.get(token).replace(SPACE, ' ').getBytes(StandardCharsets.UTF_8));
      }
    }
    String text = made.toString(StandardCharsets.UTF_8);
    return beginning != Beginning.NOTHING && text.startsWith(" ") ? text.substring(1) : text;
  }
}
