package dev.narrows.network.targets;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.bound.ChannelTerms;
import dev.narrows.core.bound.DotChannel;
import dev.narrows.core.bound.ProductChannel;
import dev.narrows.core.bound.SignSumBound;
import dev.narrows.core.dot.OverflowClass;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.execute.LayerRegister;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One condition under which a layer's sums end at their exact values. A register behind chunks is a
 * second one.
 *
 * @param register the order and conventions under which sums are looked at
 * @param bits that they have to fit
 * @param atEnd whether only the final sum has to: a register that wraps around mends what happens
 *     on the way
 * @param part how many consecutive terms the register adds before it hands over; empty: all
 */
public record SumCheck(LayerRegister register, int bits, boolean atEnd, OptionalInt part) {
  /** Wider than any sum: what a register says of a path that it does not care for. */
  private static final int ANY_PATH = 64;

  /**
   * What a register asks for.
   *
   * @param zeroPoint of the layer's input
   */
  static List<SumCheck> of(LayerRegister register, int zeroPoint) {
    int bits = register.accumulator().bits();
    boolean atEnd = register.accumulator().endsExact(bits, ANY_PATH);
    OptionalInt outer = register.order().outerBits();
    List<SumCheck> checks = new ArrayList<>();
    checks.add(
        new SumCheck(
            register,
            bits,
            atEnd,
            outer.isPresent()
                ? register.order().consecutive(Integer.MAX_VALUE)
                : OptionalInt.empty()));
    if (outer.isPresent()) { // chunk sums in sequence: some of the running sums without chunks
      LayerRegister behind = with(register, new SummationOrder.Sequential(), register.zero());
      checks.add(new SumCheck(behind, outer.getAsInt(), atEnd, OptionalInt.empty()));
    }
    if (register.correctsInside() && zeroPoint != 0) { // corrected modulo 2^P, it must fit too
      LayerRegister corrected =
          with(register, new SummationOrder.Sequential(), ZeroPointConvention.OFFSET);
      checks.add(new SumCheck(corrected, outer.orElse(bits), atEnd, OptionalInt.empty()));
    }
    return checks;
  }

  private static LayerRegister with(
      LayerRegister register, SummationOrder order, ZeroPointConvention zero) {
    return new LayerRegister(
        register.layer(),
        register.accumulator(),
        order,
        zero,
        register.bias(),
        register.asked(),
        register.origin());
  }

  /** The order and conventions, to profile by; the accumulator does not matter. */
  public Summation view() {
    return new Summation(
        new Saturating(Accumulator.MAX_BITS),
        register.order(),
        Optional.of(register.zero()),
        Optional.of(register.bias()));
  }

  /** How many of some dot products, profiled in this {@link #view}, are not sure to end exact. */
  public long missed(OverflowProfile profile) {
    long persistent = profile.count(OverflowClass.PERSISTENT, bits);
    return atEnd ? persistent : persistent + profile.count(OverflowClass.TRANSIENT, bits);
  }

  /**
   * What the register can hold of a channel where it counts, over all inputs: exact, except that
   * transposed convolutions are looked at without chunks and by subsets.
   *
   * @throws ArithmeticException if a sum could leave 64 bits
   */
  IntegerRange range(ChannelTerms channel) {
    return switch (channel) {
      case DotChannel dots when dots.phases().of().length > 0 -> subsets(dots);
      case DotChannel dots -> range(dots);
      case ProductChannel products -> {
        int terms = Math.min(products.terms(), part.orElse(products.terms()));
        IntegerRange term = products.products();
        IntegerRange all =
            new IntegerRange(
                Math.multiplyExact(terms, term.min()), Math.multiplyExact(terms, term.max()));
        yield atEnd ? all : withEmpty(all);
      }
    };
  }

  private IntegerRange range(DotChannel channel) {
    if (part.isEmpty() || part.getAsInt() >= channel.terms()) {
      DotChannel whole = part.isEmpty() ? channel : channel.withoutPreload();
      return atEnd ? finals(whole) : subsets(whole);
    }
    IntegerRange range = new IntegerRange(0, 0);
    for (int from = 0; from < channel.terms(); from += part.getAsInt()) {
      int to = Math.min(channel.terms(), from + part.getAsInt());
      DotChannel chunk =
          new DotChannel(Arrays.copyOfRange(channel.weights(), from, to), channel.inputs());
      IntegerRange held = atEnd ? finals(chunk) : subsets(chunk);
      range = range.union(held);
    }
    return range;
  }

  private static IntegerRange subsets(DotChannel channel) {
    SignSumBound bound = SignSumBound.of(channel);
    return new IntegerRange(bound.lo(), bound.hi());
  }

  private static IntegerRange withEmpty(IntegerRange range) {
    return range.union(new IntegerRange(0, 0));
  }

  /** The preload and every term, each at its least or greatest. */
  private static IntegerRange finals(DotChannel channel) {
    long lo = channel.preload();
    long hi = channel.preload();
    for (int q : channel.weights()) {
      long atA = Math.multiplyExact(q, channel.inputs().min());
      long atB = Math.multiplyExact(q, channel.inputs().max());
      lo = Math.addExact(lo, Math.min(atA, atB));
      hi = Math.addExact(hi, Math.max(atA, atB));
    }
    return new IntegerRange(lo, hi);
  }
}
