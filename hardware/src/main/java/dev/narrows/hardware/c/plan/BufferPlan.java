package dev.narrows.hardware.c.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Offsets in one array for buffers that are not all in use at once. The largest is placed first,
 * each at the lowest offset where it overlaps no buffer that is in use at the same time.
 *
 * @param offsets by the keys of the buffers, in elements
 * @param size of the array, in elements
 */
public record BufferPlan(Map<Integer, Integer> offsets, int size) {
  /** Every buffer begins at a multiple of so many elements, which vector loads like. */
  public static final int ALIGNMENT = 16;

  public BufferPlan {
    offsets = Map.copyOf(offsets);
  }

  /**
   * A buffer.
   *
   * @param size in elements, at least 1
   * @param first the step that writes it
   * @param last the last step that reads it
   */
  public record Buffer(int key, int size, int first, int last) {
    boolean meets(Buffer other) {
      return first <= other.last && other.first <= last;
    }
  }

  /**
   * @throws ArithmeticException if the array would have more than 2^31 − 1 elements
   */
  public static BufferPlan of(List<Buffer> buffers) {
    List<Buffer> placed = new ArrayList<>();
    Map<Integer, Integer> offsets = new HashMap<>();
    int size = 0;
    List<Buffer> largestFirst =
        buffers.stream()
            .sorted(Comparator.comparingInt(Buffer::size).reversed().thenComparing(Buffer::key))
            .toList();
    for (Buffer buffer : largestFirst) {
      int offset = 0;
      boolean moved = true;
      while (moved) {
        moved = false;
        for (Buffer other : placed) {
          int start = offsets.getOrDefault(other.key(), 0);
          int end = Math.addExact(start, other.size());
          if (buffer.meets(other) && offset < end && start < Math.addExact(offset, buffer.size())) {
            offset = Math.multiplyExact(Math.ceilDiv(end, ALIGNMENT), ALIGNMENT);
            moved = true;
          }
        }
      }
      offsets.put(buffer.key(), offset);
      placed.add(buffer);
      size = Math.max(size, Math.addExact(offset, buffer.size()));
    }
    return new BufferPlan(offsets, size);
  }
}
