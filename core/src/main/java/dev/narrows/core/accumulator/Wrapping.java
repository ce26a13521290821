package dev.narrows.core.accumulator;

import java.util.Optional;

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
  public String toString() {
    return "int" + bits + ":" + policy();
  }

  @Override
  public String policy() {
    return "wrap";
  }

  @Override
  public String policyInWords() {
    return "wrap-around";
  }

  @Override
  public Wrapping withBits(int bits) {
    return new Wrapping(bits);
  }

  @Override
  public Optional<String> noOuterRegister() {
    return Optional.empty();
  }

  @Override
  public Optional<String> noLanes() {
    return Optional.empty();
  }

  /** Theorem B of docs/accumulators.md. */
  @Override
  public boolean orderFree() {
    return true;
  }

  /** Whatever happens on the way: theorem B of docs/accumulators.md. */
  @Override
  public boolean endsExact(int finalBits, int pathBits) {
    return bits >= finalBits;
  }
}
