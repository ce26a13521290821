package dev.narrows.network.targets;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.bound.ChannelTerms;
import dev.narrows.core.bound.DotChannel;
import dev.narrows.core.bound.ProductChannel;
import dev.narrows.core.bound.SignSumBound;
import dev.narrows.core.bound.TermParts;
import dev.narrows.core.dot.OverflowClass;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.lane.LaneReduction;
import dev.narrows.core.lane.LaneRegister;
import dev.narrows.network.execute.LayerRegister;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One condition under which a layer's sums end at their exact values. A register behind chunks is a
 * second one, and each level of a SIMD kernel's lanes.
 *
 * @param register the order and conventions under which sums are looked at
 * @param bits that they have to fit
 * @param atEnd whether only the final sum has to: a register that wraps around mends what happens
 *     on the way
 * @param part what the register adds before it hands over; empty: all terms
 */
public record SumCheck(LayerRegister register, int bits, boolean atEnd, Optional<TermParts> part) {
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
    Optional<LaneReduction> lanes = register.order().lanes();
    if (lanes.isPresent()) {
      checks.addAll(ofLanes(register, lanes.get()));
      checks.add(new SumCheck(behind(register), bits, atEnd, Optional.empty()));
    } else {
      Optional<TermParts> part =
          outer.isPresent()
              ? register.order().consecutive(Integer.MAX_VALUE).stream()
                  .mapToObj(TermParts::chunks)
                  .findFirst()
              : Optional.empty();
      checks.add(new SumCheck(register, bits, atEnd, part));
    }
    if (outer.isPresent()) { // chunk sums in sequence: some of the running sums without chunks
      checks.add(new SumCheck(behind(register), outer.getAsInt(), atEnd, Optional.empty()));
    }
    if (register.correctsInside() && zeroPoint != 0) { // corrected modulo 2^P, it must fit too
      LayerRegister corrected =
          with(register, new SummationOrder.Sequential(), ZeroPointConvention.OFFSET);
      checks.add(new SumCheck(corrected, outer.orElse(bits), atEnd, Optional.empty()));
    }
    return checks;
  }

  /**
   * Every level's lanes; a wrapping one counts where it hands over, and not at all where the next
   * mends it.
   */
  private static List<SumCheck> ofLanes(LayerRegister register, LaneReduction lanes) {
    CertifyParts.requireSigned(lanes);
    List<SumCheck> checks = new ArrayList<>();
    for (int level = 0; level < lanes.levels().size(); level++) {
      LaneRegister own = lanes.levels().get(level).register();
      if (own.saturating() || lanes.mustFitAtEnd(level)) {
        checks.add(
            new SumCheck(
                register,
                own.bits(),
                !own.saturating(),
                Optional.of(TermParts.lanes(lanes, level))));
      }
    }
    return checks;
  }

  /** The register behind parts, that adds their sums in sequence. */
  private static LayerRegister behind(LayerRegister register) {
    return with(register, new SummationOrder.Sequential(), register.zero());
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
    long persistent = profile.count(OverflowClass.PERSISTENT, outcomeBits());
    return atEnd ? persistent : persistent + profile.count(OverflowClass.TRANSIENT, outcomeBits());
  }

  /**
   * The width that a dot product's outcome is compared with. Outcomes tell of lanes by being
   * persistent at every width, and are otherwise about the register behind them.
   */
  int outcomeBits() {
    return part.isPresent() && register.order().lanes().isPresent() ? Accumulator.MAX_BITS : bits;
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
        int terms = part.map(of -> of.most(products.terms())).orElse(products.terms());
        IntegerRange term = products.products();
        IntegerRange all =
            new IntegerRange(
                Math.multiplyExact(terms, term.min()), Math.multiplyExact(terms, term.max()));
        yield atEnd ? all : withEmpty(all);
      }
    };
  }

  private IntegerRange range(DotChannel channel) {
    if (part.isEmpty()) {
      return atEnd ? finals(channel) : subsets(channel);
    }
    TermParts parts = part.get();
    int[][] terms = new int[parts.count(channel.terms())][];
    int[] sizes = new int[terms.length];
    for (int k = 0; k < channel.terms(); k++) {
      sizes[parts.part(k)]++;
    }
    Arrays.setAll(terms, i -> new int[sizes[i]]);
    for (int k = channel.terms() - 1; k >= 0; k--) {
      int i = parts.part(k);
      terms[i][--sizes[i]] = channel.weights()[k];
    }
    IntegerRange range = new IntegerRange(0, 0);
    for (int[] weights : terms) {
      DotChannel chunk = new DotChannel(weights, channel.inputs());
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
