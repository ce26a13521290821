package dev.narrows.core.accumulator;

/** Keeps the low P bits, sign-extended: the sum modulo 2^P in [L, U], whatever the order. */
public record Wrapping(int bits) implements IntegerAccumulator {
  public Wrapping {
    Accumulator.requireWidth(bits);
  }

  @Override
  public long add(long register, long term) {
    return load(register + term);
  }

  @Override
  public long load(long value) {
    int unused = 64 - bits;
    return value << unused >> unused;
  }

  @Override
  public Wrapping withBits(int bits) {
    return new Wrapping(bits);
  }
}
