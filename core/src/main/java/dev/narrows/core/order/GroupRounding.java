package dev.narrows.core.order;

import dev.narrows.core.accumulator.FusedAccumulator;
import dev.narrows.core.accumulator.FusedAccumulator.Style;
import dev.narrows.core.dot.FloatDot;
import dev.narrows.core.dot.SummationOrder;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * A register of matrix hardware, which adds groups of g terms at once: of each, and of itself, it
 * keeps F fraction bits at the largest exponent E among them, and rounds what comes of it.
 *
 * <p>Orders are orders of the terms; their groups follow one another. Where no operand is subnormal
 * 2^E is at most the largest magnitude of the group, register included, so a group errs by at most
 * (g + 1)·2^−F of that and by u of its sum, and G groups end at most
 *
 * <pre>[((1 + u)(1 + (g + 1)·2^−F))^G − 1]·A</pre>
 *
 * <p>from the exact sum. That is promised of integers, the operands of which are 0 or at least 1.
 *
 * @see "docs/order.md, equations (12) and (13)"
 */
final class GroupRounding implements FloatOrders {
  private static final SummationOrder IN_SEQUENCE = new SummationOrder.Sequential();

  private final FusedAccumulator register;
  private final int fraction;
  private final double[] relative; // by the number of groups that hold a term

  /**
   * @param maxTerms K, zeros included: how many groups there are
   */
  GroupRounding(FusedAccumulator register, int maxTerms) {
    this.register = register;
    this.fraction = fraction(register);
    double unit = Math.scalb(1.0, -register.mantissaBits() - (register.roundsToNearest() ? 1 : 0));
    double cut = Math.nextUp(parts() * Math.scalb(1.0, -fraction));
    double group = both(cut, unit);
    this.relative = new double[Math.ceilDiv(maxTerms, register.group()) + 1];
    for (int level = 1; register.style().pairwise() && level < register.group(); level *= 2) {
      relative[0] = both(relative[0], unit); // of the tree, once for every term
    }
    for (int i = 1; i < relative.length; i++) {
      relative[i] = both(relative[i - 1], group);
    }
  }

  private static int fraction(FusedAccumulator register) {
    return switch (register.style()) {
      case FUSED, BLOCKS -> register.fraction();
      case FLOORED, FLOORED_PAIRS -> Math.min(register.fraction(), Style.REGISTER_FRACTION);
      case PAIRWISE, PAIRWISE_FLUSHED -> Style.BINARY32 + 1;
    };
  }

  /** (1 + a)(1 + b) − 1 or a little more. */
  private static double both(double a, double b) {
    return Math.nextUp(Math.nextUp(a + b) + Math.nextUp(a * b));
  }

  /** How many parts of a group are cut at 2^(E − F): its products, the register, sums of them. */
  private double parts() {
    return switch (register.style()) {
      case BLOCKS -> Double.POSITIVE_INFINITY; // a block whose products are zero may cut others
      case PAIRWISE, PAIRWISE_FLUSHED -> 0;
      case FUSED -> register.group() + 1;
      case FLOORED -> register.group() + 2;
      case FLOORED_PAIRS -> register.group() + 5;
    };
  }

  private static boolean integers(TermSums terms) {
    return terms.lowestBit() >= 0;
  }

  @Override
  public boolean exact(TermSums terms) {
    if (terms.count() == 0) {
      return true;
    }
    int bits = Math.min(fraction, register.mantissaBits() + 1);
    return integers(terms)
        && terms.magnitudes() <= Math.scalb(1.0, terms.lowestBit() + bits)
        && terms.magnitudes() <= register.output().largest();
  }

  @Override
  public double error(TermSums terms) {
    if (exact(terms)) {
      return 0;
    }
    if (!integers(terms)) {
      return Double.POSITIVE_INFINITY;
    }
    double error = Math.nextUp(relativeError(terms.count()) * terms.magnitudes());
    return Math.nextUp(terms.magnitudes() + error) > register.output().largest()
        ? Double.POSITIVE_INFINITY
        : error;
  }

  /** Groups without a term change nothing, unless they cut the register itself. */
  @Override
  public double relativeError(int terms) {
    boolean cuts = fraction < register.mantissaBits();
    return relative[cuts ? relative.length - 1 : Math.min(terms, relative.length - 1)];
  }

  /** Infinity is a value of theirs. */
  @Override
  public double largest() {
    return Double.POSITIVE_INFINITY;
  }

  @Override
  public ToDoubleFunction<SumTree> sums(DotOperands operands) {
    return tree -> {
      int[] order = Arrays.stream(tree.steps()).filter(step -> step >= 0).toArray();
      float[] weights = new float[order.length];
      float[] inputs = new float[order.length];
      for (int i = 0; i < order.length; i++) {
        weights[i] = (float) operands.weights()[order[i]];
        inputs[i] = (float) operands.inputs()[order[i]];
      }
      return FloatDot.value(register, IN_SEQUENCE, weights, inputs);
    };
  }
}
