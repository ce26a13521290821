package dev.narrows.experiments.reproduce.order;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.IntegerAccumulator;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.order.DotOperands;
import dev.narrows.core.order.FloatOrders;
import dev.narrows.core.order.FloatOrders.FloatRange;
import dev.narrows.core.order.OrderRange;
import dev.narrows.core.order.OrderSearch;
import dev.narrows.core.order.OrderSearch.Extremes;
import dev.narrows.core.order.SumTree;
import dev.narrows.core.order.TermSums;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * Dot products of random terms, summed by adverse orders and random trees, held against what was
 * promised of them.
 *
 * @param register in text form
 * @param dots dot products
 * @param trees summed
 * @param oneValue dot products promised to have one value
 * @param bounded others promised to stay within an error, not only within the register
 * @param contradictions trees that broke a promise
 * @param closest the largest share that an error took of its bound
 */
record TreeTrials(
    String register,
    int dots,
    long trees,
    int oneValue,
    int bounded,
    int contradictions,
    double closest) {
  private static final int TREES = 40; // of one dot product

  /** Kinds of terms: products of 8-bit integers, few of them, and of real numbers. */
  private enum Terms {
    INTEGERS,
    SMALL_INTEGERS,
    NUMBERS;

    DotOperands draw(SplittableRandom random) {
      int terms = random.nextInt(1, 300);
      double[] weights = new double[terms];
      double[] inputs = new double[terms];
      for (int k = 0; k < terms; k++) {
        switch (this) {
          case INTEGERS -> {
            weights[k] = random.nextInt(-127, 128);
            inputs[k] = random.nextInt(0, 256);
          }
          case SMALL_INTEGERS -> {
            weights[k] = random.nextInt(-7, 8);
            inputs[k] = random.nextInt(0, 4);
          }
          case NUMBERS -> {
            weights[k] = (float) random.nextDouble(-1, 1);
            inputs[k] = (float) random.nextDouble(0, 2);
          }
        }
      }
      return new DotOperands(weights, inputs);
    }
  }

  /** Tries a register on at least so many trees. */
  static TreeTrials of(Summation register, long trees, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    TreeTrials sum = new TreeTrials(register.toString(), 0, 0, 0, 0, 0, 0);
    while (sum.trees < trees) {
      Terms kind =
          register.accumulator() instanceof IntegerAccumulator
              ? Terms.values()[random.nextInt(2)]
              : Terms.values()[random.nextInt(3)];
      sum = sum.with(register.accumulator(), kind.draw(random), random.nextLong());
    }
    return sum;
  }

  private TreeTrials with(Accumulator accumulator, DotOperands operands, long seed) {
    return accumulator instanceof IntegerAccumulator integers
        ? integers(integers, operands.products(), seed)
        : floats(accumulator, operands, seed);
  }

  private TreeTrials integers(IntegerAccumulator register, double[] products, long seed) {
    long[] terms = Arrays.stream(products).mapToLong(t -> (long) t).toArray();
    OrderRange range =
        OrderRange.of(
            register,
            Arrays.stream(terms).filter(t -> t < 0).sum(),
            Arrays.stream(terms).filter(t -> t > 0).sum(),
            0);
    return tried(
        products,
        tree -> tree.sum(register, terms, 0),
        new FloatRange(range.least(), range.greatest()),
        range.oneValue(),
        true,
        Double.NaN,
        0,
        seed);
  }

  private TreeTrials floats(Accumulator register, DotOperands operands, long seed) {
    double[] products = operands.products();
    FloatOrders orders = FloatOrders.of(register, 0, products.length);
    TermSums sums = TermSums.of(products);
    double error = orders.error(sums) + sums.inexactness();
    return tried(
        products,
        orders.sums(operands),
        orders.range(sums),
        orders.oneValue(sums),
        error != Double.POSITIVE_INFINITY,
        sums.exact(),
        error,
        seed);
  }

  private TreeTrials tried(
      double[] products,
      ToDoubleFunction<SumTree> sums,
      FloatRange range,
      boolean one,
      boolean within,
      double exact,
      double error,
      long seed) {
    int[] count = new int[1];
    int[] broken = new int[1];
    double[] first = {Double.NaN};
    Extremes found =
        OrderSearch.search(
            products,
            tree -> {
              double value = sums.applyAsDouble(tree);
              boolean outside = !range.contains(value);
              broken[0] += outside || one && count[0] > 0 && value != first[0] ? 1 : 0;
              first[0] = value;
              count[0]++;
              return value;
            },
            (least, greatest) -> false,
            TREES,
            seed);
    double furthest =
        error > 0 && error != Double.POSITIVE_INFINITY
            ? Math.max(Math.abs(found.least() - exact), Math.abs(found.greatest() - exact)) / error
            : 0;
    return new TreeTrials(
        register,
        dots + 1,
        trees + found.trees(),
        oneValue + (one ? 1 : 0),
        bounded + (!one && within ? 1 : 0),
        contradictions + broken[0],
        Math.max(closest, furthest));
  }
}
