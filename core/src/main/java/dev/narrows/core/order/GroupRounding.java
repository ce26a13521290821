package dev.narrows.core.order;

import dev.narrows.core.accumulator.FusedAccumulator;
import dev.narrows.core.accumulator.FusedAccumulator.Style;
import dev.narrows.core.dot.FloatDot;
import dev.narrows.core.dot.GroupTerms;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.core.order.OrderSearch.Difference;
import dev.narrows.core.order.OrderSearch.Extremes;
import dev.narrows.core.order.OrderSearch.NamedTree;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * A register of matrix hardware, which adds groups of g terms at once: of each, and of itself, it
 * keeps F fraction bits at the largest exponent E among them, and rounds what comes of it.
 *
 * <p>Orders are orders of the terms; their groups follow one another. No group is aligned to more
 * than
 *
 * <pre>M = max(A, 2^E*, 2^e)</pre>
 *
 * <p>where E* is the largest exponent of a product of operands, zeros included, and e the least one
 * of the register; A grows by the error so far. So a group errs by at most (g + 1)·2^−F of that and
 * by u of its sum, and G groups end at most
 *
 * <pre>[((1 + u)(1 + (g + 1)·2^−F))^G − 1]·M</pre>
 *
 * <p>from the exact sum. Of integers that the multipliers take as they are, M = A.
 *
 * <p>Operands that are rounded, or scaled all together, are the same in every order, and it is
 * their products that are bounded. Where blocks of them have scales of their own, orders are those
 * that keep the operands of each block together.
 *
 * @see "docs/order.md, equations (12) and (13)"
 */
final class GroupRounding implements FloatOrders {
  private static final SummationOrder IN_SEQUENCE = new SummationOrder.Sequential();

