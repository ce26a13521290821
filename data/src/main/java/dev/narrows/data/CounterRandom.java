package dev.narrows.data;

/**
 * Random numbers as a pure function of a key and a counter, so that any of them can be had without
 * drawing the ones before it: a resumed or re-ordered run sees the same numbers.
 *
 * <p>Draw {@code n} of key {@code k} is the {@code n}-th output of SplitMix64 started at {@code k}:
 * mix(k + (n + 1)·γ), γ the golden gamma. The mixer is written out here, rather than taken from
 * {@code java.util}, because stored results depend on its bits.
 *
 * @param key the seed; see {@link #of}
 * @see <a href="https://doi.org/10.1145/2714064.2660195">Steele, Lea, Flood: Fast splittable
 *     pseudorandom number generators, OOPSLA 2014, fig. 16</a>
 */
public record CounterRandom(long key) {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  /** The generator of a place: each part changes it, and so does the order of the parts. */
  public static CounterRandom of(long seed, long... parts) {
    long key = mix(seed + GOLDEN_GAMMA);
    for (long part : parts) {
      // Mixing between parts keeps (1, 2) apart from (2, 1) and from (3).
      key = mix((key ^ part) + GOLDEN_GAMMA);
    }
    return new CounterRandom(key);
  }

  /** Draw number {@code counter}: 64 random bits. */
  public long bits(long counter) {
    return mix(key + (counter + 1) * GOLDEN_GAMMA);
  }

  /**
   * Draw number {@code counter} as an integer in [0, bound), bound ≥ 1: ⌊bits·bound / 2^64⌋. Some
   * values are likelier than others by at most bound/2^64, which no experiment can see.
   */
  public int below(int bound, long counter) {
    if (bound < 1) {
      throw new IllegalArgumentException("bound must be at least 1, got " + bound);
    }
    return (int) Math.unsignedMultiplyHigh(bits(counter), bound);
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
