package dev.narrows.core.order;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.FloatAccumulator;
import dev.narrows.core.accumulator.OperandException;
import dev.narrows.core.accumulator.Resolved;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.accumulator.Spilling;
import dev.narrows.core.accumulator.Wrapping;
import dev.narrows.core.format.Widths;

/**
 * The values at which one dot product of integers can end, over all orders and trees of additions.
 * Both ends are reached, so the order cannot change the value iff they are the same.
 *
 * <p>Of a saturating register, with Σ⁺ the sum of the positive terms and Σ⁻ that of the negative
 * ones:
 *
 * <pre>least = max(L, min(U, Σ⁺) + Σ⁻),  greatest = min(U, max(L, Σ⁻) + Σ⁺)</pre>
 *
 * <p>The least is reached with the positive terms first, the greatest with the negative ones first.
 * (Derived here; checked with all orders and trees of small cases.)
 *
 * @see "docs/order.md, equations (1) to (4)"
 */
public record OrderRange(long least, long greatest) {
  public OrderRange {
    if (least > greatest) {
      throw new IllegalArgumentException("[" + least + ", " + greatest + "] is empty");
    }
  }

  /**
   * The range of one dot product.
   *
   * @param negative Σ⁻, at most 0
   * @param positive Σ⁺, at least 0
   * @param preload what the final sequential register is loaded with before the first term: a term
   *     like the others, once it is clamped; parts of the sum are made without it
   * @throws ArithmeticException if the exact sum leaves 64 bits
   * @throws OperandException if the register is floating-point: see {@link FloatOrders}
   */
  public static OrderRange of(Accumulator accumulator, long negative, long positive, long preload) {
    return switch (accumulator) {
      case Exact _ -> one(exact(negative, positive, preload));
      case Wrapping wrapping -> one(wrapping.load(exact(negative, positive, preload)));
      case Spilling spilling -> one(spilling.wide().load(exact(negative, positive, preload)));
      case Saturating saturating -> clamped(saturating, negative, positive, preload);
      case Resolved resolved -> {
        long sum = exact(negative, positive, preload);
        yield resolved.transientOnly() && Widths.of(sum) > resolved.bits()
            ? clamped(new Saturating(resolved.bits()), negative, positive, preload)
            : one(resolved.finish(sum));
      }
      case FloatAccumulator floating ->
          throw OperandException.needsFloats("this dot product", floating);
    };
  }

  /** Whether every order gives the same value. */
  public boolean oneValue() {
    return least == greatest;
  }

  private static long exact(long negative, long positive, long preload) {
    return Math.addExact(Math.addExact(negative, positive), preload);
  }

  private static OrderRange one(long value) {
    return new OrderRange(value, value);
  }

  private static OrderRange clamped(
      Saturating register, long negative, long positive, long preload) {
    long start = register.load(preload);
    long up = Math.addExact(positive, Math.max(0, start));
    long down = Math.addExact(negative, Math.min(0, start));
    long low = Widths.min(register.bits());
    long high = Widths.max(register.bits());
    return new OrderRange(
        Math.max(low, Math.min(high, up) + down), // no overflow: 0 ≤ min ≤ 2^61, down ≤ 0
        Math.min(high, Math.max(low, down) + up));
  }
}
