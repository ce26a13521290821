package dev.narrows.core.dot;

import java.util.Arrays;

/**
 * How many dot products have each pair (finalBits, pathBits): the classes at every width at once.
 *
 * <p>Immutable. Profiles of disjoint sets of dot products, in the same order, {@link #plus add} up
 * to the profile of the union exactly.
 *
 * @see "docs/accumulators.md, equation (5)"
 */
public final class OverflowProfile {
  private static final int WIDTHS = 65; // bits run from 1 to 64
  private static final OverflowProfile EMPTY = new OverflowProfile(new long[WIDTHS * WIDTHS]);

  private final long[] counts;

  private OverflowProfile(long[] counts) {
    this.counts = counts;
  }

  public static OverflowProfile empty() {
    return EMPTY;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The profile of both sets of dot products together. */
  public OverflowProfile plus(OverflowProfile other) {
    return builder().add(this).add(other).build();
  }

  /** The number of dot products counted. */
  public long dots() {
    return Arrays.stream(counts).sum();
  }

  /** The number of dot products with exactly these widths. */
  public long count(int finalBits, int pathBits) {
    return counts[finalBits * WIDTHS + pathBits];
  }

  /** The number of dot products of a class in a register of {@code bits} bits. */
  public long count(OverflowClass kind, int bits) {
    long sum = 0;
    for (int finalBits = 1; finalBits < WIDTHS; finalBits++) {
      for (int pathBits = finalBits; pathBits < WIDTHS; pathBits++) {
        long count = count(finalBits, pathBits);
        if (count != 0 && new DotOutcome(0, finalBits, pathBits).at(bits) == kind) {
          sum += count;
        }
      }
    }
    return sum;
  }

  /** The width at which every counted dot product is clean; 1 when none was counted. */
  public int widestPath() {
    for (int pathBits = WIDTHS - 1; pathBits > 1; pathBits--) {
      for (int finalBits = 1; finalBits <= pathBits; finalBits++) {
        if (count(finalBits, pathBits) != 0) {
          return pathBits;
        }
      }
    }
    return 1;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OverflowProfile profile && Arrays.equals(counts, profile.counts);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(counts);
  }

  @Override
  public String toString() {
    return "OverflowProfile[" + dots() + " dots, widest path " + widestPath() + " bits]";
  }

  /** Collects counts; not thread-safe: give each thread its own and add them up. */
  public static final class Builder {
    private final long[] counts = new long[WIDTHS * WIDTHS];

    private Builder() {}

    /** Counts one dot product. */
    public void add(int finalBits, int pathBits) {
      add(finalBits, pathBits, 1);
    }

    /** Counts {@code dots} dot products with the same widths, 1 ≤ finalBits ≤ pathBits ≤ 64. */
    public void add(int finalBits, int pathBits, long dots) {
      if (finalBits < 1 || pathBits < finalBits || pathBits >= WIDTHS || dots < 0) {
        throw new IllegalArgumentException(
            "need 1 <= finalBits <= pathBits <= 64 and dots >= 0, got %d, %d, %d"
                .formatted(finalBits, pathBits, dots));
      }
      counts[finalBits * WIDTHS + pathBits] += dots;
    }

    public Builder add(OverflowProfile profile) {
      for (int i = 0; i < counts.length; i++) {
        counts[i] += profile.counts[i];
      }
      return this;
    }

    public OverflowProfile build() {
      return new OverflowProfile(counts.clone());
    }
  }
}
