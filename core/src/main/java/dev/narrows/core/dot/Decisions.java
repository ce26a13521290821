package dev.narrows.core.dot;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * How many dot products were decided by what.
 *
 * @param dots counts above zero, in the order of {@link DecidedBy}
 */
public record Decisions(Map<DecidedBy, Long> dots) {
  private static final Decisions NONE = new Decisions(Map.of());

  /** Copies the counts. */
  public Decisions {
    Map<DecidedBy, Long> ordered = new EnumMap<>(DecidedBy.class);
    ordered.putAll(dots);
    dots = Collections.unmodifiableMap(ordered);
  }

  /** Of no dot product. */
  public static Decisions none() {
    return NONE;
  }

  /** Both together. */
  public Decisions plus(Decisions other) {
    DecisionCounter sum = new DecisionCounter();
    dots.forEach(sum::add);
    other.dots.forEach(sum::add);
    return sum.build();
  }

  /** All dot products. */
  public long total() {
    return dots.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Counts; one thread at a time. */
  public static final class DecisionCounter {
    private final long[] counts = new long[DecidedBy.values().length];

    /** Nothing counted. */
    public DecisionCounter() {}

    /** So many more were decided by this. */
    public void add(DecidedBy by, long dots) {
      counts[by.ordinal()] += dots;
    }

    /** What has been counted so far. */
    public Decisions build() {
      Map<DecidedBy, Long> dots = new EnumMap<>(DecidedBy.class);
      for (DecidedBy by : DecidedBy.values()) {
        if (counts[by.ordinal()] > 0) {
          dots.put(by, counts[by.ordinal()]);
        }
      }
      return new Decisions(dots);
    }
  }
}
