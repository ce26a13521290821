package dev.narrows.core.accumulator;

/** 64 bits, checked: an addition that does not fit throws {@link ArithmeticException}. */
public record Exact() implements IntegerAccumulator {
  @Override
  public int bits() {
    return 64;
  }

  @Override
  public long add(long register, long term) {
    return Math.addExact(register, term);
  }

  @Override
  public long load(long value) {
    return value;
  }

  @Override
  public Exact withBits(int bits) {
    return this;
  }
}
