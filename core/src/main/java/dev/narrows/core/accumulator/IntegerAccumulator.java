package dev.narrows.core.accumulator;

/**
 * How a register of {@code bits()} bits absorbs one more term.
 *
 * <p>Stateless: the register is the {@code long} passed in, sign-extended. Only {@link Wrapping}
 * (and {@link Exact}) is associative; under {@link Saturating} the order of the terms is part of
 * the result.
 */
public sealed interface IntegerAccumulator extends Accumulator permits Exact, Wrapping, Saturating {
  /**
   * The register after adding {@code term}: one wide addition, then the policy; |term| &lt; 2^62.
   */
  long add(long register, long term);

  /** The register after loading {@code value}, as a preloaded bias is. */
  long load(long value);

  @Override
  IntegerAccumulator withBits(int bits);

  @Override
  default boolean takesIntegers() {
    return true;
  }

  @Override
  default boolean takesFloats() {
    return false;
  }
}