  private static final FloatRange ALL =
      new FloatRange(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

  /** No aligned sum has an exponent below this, as a register of zero has it. */
  private static final int OF_ZERO = -126;

  private final FusedAccumulator register;
  private final int fraction;
  private final int block; // operands that have to stay together
  private final double[] relative; // by the number of groups that hold a term

  /**
   * @param maxTerms K, zeros included: how many groups there are
   */
  GroupRounding(FusedAccumulator register, int maxTerms) {
    this.register = register;
    this.fraction = fraction(register);
    this.block = register.scaling().block().orElse(1);
    double unit = Math.scalb(1.0, -register.mantissaBits() - (register.roundsToNearest() ? 1 : 0));
    double cut = Math.nextUp(parts() * Math.scalb(1.0, -fraction));
    double group = both(cut, unit);
    int terms = Math.ceilDiv(maxTerms, block) * block;
    this.relative = new double[Math.ceilDiv(terms, register.group()) + 1];
    if (register.style().pairwise()) {
      relative[0] = both(relative[0], unit); // of a product, once for every term
      for (int level = 1; level < register.group(); level *= 2) {
        relative[0] = both(relative[0], unit); // of the tree
      }
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
      case BLOCKS -> register.group() / Style.BLOCK + 1;
      case PAIRWISE, PAIRWISE_FLUSHED -> 0;
      case FUSED -> register.group() + 1;
      case FLOORED -> register.group() + 2;
      case FLOORED_PAIRS -> register.group() + 5;
    };
  }

  /** Integers that multipliers take as they are: no operand is larger than a product but zeros'. */
  private static boolean integers(TermSums terms) {
    return terms.lowestBit() >= 0;
  }

  /** Whether what is asked about products alone has an answer. */
  private boolean asTheyAre(TermSums terms) {
    return integers(terms) && register.scaling() == FusedAccumulator.Scaling.NONE;
  }

  @Override
  public boolean exact(TermSums terms) {
    return terms.count() == 0 || asTheyAre(terms) && exact(terms, ofGreatest(terms));
  }

  private static int ofGreatest(TermSums terms) {
    return Math.getExponent(terms.greatest());
  }

  /** The exponent that no group is aligned beyond, as long as all is exact. */
  private int most(TermSums terms, int alignment) {
    return Math.max(
        Math.max(alignment, Math.getExponent(terms.magnitudes())),
        Math.max(OF_ZERO, register.output().leastExponent()));
  }

  private boolean exact(TermSums terms, int alignment) {
    if (terms.count() == 0) {
      return true;
    }
    int z = terms.lowestBit();
    int least = register.output().leastExponent();
    boolean held = register.style().pairwise() ? z >= least : z >= least - register.mantissaBits();
    boolean kept = register.style().pairwise() || z >= most(terms, alignment) - fraction;
    return held
        && kept
        && terms.magnitudes() <= Math.scalb(1.0, z + register.mantissaBits() + 1)
        && terms.magnitudes() <= register.output().largest();
  }

  @Override
  public double error(TermSums terms) {
    if (exact(terms)) {
      return 0;
    }
    return asTheyAre(terms)
        ? error(terms, ofGreatest(terms), relativeError(terms.count()))
        : Double.POSITIVE_INFINITY;
  }

  private double error(TermSums terms, int alignment, double factor) {
    if (register.style().pairwise() && terms.lowestBit() < register.output().leastExponent()) {
      return Double.POSITIVE_INFINITY; // something might be flushed, or be subnormal
    }
    int floor = Math.max(OF_ZERO, register.output().leastExponent());
    double aligned = Math.scalb(1.0, Math.max(alignment, floor));
    double error = Math.nextUp(factor * Math.max(terms.magnitudes(), aligned));
    return Math.nextUp(terms.magnitudes() + error) > register.output().largest()
        ? Double.POSITIVE_INFINITY
        : error;
  }

  /** Groups without a term change nothing, unless they cut the register itself. */
  @Override
  public double relativeError(int terms) {
    return relative[cuts() ? relative.length - 1 : Math.min(terms, relative.length - 1)];
  }

  /** Whether a group may cut a register that it adds nothing to. */
  private boolean cuts() {
    return fraction < register.mantissaBits();
  }

  /** A lone term is alone in its group, too, if there is but one. */
  @Override
  public boolean oneValue(TermSums terms) {
    return exact(terms)
        || terms.count() <= 1 && asTheyAre(terms) && (relative.length <= 2 || !cuts());
  }

  @Override
  public OrderBounds bounds(DotOperands operands) {
    GroupTerms taken =
        GroupTerms.of(register, floats(operands.weights()), floats(operands.inputs()));
    if (!Arrays.stream(taken.products()).allMatch(Double::isFinite)) {
      return new OrderBounds(false, ALL);
    }
    TermSums terms = TermSums.of(taken.products());
    if (exact(terms, taken.alignment())) { // the register holds every sum: none is inexact
      double value = finish(terms.exact(), taken.divisor());
      return new OrderBounds(true, new FloatRange(value, value));
    }
    double error = error(terms, taken.alignment(), relative[relative.length - 1]);
    FloatRange range = FloatRange.around(terms, error, largest());
    return new OrderBounds(
        false,
        new FloatRange(
            finish(range.least(), taken.divisor()), finish(range.greatest(), taken.divisor())));
  }

  /** As the register is brought back to the units of the operands; never decreases. */
  private static double finish(double value, double divisor) {
    return divisor == 1 ? value : (float) (value / divisor);
  }

  /** Infinity is a value of theirs. */
  @Override
  public double largest() {
    return Double.POSITIVE_INFINITY;
  }

  @Override
  public DotOperands whole(DotOperands operands) {
    int terms = operands.weights().length;
    int whole = Math.ceilDiv(terms, block) * block;
    return whole == terms
        ? operands
        : new DotOperands(
            Arrays.copyOf(operands.weights(), whole), Arrays.copyOf(operands.inputs(), whole));
  }

  @Override
  public ToDoubleFunction<SumTree> sums(DotOperands operands) {
    return tree -> {
      int[] order = order(tree);
      float[] weights = new float[order.length];
      float[] inputs = new float[order.length];
      for (int i = 0; i < order.length; i++) {
        weights[i] = (float) operands.weights()[order[i]];
        inputs[i] = (float) operands.inputs()[order[i]];
      }
      return FloatDot.value(register, IN_SEQUENCE, weights, inputs);
    };
  }

  private static int[] order(SumTree tree) {
    return Arrays.stream(tree.steps()).filter(step -> step >= 0).toArray();
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int k = 0; k < floats.length; k++) {
      floats[k] = (float) values[k];
    }
    return floats;
  }

  @Override
  public Extremes search(
      DotOperands operands,
      ToDoubleFunction<SumTree> sums,
      Difference enough,
      int trees,
      long seed) {
    if (block == 1) {
      return FloatOrders.super.search(operands, sums, enough, trees, seed);
    }
    double[] products = whole(operands).products();
    double[] blocks = new double[products.length / block];
    for (int k = 0; k < products.length; k++) {
      blocks[k / block] += products[k];
    }
    Extremes found =
        OrderSearch.search(blocks, tree -> sums.applyAsDouble(ofTerms(tree)), enough, trees, seed);
    return new Extremes(
        found.least(),
        ofTerms(found.leastBy()),
        found.greatest(),
        ofTerms(found.greatestBy()),
        found.trees());
  }

  private NamedTree ofTerms(NamedTree blocks) {
    return new NamedTree(blocks.name() + " of blocks", ofTerms(blocks.tree()));
  }

  /** A tree of blocks as an order of terms. */
  private SumTree ofTerms(SumTree blocks) {
    return SumTree.sequence(
        Arrays.stream(order(blocks))
            .flatMap(at -> IntStream.range(at * block, (at + 1) * block))
            .toArray());
  }
}
