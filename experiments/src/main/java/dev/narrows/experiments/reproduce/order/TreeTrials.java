package dev.narrows.experiments.reproduce.order;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.IntegerAccumulator;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.order.DotOperands;
import dev.narrows.core.order.FloatOrders;
import dev.narrows.core.order.FloatOrders.FloatRange;
import dev.narrows.core.order.FloatOrders.OrderBounds;
import dev.narrows.core.order.OrderRange;
import dev.narrows.core.order.OrderSearch;
import dev.narrows.core.order.OrderSearch.Extremes;
import dev.narrows.core.order.SumTree;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Function;
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
        watched ->
            OrderSearch.search(
                products,
                watched.of(tree -> tree.sum(register, terms, 0)),
                (least, greatest) -> false,
                TREES,
                seed),
        new OrderBounds(range.oneValue(), new FloatRange(range.least(), range.greatest())),
        Double.POSITIVE_INFINITY);
  }

  private TreeTrials floats(Accumulator register, DotOperands operands, long seed) {
    FloatOrders orders = FloatOrders.of(register, 0, operands.weights().length);
    return tried(
        watched ->
            orders.search(
                operands,
                watched.of(orders.sums(orders.whole(operands))),
                (least, greatest) -> false,
                TREES,
                seed),
        orders.bounds(operands),
        orders.largest());
  }

  /** Values of trees, each held against what was promised of all. */
  private static final class Watched {
    private final OrderBounds promised;
    private int count;
    private int broken;
    private double before = Double.NaN;

    Watched(OrderBounds promised) {
      this.promised = promised;
    }

    ToDoubleFunction<SumTree> of(ToDoubleFunction<SumTree> sums) {
      return tree -> {
        double value = sums.applyAsDouble(tree);
        boolean outside = !promised.range().contains(value);
        broken += outside || promised.oneValue() && count > 0 && value != before ? 1 : 0;
        before = value;
        count++;
        return value;
      };
    }
  }

  /**
   * Tries trees.
   *
   * @param largest what the register's values do not exceed in any case
   */
  private TreeTrials tried(
      Function<Watched, Extremes> search, OrderBounds promised, double largest) {
    Watched watched = new Watched(promised);
    Extremes found = search.apply(watched);
    boolean one = promised.oneValue();
    double error = (promised.range().greatest() - promised.range().least()) / 2;
    double exact = promised.range().least() + error;
    boolean within = promised.range().least() > -largest && promised.range().greatest() < largest;
    double furthest =
        error > 0 && within
            ? Math.max(Math.abs(found.least() - exact), Math.abs(found.greatest() - exact)) / error
            : 0;
    return new TreeTrials(
        register,
        dots + 1,
        trees + found.trees(),
        oneValue + (one ? 1 : 0),
        bounded + (!one && within ? 1 : 0),
        contradictions + watched.broken,
        Math.max(closest, furthest));
  }
}
