package dev.narrows.core.testing;

/** SplitMix64 (Steele et al. 2014), which the scripts under {@code interop} draw operands from. */
public final class GoldenDraws {
  private long state;

  public GoldenDraws(long seed) {
    state = seed;
  }

  /** The next integer from 0 to {@code bound} − 1. */
  public int below(int bound) {
    state += 0x9E3779B97F4A7C15L;
    long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return (int) (((z ^ (z >>> 31)) >>> 32) % bound);
  }
}
