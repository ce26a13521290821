package dev.narrows.hardware.c.code;

import dev.narrows.hardware.c.text.CType;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A layer as C.
 *
 * @param constants declarations of its constants, and assertions about them
 * @param constantBytes what the constants take
 * @param function its definition
 * @param pieces the helpers that it calls, by name
 * @param scratch a buffer that it needs while it runs, its last parameter
 * @param notes lines of its comment
 */
public record LayerCode(
    String constants,
    long constantBytes,
    String function,
    Set<String> pieces,
    Optional<Scratch> scratch,
    List<String> notes) {
  public LayerCode {
    pieces = Set.copyOf(pieces);
    notes = List.copyOf(notes);
  }

  /** A buffer of so many elements. */
  public record Scratch(CType type, int elements) {}
}
