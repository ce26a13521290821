package dev.narrows.core.bound;

import dev.narrows.core.format.Widths;
import java.util.Arrays;

/**
 * Why a register of {@code bits} bits is too narrow for a channel: an input, and an order in which
 * some running sum does not fit. It is an input of this dot product alone, not claimed to be
 * reachable from the network's input.
 *
 * <p>Summed from {@code start} in {@code order}, the terms first rise (or fall) to {@code write};
 * terms of the other sign come after it. Where 0 is in [a, b] there are none, and any order ends at
 * {@code write}.
 *
 * @param input K stored codes in flattening order
 * @param right K stored codes of the second operand, where that is an input too; empty where it is
 *     weights
 * @param order all indices 0 … K − 1 in the order they are summed
 * @param start what the register holds before the first term: the preloaded bias, or 0 where none
 *     is or where it would only help (a chunk or tile that begins at zero)
 * @param write the running sum that does not fit
 * @param bits the width that {@code write} does not fit, one less than the channel's safe width
 */
public record Witness(long[] input, long[] right, int[] order, long start, long write, int bits) {
  public Witness {
    if (Widths.of(write) <= bits) {
      throw new IllegalArgumentException("a write of %d fits %d bits".formatted(write, bits));
    }
    if (input.length != order.length) {
      throw new IllegalArgumentException(
          "an input of %d codes but an order of %d".formatted(input.length, order.length));
    }
    if (right.length != 0 && right.length != input.length) {
      throw new IllegalArgumentException(
          "operands of %d and %d codes".formatted(input.length, right.length));
    }
  }

  /** Of a channel with weights. */
  public Witness(long[] input, int[] order, long start, long write, int bits) {
    this(input, new long[0], order, start, write, bits);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Witness that
        && Arrays.equals(input, that.input)
        && Arrays.equals(right, that.right)
        && Arrays.equals(order, that.order)
        && start == that.start
        && write == that.write
        && bits == that.bits;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(input) * 31 + Long.hashCode(write);
  }

  @Override
  public String toString() {
    return "Witness[input=%s%s, order=%s, start=%d, write=%d, bits=%d]"
        .formatted(
            Arrays.toString(input),
            right.length == 0 ? "" : ", right=" + Arrays.toString(right),
            Arrays.toString(order),
            start,
            write,
            bits);
  }
}
