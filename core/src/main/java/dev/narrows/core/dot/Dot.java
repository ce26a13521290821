package dev.narrows.core.dot;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.FloatAccumulator;
import dev.narrows.core.accumulator.IntegerAccumulator;
import dev.narrows.core.accumulator.OperandException;
import dev.narrows.core.accumulator.Resolved;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.accumulator.Spilling;
import dev.narrows.core.format.Widths;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * The reference: sums the terms of one dot product in a given order and accumulator.
 *
 * <p>Every order is walked twice by the same code: exactly, for the class, and in the register
 * asked for, for the value.
 *
 * @see "docs/accumulators.md"
 */
public final class Dot {
  private Dot() {}

  /**
   * @param terms the K products in flattening order; |term| &lt; 2^62
   * @param preload initial value of the final sequential register: 0, or a preloaded bias
   * @throws ArithmeticException if the exact sum leaves 64 bits
   * @throws OperandException if the accumulator is floating-point: see {@link FloatDot}
   */
  public static DotOutcome sum(
      Accumulator accumulator, SummationOrder order, long[] terms, long preload) {
    Walk exact = Walk.of(new Exact(), order, terms, preload);
    int finalBits = exact.finalBits();
    long value =
        switch (accumulator) {
          case Exact e -> exact.value();
          case IntegerAccumulator register -> Walk.of(register, order, terms, preload).value();
          case Spilling spilling -> SpillDot.sum(spilling, order, terms, preload).value();
          case Resolved resolved
              when order instanceof SummationOrder.Chunked(int size, OptionalInt outer)
                  && outer.isPresent() ->
              chunks(resolved, size, new Saturating(outer.getAsInt()), terms, preload);
          case Resolved resolved when resolved.transientOnly() && finalBits > resolved.bits() ->
              Walk.of(new Saturating(resolved.bits()), order, terms, preload).value();
          case Resolved resolved -> resolved.finish(exact.value());
          case FloatAccumulator floating ->
              throw OperandException.needsFloats("this dot product", floating);
        };
    return new DotOutcome(value, finalBits, Math.max(finalBits, exact.pathBits()));
  }

  /**
   * Each chunk's sum resolved in the narrow register, then added in the outer one, which is as that
   * of a saturating accumulator: it holds the preload, and clips where it must.
   */
  private static long chunks(
      Resolved resolved, int size, Saturating outer, long[] terms, long preload) {
    long total = outer.load(preload);
    for (long start = 0; start < terms.length; start += size) {
      int end = (int) Math.min(terms.length, start + size);
      long[] chunk = Arrays.copyOfRange(terms, (int) start, end);
      total = outer.add(total, sum(resolved, new SummationOrder.Sequential(), chunk).value());
    }
    return total;
  }

  /** {@link #sum(Accumulator, SummationOrder, long[], long)} from zero. */
  public static DotOutcome sum(Accumulator accumulator, SummationOrder order, long[] terms) {
    return sum(accumulator, order, terms, 0);
  }

  /**
   * Width of the widest single term. Below it a term does not fit the register by itself ("term too
   * wide"), and theorem (a) of docs/accumulators.md promises nothing: [20, −10, −10] at P = 4 is
   * transient in every order and tree. A lone term is not a write, though, so an order may happen
   * to be clean: [−3, 9] writes −3 and 6.
   */
  public static int termBits(long[] terms) {
    long folds = 0;
    for (long term : terms) {
      folds |= Widths.fold(term);
    }
    return Widths.ofFold(folds);
  }
}
