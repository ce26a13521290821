package dev.narrows.network.safetensors;

import java.util.Arrays;
import java.util.List;

/**
 * Where a tensor lies in its file.
 *
 * @param shape row-major; no dimension for a scalar
 * @param begin offset of the first byte, counted from the end of the header
 * @param end offset behind the last byte
 */
public record SafetensorsEntry(
    String name, SafetensorsType type, List<Integer> shape, long begin, long end) {
  public SafetensorsEntry {
    shape = List.copyOf(shape);
  }

  /** The number of elements, at most 2^31 − 9. */
  public int elements() {
    return Math.toIntExact((end - begin) / type.bytes());
  }

  /** "F32 [16, 3, 3, 3]". */
  public String describe() {
    return type + " " + Arrays.toString(shape.toArray());
  }
}
