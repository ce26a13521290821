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
  private static final OverflowProfile EMPTY = new OverflowProfile(0, new long[0]);

  /** One more than the widest path: a profile for every channel of a network must stay small. */
  private final int side;

  private final long[] counts; // [finalBits][pathBits]

  private OverflowProfile(int side, long[] counts) {
    this.side = side;
    this.counts = counts;
  }

  /** The profile of no dot products. */
  public static OverflowProfile empty() {
    return EMPTY;
  }

  /** A profile to be filled, empty so far. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * A profile to be filled, with room for paths of so many bits from the start.
   *
   * @param widestPath of the dot products that will be counted, which must reach it
   */
  public static Builder builder(int widestPath) {
    if (widestPath < 1 || widestPath >= WIDTHS) {
      throw new IllegalArgumentException("paths have 1 to 64 bits, got " + widestPath);
    }
    Builder builder = new Builder();
    builder.grow(widestPath + 1);
    return builder;
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
    return finalBits < side && pathBits < side ? counts[finalBits * side + pathBits] : 0;
  }

  /** The number of dot products of a class in a register of {@code bits} bits. */
  public long count(OverflowClass kind, int bits) {
    long sum = 0;
    for (int finalBits = 1; finalBits < side; finalBits++) {
      for (int pathBits = finalBits; pathBits < side; pathBits++) {
        long count = count(finalBits, pathBits);
        if (count != 0 && new DotOutcome(0, finalBits, pathBits).at(bits) == kind) {
          sum += count;
        }
      }
    }
    return sum;
  }

  /**
   * The number of dot products that spill at least once in a narrow register of {@code bits} bits:
   * all that are not clean, because until its first spill the register holds the exact sum.
   */
  public long spilling(int bits) {
    return dots() - count(OverflowClass.CLEAN, bits);
  }

  /**
   * A number of spills that a narrow register of {@code bits} bits cannot do with less, if every
   * term and a preloaded bias fits it. A dot product that spills does so once at least; and s
   * spills hand over at most s·2^(P−1), so an exact sum of f bits needs 2^(f−1−P) − 1.
   *
   * @see "docs/accumulators.md, equation (5d)"
   */
  public long leastSpills(int bits) {
    long sum = 0;
    for (int finalBits = 1; finalBits < side; finalBits++) {
      long each = Math.max(1, (1L << Math.clamp(finalBits - 1L - bits, 0, 62)) - 1);
      for (int pathBits = Math.max(finalBits, bits + 1); pathBits < side; pathBits++) {
        sum += each * count(finalBits, pathBits);
      }
    }
    return sum;
  }

  /** The width at which every counted dot product is clean; 1 when none was counted. */
  public int widestPath() {
    return Math.max(1, side - 1);
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
    private int side;
    private long[] counts = new long[0];

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
      if (dots > 0) {
        grow(pathBits + 1);
        counts[finalBits * side + pathBits] += dots;
      }
    }

    private void grow(int least) {
      if (side < least) {
        long[] grown = new long[least * least];
        for (int row = 0; row < side; row++) {
          System.arraycopy(counts, row * side, grown, row * least, side);
        }
        counts = grown;
        side = least;
      }
    }

    /** Counts all dot products of another profile too. */
    public Builder add(OverflowProfile profile) {
      grow(profile.side);
      for (int row = 0; row < profile.side; row++) {
        for (int column = row; column < profile.side; column++) {
          counts[row * side + column] += profile.counts[row * profile.side + column];
        }
      }
      return this;
    }

    /** What was counted so far; the builder goes on counting. */
    public OverflowProfile build() {
      return new OverflowProfile(side, counts.clone());
    }
  }
}
