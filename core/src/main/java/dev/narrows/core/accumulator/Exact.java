package dev.narrows.core.accumulator;

import java.util.Optional;

/** 64 bits, checked: an addition that does not fit throws {@link ArithmeticException}. */
public record Exact() implements IntegerAccumulator {
  @Override
  public int bits() {
    return 64;
  }

  @Override
  public long add(long register, long term) {
    long sum = register + term;
    if (((register ^ sum) & (term ^ sum)) < 0) { // its sign is neither's
      throw new ArithmeticException("an exact sum leaves 64 bits");
    }
    return sum;
  }

  @Override
  public long load(long value) {
    return value;
  }

  @Override
  public String toString() {
    return "exact";
  }

  @Override
  public Exact withBits(int bits) {
    return this;
  }

  /** Products of floats are summed in binary64. */
  @Override
  public boolean takesFloats() {
    return true;
  }

  @Override
  public Optional<String> noOuterRegister() {
    return Optional.of("an exact accumulator has no outer register");
  }

  @Override
  public boolean orderFree() {
    return true;
  }

  @Override
  public boolean endsExact(int finalBits, int pathBits) {
    return true;
  }
}
