package dev.narrows.hardware.c.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A resource of C, cut into named pieces. A line {@code //: name needs a b} begins a piece; pieces
 * that others need stand before them.
 */
public final class CPieces {
  private static final Pattern HEAD = Pattern.compile("//: (\\S+)(?: needs (.*))?");
  private static final Pattern PLACE = Pattern.compile("\\$\\{(\\w+)}");

  private record Piece(String text, List<String> needs) {}

  private final Map<String, Piece> pieces = new LinkedHashMap<>();

  private CPieces() {}

  /** The pieces of a resource beside the class {@code owner}. */
  public static CPieces of(Class<?> owner, String resource) {
    CPieces made = new CPieces();
    String name = "";
    List<String> needs = List.of();
    StringBuilder text = new StringBuilder();
    for (String line : read(owner, resource).lines().toList()) {
      Matcher head = HEAD.matcher(line);
      if (head.matches()) {
        made.put(name, text, needs);
        name = head.group(1);
        needs = head.group(2) == null ? List.of() : List.of(head.group(2).split(" "));
        text.setLength(0);
      } else {
        text.append(line).append('\n');
      }
    }
    made.put(name, text, needs);
    return made;
  }

  private void put(String name, StringBuilder text, List<String> needs) {
    if (!name.isEmpty()) {
      pieces.put(name, new Piece(text.toString(), needs));
    }
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

  private Piece piece(String name) {
    Piece piece = pieces.get(name);
    if (piece == null) {
      throw new IllegalStateException("no piece " + name);
    }
    return piece;
  }
}
