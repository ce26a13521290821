package dev.narrows.core.order;

import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.format.FloatQuantizer;
import java.util.function.ToDoubleFunction;

/**
 * A register that rounds after every addition: register ← Q_sum(Q_product(x·w) + register), where
 * both Q come after a rounding to binary32.
 *
 * <p>With u_p and u_a the relative errors of one product and one sum, and f_p and f_a below which
 * they are flushed to zero, a tree of n terms, any of which may first be written to a register of
 * its own, ends at most
 *
 * <pre>[(1 + u_p)(1 + u_a)ⁿ − 1]·A + [n·f_p + (2n − 1)·f_a]·(1 + u_a)ⁿ</pre>
 *
 * <p>from the exact sum, unless a step clamps. Truncation to m bits after the rounding to binary32
 * has u = 2^−m, as what truncation may take, 2^−m − 2^−23, leaves room for the rounding; at m = 23
 * nothing is truncated and u = 2^−24. Rounding to nearest has u = 2^−(m+1) + 2^−23, as (1 +
 * 2^−24)(1 + 2^−(m+1)) is less than 1 more than that; f is then at least what a rounding below the
 * normal values moves. All of it is rounded upward.
 *
 * @see "docs/order.md, equations (5) to (10)"
 */
final class StepRounding implements FloatOrders {
  private static final int BINARY32 = 23;

  private final int scale;
  private final FloatQuantizer productQuantizer;
  private final FloatQuantizer sumQuantizer;
  private final int productBits;
  private final int sumBits;
  private final double largestProduct; // in units of 2^scale, as are the next three
  private final double largestSum;
  private final double productFlush;
  private final double sumFlush;
  private final double[] relative; // by n: (1 + u_p)(1 + u_a)ⁿ − 1
  private final double[] growth; // by n: (1 + u_a)ⁿ

  /**
   * @param scale of the terms' units
   * @param maxTerms no dot product has more terms
   */
  StepRounding(FloatingAccumulator register, int scale, int maxTerms) {
    this.scale = scale;
    this.productQuantizer = register.productQuantizer();
    this.sumQuantizer = register.sumQuantizer();
    this.productBits = register.product().mantissaBits();
    this.sumBits = register.sum().mantissaBits();
    this.largestProduct = inUnits(productQuantizer.largest());
    this.largestSum = inUnits(sumQuantizer.largest());
    this.productFlush = inUnits(productQuantizer.quantum());
    this.sumFlush = inUnits(sumQuantizer.quantum());
    double productUnit = unit(productBits, register.truncates());
    double sumUnit = unit(sumBits, register.truncates());
    this.relative = powers(productUnit, sumUnit, maxTerms);
    this.growth = powers(0, sumUnit, maxTerms);
    for (int n = 0; n <= maxTerms; n++) {
      growth[n] = Math.nextUp(1 + growth[n]);
    }
  }

  private double inUnits(float value) {
    return Math.scalb((double) value, -scale);
  }

  /** u: how far a rounding to m bits after one to binary32 moves a value, relative to it. */
  private static double unit(int m, boolean truncates) {
    if (m == BINARY32) {
      return Math.scalb(1.0, -BINARY32 - 1);
    }
    return truncates
        ? Math.scalb(1.0, -m)
        : Math.scalb(1.0, -m - 1) + Math.scalb(1.0, -BINARY32); // exact
  }

  /** (1 + first)(1 + unit)ⁿ − 1 for n = 0 … maxTerms, rounded upward. */
  private static double[] powers(double first, double unit, int maxTerms) {
    double[] all = new double[maxTerms + 1];
    all[0] = first;
    for (int n = 1; n <= maxTerms; n++) {
      double grown = Math.nextUp(unit * all[n - 1]);
      all[n] = Math.nextUp(Math.nextUp(all[n - 1] + unit) + grown); // f + u + u·f
    }
    return all;
  }

  @Override
  public boolean exact(TermSums terms) {
    if (terms.count() == 0) {
      return true;
    }
    double bit = Math.scalb(1.0, terms.lowestBit());
    return bit >= productFlush
        && bit >= sumFlush
        && terms.greatest() <= Math.min(largestProduct, Math.scalb(bit, productBits + 1))
        && terms.magnitudes() <= Math.min(largestSum, Math.scalb(bit, sumBits + 1));
  }

  @Override
  public double error(TermSums terms) {
    int n = terms.count();
    if (n == 0 || exact(terms)) {
      return 0;
    }
    double bit = Math.scalb(1.0, terms.lowestBit());
    // what truncation leaves of multiples of 2^z are multiples of 2^z: then nothing is flushed
    double flushed = bit >= productFlush ? 0 : Math.nextUp(n * productFlush);
    if (bit < sumFlush) {
      flushed = Math.nextUp(flushed + Math.nextUp((2.0 * n - 1) * sumFlush));
    }
    double error =
        Math.nextUp(
            Math.nextUp(relative[n] * terms.magnitudes()) + Math.nextUp(flushed * growth[n]));
    boolean clamps =
        terms.greatest() > largestProduct || Math.nextUp(terms.magnitudes() + error) > largestSum;
    return clamps ? Double.POSITIVE_INFINITY : error;
  }

  @Override
  public double relativeError(int terms) {
    return relative[terms];
  }

  @Override
  public double largest() {
    return sumQuantizer.carriesInfinities() ? Double.POSITIVE_INFINITY : largestSum;
  }

  @Override
  public ToDoubleFunction<SumTree> sums(DotOperands operands) {
    double[] products = operands.products();
    float[] terms = new float[products.length];
    for (int k = 0; k < terms.length; k++) {
      // the product is exact in binary64: this is its one rounding
      terms[k] = productQuantizer.apply((float) Math.scalb(products[k], scale));
    }
    return tree -> Math.scalb((double) tree.sum(sumQuantizer, terms), -scale);
  }
}
