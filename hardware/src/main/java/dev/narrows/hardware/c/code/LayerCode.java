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
 * @param inputs the tensors that it reads, its first parameters
 * @param reading how its output lies to them
 */
public record LayerCode(
    String constants,
    long constantBytes,
    String function,
    Set<String> pieces,
    Optional<Scratch> scratch,
    List<String> notes,
    List<Integer> inputs,
    Reading reading) {
  public LayerCode {
    pieces = Set.copyOf(pieces);
    notes = List.copyOf(notes);
    inputs = List.copyOf(inputs);
  }

  /** How a layer reads. */
  public enum Reading {
    /** Its output may not lie where an input does. */
    APART,
    /** Element i of the output depends on elements i of the inputs alone. */
    IN_PLACE,
    /** The output is the only input's bytes. */
    AS_IT_IS
  }

  LayerCode(
      String constants,
      long constantBytes,
      String function,
      Set<String> pieces,
      Optional<Scratch> scratch,
      List<String> notes) {
    this(constants, constantBytes, function, pieces, scratch, notes, List.of(), Reading.APART);
  }

  /** The same layer that reads these tensors. */
  LayerCode from(List<Integer> tensors, Reading how) {
    return new LayerCode(constants, constantBytes, function, pieces, scratch, notes, tensors, how);
  }

  /** A buffer of so many elements. */
  public record Scratch(CType type, int elements) {}
}
