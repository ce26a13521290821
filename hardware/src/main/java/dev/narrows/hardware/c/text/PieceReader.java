package dev.narrows.hardware.c.text;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a resource of C into pieces, and puts in the fragments that they share.
 *
 * <p>A line {@code //: name needs a b} begins a piece, {@code //= name} a fragment, which stands
 * before what uses it. {@code //+ name one two} becomes the fragment with {@code one} for its
 * {@code $1} and {@code two} for its {@code $2}. {@code //< name one two} … {@code //>} puts it
 * around the lines between the two; they take the place of its line {@code //...}.
 */
final class PieceReader {
  private static final Pattern PIECE = Pattern.compile("//: (\\S+)(?: needs (.*))?");
  private static final Pattern USE = Pattern.compile("//([=+<]) (.*)");
  private static final Pattern WORD = Pattern.compile("\\$(\\d)");
  private static final String INNER = "//...";

  private final Map<String, CPieces.CPiece> pieces = new LinkedHashMap<>();
  private final Map<String, List<String>> fragments = new HashMap<>();

  /** The last lines of the fragments that are around the next line, the innermost first. */
  private final Deque<List<String>> around = new ArrayDeque<>();

  private List<String> lines = new ArrayList<>();

  private PieceReader() {}

  /**
   * The pieces of a resource's text, in its order.
   *
   * @throws IllegalStateException if a fragment is missing, or is not closed
   */
  static Map<String, CPieces.CPiece> read(String text) {
    PieceReader reader = new PieceReader();
    text.lines().forEach(reader::take);
    reader.begin("the end");
    return reader.pieces;
  }

  private void take(String line) {
    Matcher piece = PIECE.matcher(line);
    Matcher use = USE.matcher(line);
    if (piece.matches()) {
      begin(line);
      String needs = piece.group(2);
      pieces.put(
          piece.group(1),
          new CPieces.CPiece(lines, needs == null ? List.of() : List.of(needs.split(" "))));
    } else if (use.matches()) {
      switch (use.group(1)) {
        case "=" -> {
          begin(line);
          fragments.put(use.group(2), lines);
        }
        case "+" -> lines.addAll(filled(use.group(2)));
        default -> open(filled(use.group(2)), line);
      }
    } else if (line.equals("//>")) {
      if (around.isEmpty()) {
        throw new IllegalStateException("//> closes nothing");
      }
      lines.addAll(around.pop());
    } else {
      lines.add(line);
    }
  }

  private void begin(String line) {
    if (!around.isEmpty()) {
      throw new IllegalStateException("no //> before " + line);
    }
    lines = new ArrayList<>();
  }

  private void open(List<String> fragment, String line) {
    int inner = fragment.indexOf(INNER);
    if (inner < 0) {
      throw new IllegalStateException(line + ": the fragment has no line " + INNER);
    }
    lines.addAll(fragment.subList(0, inner));
    around.push(fragment.subList(inner + 1, fragment.size()));
  }

  private List<String> filled(String use) {
    String[] words = use.split(" ");
    List<String> fragment = fragments.get(words[0]);
    if (fragment == null) {
      throw new IllegalStateException("no fragment " + words[0]);
    }
    return fragment.stream().map(line -> filled(line, words)).toList();
  }

  private static String filled(String line, String[] words) {
    return WORD.matcher(line)
        .replaceAll(place -> {
          int word = Integer.parseInt(place.group(1));
          if (word >= words.length) {
            throw new IllegalStateException(words[0] + ": no word for " + place.group());
          }
          return Matcher.quoteReplacement(words[word]);
        });
  }
}
