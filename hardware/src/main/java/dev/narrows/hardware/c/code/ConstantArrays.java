package dev.narrows.hardware.c.code;

import dev.narrows.hardware.c.text.CArrays;
import dev.narrows.hardware.c.text.CType;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The constants of one layer while they are gathered, and the helpers that use them. */
final class ConstantArrays {
  private final String id;
  private final StringBuilder text = new StringBuilder();
  private final Set<String> pieces = new LinkedHashSet<>();
  private long bytes;

  ConstantArrays(String id) {
    this.id = id;
  }

  /** What the names of the layer's constants begin with. */
  String id() {
    return id;
  }

  /** Adds an array; gives its name. */
  String array(String role, CType type, long[] values) {
    String name = id + "_" + role;
    text.append(CArrays.declare(type, name, values));
    bytes += (long) type.bytes() * values.length;
    return name;
  }

  /** An array that vector loads may read. */
  String aligned(String role, CType type, long[] values) {
    String name = id + "_" + role;
    text.append(CArrays.aligned(type, name, values));
    bytes += (long) type.bytes() * values.length;
    return name;
  }

  /** The element of a channel: a literal where all are the same, else one of an array. */
  String element(String role, CType type, long[] values, String channel) {
    return CArrays.uniform(values)
        ? type.literal(values[0])
        : array(role, type, values) + "[" + channel + "]";
  }

  void line(String line) {
    text.append(line).append('\n');
  }

  void needs(String piece) {
    pieces.add(piece);
  }

  /** The layer whose function uses these constants and helpers. */
  LayerCode layer(String function, Optional<LayerCode.Scratch> scratch, List<String> notes) {
    return new LayerCode(text.toString(), bytes, function, pieces, scratch, notes);
  }

  /** The layer whose function is a template with its places filled in. */
  LayerCode filled(String template, Map<String, ?> values, Optional<LayerCode.Scratch> scratch) {
    return layer(Scene.TEMPLATES.fill(template, values), scratch, List.of());
  }
}
