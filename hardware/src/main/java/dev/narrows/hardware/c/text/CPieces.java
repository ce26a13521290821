package dev.narrows.hardware.c.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A resource of C, cut into named pieces; pieces that others need stand before them. */
public final class CPieces {
  private static final Pattern PLACE = Pattern.compile("\\$\\{(\\w+)}");

  /** Lines of C, and the names of the pieces that they need. */
  record CPiece(List<String> lines, List<String> needs) {
    String text() {
      return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }
  }

  private final Map<String, CPiece> pieces;

  private CPieces(Map<String, CPiece> pieces) {
    this.pieces = pieces;
  }

  /** The pieces of a resource beside the class {@code owner}, as {@link PieceReader} cuts it. */
  public static CPieces of(Class<?> owner, String resource) {
    return new CPieces(PieceReader.read(read(owner, resource)));
  }

  private static String read(Class<?> owner, String resource) {
    try (InputStream in = owner.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The pieces of these names and all that they need, each once, in the resource's order. */
  public String with(Collection<String> names) {
    Set<String> wanted = new LinkedHashSet<>();
    List<String> open = new ArrayList<>(names);
    while (!open.isEmpty()) {
      String name = open.removeLast();
      if (wanted.add(name)) {
        open.addAll(piece(name).needs());
      }
    }
    StringBuilder text = new StringBuilder();
    pieces.forEach((name, piece) -> text.append(wanted.contains(name) ? piece.text() : ""));
    return text.toString();
  }

  /**
   * A piece with its places {@code ${name}} filled in.
   *
   * @throws IllegalStateException if a place has no value
   */
  public String fill(String name, Map<String, ?> values) {
    return PLACE
        .matcher(piece(name).text())
        .replaceAll(place -> {
          Object value = values.get(place.group(1));
          if (value == null) {
            throw new IllegalStateException(name + ": no value for " + place.group());
          }
          return Matcher.quoteReplacement(value.toString());
        });
  }

  private CPiece piece(String name) {
    CPiece piece = pieces.get(name);
    if (piece == null) {
      throw new IllegalStateException("no piece " + name);
    }
    return piece;
  }
}
