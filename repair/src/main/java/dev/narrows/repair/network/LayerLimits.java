package dev.narrows.repair.network;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.bound.Guarantee;
import dev.narrows.core.bound.PairedTerms;
import dev.narrows.core.bound.TapPhases;
import dev.narrows.core.bound.TermParts;
import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.SummationOrder.Chunked;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.format.Widths;
import dev.narrows.core.lane.LaneReduction;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.repair.channel.SumLimit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a layer's channels must obey in a register. */
final class LayerLimits {
  private LayerLimits() {}

  /**
   * The limits of sums, or of terms.
   *
   * @param terms K
   * @param phases which terms meet inputs together
   */
  static List<SumLimit> of(
      LayerRegister register, Guarantee guarantee, int terms, TapPhases phases) {
    boolean preloaded = register.bias() == BiasPlacement.PRELOAD;
    IntegerRange inner = range(register.accumulator().bits());
    if (guarantee == Guarantee.TERMS) {
      int[] alone = new int[terms];
      Arrays.setAll(alone, k -> k);
      int[] none = new int[terms];
      Arrays.fill(none, -1);
      List<SumLimit> limits = new ArrayList<>();
      limits.add(new SumLimit(inner, alone, -1));
      if (preloaded) {
        limits.add(new SumLimit(inner, none, 0));
      }
      return limits;
    }
    if (register.order().lanes().isPresent()) {
      return lanes(register.order().lanes().get(), terms, inner, preloaded);
    }
    if (register.order().outerBits().isPresent()
        && register.order() instanceof Chunked(int size, _)) {
      int[] chunks = new int[terms];
      Arrays.setAll(chunks, k -> k / size);
      IntegerRange outer = range(register.order().outerBits().getAsInt());
      return List.of(new SumLimit(inner, chunks, -1), SumLimit.whole(outer, preloaded));
    }
    if (phases.count() > 1 && register.zero() == ZeroPointConvention.OFFSET) {
      List<SumLimit> limits = new ArrayList<>();
      for (int phase = 0; phase < phases.count(); phase++) {
        int[] parts = new int[terms];
        int own = phase;
        Arrays.setAll(parts, k -> phases.phase(k) == own ? 0 : -1);
        limits.add(new SumLimit(inner, parts, preloaded ? 0 : -1));
      }
      return limits;
    }
    return List.of(SumLimit.whole(inner, preloaded));
  }

  /** Every level's lanes hold their parts, and the register behind them the whole. */
  private static List<SumLimit> lanes(
      LaneReduction lanes, int terms, IntegerRange outer, boolean preloaded) {
    List<SumLimit> limits = new ArrayList<>();
    for (int level = 0; level < lanes.levels().size(); level++) {
      int[] parts = new int[terms];
      Arrays.setAll(parts, TermParts.lanes(lanes, level)::part);
      limits.add(new SumLimit(lanes.levels().get(level).register().range(), parts, -1));
    }
    limits.add(SumLimit.whole(outer, preloaded));
    return limits;
  }

  /** The limits of pairs in an instruction's register. */
  static List<SumLimit> of(PairedTerms pairs, int terms) {
    int[] parts = new int[terms];
    Arrays.setAll(parts, k -> k / (2 * pairs.distance()) * pairs.distance() + k % pairs.distance());
    return List.of(new SumLimit(range(pairs.bits()), parts, -1));
  }

  private static IntegerRange range(int bits) {
    int held = Math.min(bits, Accumulator.MAX_BITS);
    return new IntegerRange(Widths.min(held), Widths.max(held));
  }
}
