package dev.narrows.core.bound;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.format.Widths;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The proof for one output channel: its exact width, and a witness that one bit less overflows.
 *
 * @param inputRange [a, b], of what is multiplied
 * @param rightRange [c, d], of what it is multiplied with, where that is an input too; empty where
 *     it is weights
 * @param lo the least write of any input, order and tree; of {@link Guarantee#TERMS}: the least
 *     term
 * @param hi the greatest one
 * @param bits the safe width P = max(bits(lo), bits(hi))
 * @param witness against P − 1; empty for P = 1, as no register is narrower, and where it is left
 *     out
 * @see "docs/bounds.md, equations (16) to (19)"
 */
public record ChannelCertificate(
    IntegerRange inputRange,
    Optional<IntegerRange> rightRange,
    long lo,
    long hi,
    int bits,
    Optional<Witness> witness) {
  /** Of a channel with weights. */
  public ChannelCertificate(
      IntegerRange inputRange, long lo, long hi, int bits, Optional<Witness> witness) {
    this(inputRange, Optional.empty(), lo, hi, bits, witness);
  }

  /** The same proof without the witness, which is as long as the channel has terms. */
  public ChannelCertificate withoutWitness() {
    return new ChannelCertificate(inputRange, rightRange, lo, hi, bits, Optional.empty());
  }

  /**
   * Certifies a channel of either kind.
   *
   * @throws ArithmeticException if a write could leave 64 bits
   */
  public static ChannelCertificate of(
      ChannelTerms channel, StoredOffsets stored, Guarantee guarantee) {
    return switch (channel) {
      case DotChannel dots -> of(dots, stored.input(), guarantee);
      case ProductChannel products -> ofProducts(products, stored, guarantee);
    };
  }

  /** The same pair of inputs, a corner of the ranges, in every term: the sum goes one way. */
  private static ChannelCertificate ofProducts(
      ProductChannel channel, StoredOffsets stored, Guarantee guarantee) {
    SignSumBound sums = SignSumBound.of(channel);
    TermBound terms = TermBound.of(channel);
    long lo = guarantee == Guarantee.SUMS ? sums.lo() : terms.lo();
    long hi = guarantee == Guarantee.SUMS ? sums.hi() : terms.hi();
    int bits = Widths.of(lo, hi);
    Optional<Witness> witness = Optional.empty();
    if (bits > 1) {
      boolean upwards = Widths.of(hi) == bits;
      IntegerRange term = channel.products();
      long[] pair = corner(channel, upwards ? term.max() : term.min());
      long[] input = new long[channel.terms()];
      long[] right = new long[channel.terms()];
      Arrays.fill(input, pair[0] + stored.input());
      Arrays.fill(right, pair[1] + stored.right());
      int[] order = IntStream.range(0, channel.terms()).toArray();
      witness = Optional.of(new Witness(input, right, order, 0, upwards ? hi : lo, bits - 1));
    }
    return new ChannelCertificate(
        channel.inputs(), Optional.of(channel.right()), lo, hi, bits, witness);
  }

  private static long[] corner(ProductChannel channel, long product) {
    for (long x : new long[] {channel.inputs().min(), channel.inputs().max()}) {
      for (long y : new long[] {channel.right().min(), channel.right().max()}) {
        if (x * y == product) {
          return new long[] {x, y};
        }
      }
    }
    throw new IllegalStateException("no corner makes " + product);
  }

  /**
   * Certifies that no sum of a channel overflows.
   *
   * @param storedOffset what to add to an input as the register sees it to get the stored code: the
   *     zero point under the offset convention, 0 under the raw one
   * @throws ArithmeticException if a write could leave 64 bits
   */
  public static ChannelCertificate of(DotChannel channel, long storedOffset) {
    return of(channel, storedOffset, Guarantee.SUMS);
  }

  /** {@link #of(DotChannel, long)} for either guarantee. */
  public static ChannelCertificate of(DotChannel channel, long storedOffset, Guarantee guarantee) {
    return switch (guarantee) {
      case SUMS -> ofSums(channel, storedOffset);
      case TERMS -> ofTerms(channel, storedOffset);
    };
  }

  private static ChannelCertificate ofTerms(DotChannel channel, long storedOffset) {
    TermBound bound = TermBound.of(channel);
    int bits = bound.bits();
    Optional<Witness> witness =
        bits == 1
            ? Optional.empty()
            : Optional.of(
                widestTerm(
                    channel,
                    Widths.of(bound.hi()) == bits ? bound.hi() : bound.lo(),
                    bits - 1,
                    storedOffset));
    return new ChannelCertificate(channel.inputs(), bound.lo(), bound.hi(), bits, witness);
  }

  /** The input that makes {@code write} the first thing the register holds. */
  private static Witness widestTerm(
      DotChannel channel, long write, int tooNarrow, long storedOffset) {
    IntegerRange inputs = channel.inputs();
    TapPhases phases = channel.phases();
    int terms = channel.terms();
    long[] input = new long[terms];
    long idle = Math.clamp(phases.rest(), inputs.min(), inputs.max());
    Arrays.fill(input, idle + storedOffset);
    int[] order = IntStream.range(0, terms).toArray();
    for (int k = 0; k < terms; k++) {
      long q = channel.weights()[k];
      long[] ends = {inputs.min(), inputs.max()};
      for (long x : phases.phase(k) >= 0 ? ends : new long[] {phases.rest()}) {
        if (q * x == write) {
          input[k] = x + storedOffset;
          order[0] = k;
          order[k] = 0;
          return new Witness(input, order, 0, write, tooNarrow);
        }
      }
    }
    return new Witness(input, order, channel.preload(), write, tooNarrow); // the bias itself
  }

  private static ChannelCertificate ofSums(DotChannel channel, long storedOffset) {
    SignSumBound bound = SignSumBound.of(channel);
    int bits = bound.bits();
    Optional<Witness> witness =
        bits == 1 ? Optional.empty() : Optional.of(witness(channel, bound, bits - 1, storedOffset));
    return new ChannelCertificate(channel.inputs(), bound.lo(), bound.hi(), bits, witness);
  }

  private static Witness witness(
      DotChannel channel, SignSumBound bound, int tooNarrow, long storedOffset) {
    boolean upwards = Widths.of(bound.hi()) > tooNarrow;
    int sign = upwards ? 1 : -1;
    long write = upwards ? bound.hi() : bound.lo();
    int phase = PhaseSums.of(channel).reaching(upwards, write);
    int terms = channel.terms();
    long[] input = new long[terms];
    int[] order = new int[terms];
    int front = 0; // order[0 … front): the terms that lead to the write
    int back = terms; // order[back … K): those that lead away from it, last index first
    for (int k = 0; k < terms; k++) {
      long x =
          channel.phases().phase(k) == phase
              ? furthest(channel.weights()[k] * (long) sign, channel.inputs())
              : channel.phases().rest();
      input[k] = Math.addExact(x, storedOffset);
      if (channel.weights()[k] * x * sign > 0) {
        order[front++] = k;
      } else {
        order[--back] = k;
      }
    }
    long start = upwards ? Math.max(0, channel.preload()) : Math.min(0, channel.preload());
    return new Witness(input, order, start, write, tooNarrow);
  }

  /** The x in [a, b] that takes q·x furthest up; 0, or else next to it, for what cannot rise. */
  private static long furthest(long q, IntegerRange inputs) {
    if (q > 0 && inputs.max() > 0) {
      return inputs.max();
    }
    if (q < 0 && inputs.min() < 0) {
      return inputs.min();
    }
    return Math.clamp(0L, inputs.min(), inputs.max());
  }
}
