package dev.narrows.core.order;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.accumulator.FusedAccumulator;
import dev.narrows.core.accumulator.OperandException;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.core.order.OrderSearch.Difference;
import dev.narrows.core.order.OrderSearch.Extremes;
import java.util.function.ToDoubleFunction;

/**
 * What a floating-point register can make of one dot product, over all orders and trees of
 * additions. One implementation for each way in which a register rounds.
 *
 * <p>Terms are given in units of 2^{@code scale}: a network's integers, say, whose real products
 * are as large as that. Bounds and values come back in the same units.
 */
public sealed interface FloatOrders permits StepRounding, GroupRounding {
  /**
   * What a register does.
   *
   * @param scale the operands' products are the terms times 2^{@code scale}; 0 for registers of
   *     matrix hardware, which take operands as they are
   * @param maxTerms no dot product has more terms
   * @throws OperandException if the register takes integers only
   */
  static FloatOrders of(Accumulator accumulator, int scale, int maxTerms) {
    return switch (accumulator) {
      case FloatingAccumulator floating -> new StepRounding(floating, scale, maxTerms);
      case FusedAccumulator fused -> new GroupRounding(fused, maxTerms);
      default -> throw OperandException.needsIntegers("this dot product", accumulator);
    };
  }

  /**
   * By how much of Σ|x·w| at most a sum ends away from the exact one, unless something is flushed
   * to zero or clamped.
   *
   * @param order of the additions; an order that depends on the terms may take them in any sequence
   * @param terms K
   * @see "docs/order.md, equations (8) and (11)"
   */
  static double errorFactor(Accumulator accumulator, SummationOrder order, int terms) {
    int run = Math.clamp(order.consecutive(terms).orElse(terms), 1, Math.max(1, terms));
    int additions = terms == 0 ? 0 : run + Math.ceilDiv(terms, run) - 1;
    return of(accumulator, 0, additions).relativeError(additions);
  }

  /**
   * Whether every order and tree is exact: no step rounds, flushes or clamps. Sufficient, not
   * necessary.
   *
   * @see "docs/order.md, equation (6)"
   */
  boolean exact(TermSums terms);

  /**
   * No order or tree ends further from the exact sum.
   *
   * @return infinite where a step might clamp
   * @see "docs/order.md, equations (7) to (10)"
   */
  double error(TermSums terms);

  /**
   * The part of {@link #error} that grows with A = Σ|t|, where nothing is flushed or clamped: an
   * error of at most this times A.
   *
   * @param terms n, at most the most terms that this was made for
   */
  double relativeError(int terms);

  /** No value of the register is larger. */
  double largest();

  /**
   * The reference: what trees make of the products of one dot product.
   *
   * @param operands in the units of this: their products times 2^scale are what is summed
   */
  ToDoubleFunction<SumTree> sums(DotOperands operands);

  /** Whether every order is sure to end at one value: nothing to reorder, or nothing rounded. */
  default boolean oneValue(TermSums terms) {
    return terms.count() <= 1 || exact(terms);
  }

  /** The values at which orders can end: none is outside. */
  default FloatRange range(TermSums terms) {
    if (exact(terms) && terms.inexactness() == 0) {
      return new FloatRange(terms.exact(), terms.exact());
    }
    return FloatRange.around(terms, error(terms), largest());
  }

  /**
   * What is known of one dot product in every order. Registers of matrix hardware are asked about
   * operands as their multipliers take them; where blocks of them have scales of their own, orders
   * are those that keep each block's operands together.
   *
   * @param operands in the units of this, as {@link #sums} takes them
   */
  default OrderBounds bounds(DotOperands operands) {
    TermSums terms = TermSums.of(operands.products());
    return new OrderBounds(oneValue(terms), range(terms));
  }

  /** The same operands, filled up with zeros to whole blocks that share a scale. */
  default DotOperands whole(DotOperands operands) {
    return operands;
  }

  /** Looks for two orders of one dot product, see {@link OrderSearch}. */
  default Extremes search(DotOperands operands, Difference enough, int trees, long seed) {
    return search(operands, sums(whole(operands)), enough, trees, seed);
  }

  /**
   * The same.
   *
   * @param sums what {@link #sums} is of {@link #whole}, trees of which are tried
   */
  default Extremes search(
      DotOperands operands,
      ToDoubleFunction<SumTree> sums,
      Difference enough,
      int trees,
      long seed) {
    return OrderSearch.search(operands.products(), sums, enough, trees, seed);
  }

  /**
   * Over all orders.
   *
   * @param oneValue whether every order is sure to end at one value
   * @param range that no order leaves
   */
  record OrderBounds(boolean oneValue, FloatRange range) {}

  /**
   * All from {@code least} to {@code greatest}.
   *
   * @param least in units of the terms
   * @param greatest at least {@code least}
   */
  record FloatRange(double least, double greatest) {
    /**
     * All that is at most {@code error} from the exact sum.
     *
     * @param largest no magnitude is larger
     */
    static FloatRange around(TermSums terms, double error, double largest) {
      double most = Math.nextUp(error + terms.inexactness());
      return new FloatRange(
          Math.max(-largest, Math.nextDown(terms.exact() - most)),
          Math.min(largest, Math.nextUp(terms.exact() + most)));
    }

    /** Whether a value lies in it; all of the line holds what is not a number too. */
    public boolean contains(double value) {
      return value >= least && value <= greatest
          || least == Double.NEGATIVE_INFINITY && greatest == Double.POSITIVE_INFINITY;
    }
  }
}
