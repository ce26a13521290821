package dev.narrows.core.accumulator;

import dev.narrows.core.format.Widths;

/** Clamps to [−2^(P−1), 2^(P−1) − 1] after every addition, so the order of the terms matters. */
public record Saturating(int bits) implements IntegerAccumulator {
  public Saturating {
    Accumulator.requireWidth(bits);
  }

  @Override
  public long add(long register, long term) {
    return load(register + term); // |register| ≤ 2^61 and |term| < 2^62: no overflow of the long
  }

  @Override
  public long load(long value) {
    return Math.clamp(value, Widths.min(bits), Widths.max(bits));
  }

  @Override
  public Saturating withBits(int bits) {
    return new Saturating(bits);
  }
}
