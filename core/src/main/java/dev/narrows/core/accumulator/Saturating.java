package dev.narrows.core.accumulator;

import dev.narrows.core.format.Widths;
import java.util.Optional;

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
  public String toString() {
    return "int" + bits + ":" + policy();
  }

  @Override
  public String policy() {
    return "saturate";
  }

  @Override
  public String policyInWords() {
    return "saturating";
  }

  @Override
  public Saturating withBits(int bits) {
    return new Saturating(bits);
  }

  @Override
  public Optional<String> noOuterRegister() {
    return Optional.empty();
  }

  @Override
  public Optional<String> noLanes() {
    return Optional.empty();
  }

  @Override
  public boolean endsExact(int finalBits, int pathBits) {
    return bits >= pathBits;
  }

  /** Theorem A of docs/accumulators.md, equation (6). */
  @Override
  public boolean clampsExactSum(boolean neverTransient) {
    return neverTransient;
  }
}
