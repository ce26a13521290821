package dev.narrows.core.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.accumulator.FusedAccumulator;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.format.OperandFormat;
import dev.narrows.core.order.FloatOrders.FloatRange;
import dev.narrows.core.order.FloatOrders.OrderBounds;
import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupRoundingTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "volta-fp16",
        "hopper-fp16",
        "ampere-bf16",
        "mi300-fp16",
        "mi300-bf16",
        "fused(2,5):e8m13:bf16",
        "fused(4,13):e8m13:bf16",
        "fused(8,7):fp32:bf16",
        "fused(4,12):fp16:fp16",
        "floored-pairs(4,9):fp32:bf16"
      })
  void range_randomOrdersOfIntegers_holdsTheValue(String text) {
    FusedAccumulator register = (FusedAccumulator) Summation.parse(text).accumulator();
    SplittableRandom random = new SplittableRandom(12);
    int exact = 0;
    int bounded = 0;
    double closest = 0;
    for (int i = 0; i < 300; i++) {
      int terms = random.nextInt(1, 120);
      int most = i % 3 == 0 ? 3 : i % 3 == 1 ? 20 : 127;
      double[] weights = random.ints(terms, -most, most + 1).asDoubleStream().toArray();
      double[] inputs = random.ints(terms, 0, 2 * most + 1).asDoubleStream().toArray();
      DotOperands operands = new DotOperands(weights, inputs);
      TermSums sums = TermSums.of(operands.products());
      FloatOrders orders = FloatOrders.of(register, 0, terms);
      FloatRange range = orders.range(sums);
      double error = orders.error(sums);
      ToDoubleFunction<SumTree> values = orders.sums(operands);
      for (int tree = 0; tree < 12; tree++) {
        double value = values.applyAsDouble(SumTree.random(terms, random));
        assertThat(value)
            .as("seed 12, dot %d, %s", i, operands)
            .isBetween(range.least(), range.greatest());
        if (error > 0 && error != Double.POSITIVE_INFINITY) {
          closest = Math.max(closest, Math.abs(value - sums.exact()) / error);
        }
      }
      exact += orders.exact(sums) ? 1 : 0;
      bounded += error > 0 && error != Double.POSITIVE_INFINITY ? 1 : 0;
    }
    assertThat(exact).isPositive();
    assertThat(exact + bounded).isGreaterThan(80);
    assertThat(closest).isLessThanOrEqualTo(1);
  }

  /** Kinds of operands of one side: real, of many sizes, with zeros, or small integers. */
  private static double[] side(SplittableRandom random, int terms, int kind) {
    double[] values = new double[terms];
    for (int k = 0; k < terms; k++) {
      double value =
          switch (kind) {
            case 0 -> random.nextDouble(-1, 1);
            case 1 -> Math.scalb(random.nextDouble(-1, 1), random.nextInt(-20, 4));
            case 2 -> random.nextInt(4) == 0 ? random.nextDouble(-1, 1) * 300 : 0;
            case 3 -> random.nextInt(-3, 4);
            default -> Math.scalb(random.nextInt(-3, 4), random.nextInt(0, 3) * 15 - 20);
          };
      values[k] = (float) value;
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hopper-fp16",
        "hopper-fp8",
        "ada-fp8",
        "blackwell-fp8",
        "blackwell-mxfp8",
        "blackwell-mxfp4",
        "blackwell-nvfp4",
        "blocks(64,7):fp32:mx(e2m1)",
        "blocks(32,5):fp32:nv(e2m1)",
        "mi100-bf16",
        "mi250-fp16",
        "mi300-bf16",
        "mi300-fp8",
        "mi300-xf32",
        "fused(4,7):e8m13:bf16",
        "fused(8,12):fp16:fp16",
        "fused(32,9):fp16:scaled(e4m3)",
        "fused(8,11):e8m13:mx(e5m2)",
        "pairwise(4):fp32"
      })
  void bounds_operandsThatAreRoundedAndScaled_holdTheValueOfEveryOrder(String text) {
    FusedAccumulator register = (FusedAccumulator) Summation.parse(text).accumulator();
    int block = register.scaling().block().orElse(1);
    SplittableRandom random = new SplittableRandom(31);
    int one = 0;
    int bounded = 0;
    double closest = 0;
    for (int i = 0; i < 150; i++) {
      int terms = random.nextInt(1, 130);
      DotOperands operands =
          new DotOperands(side(random, terms, i % 5), side(random, terms, i / 5 % 5));
      FloatOrders orders = FloatOrders.of(register, 0, terms);
      OrderBounds bounds = orders.bounds(operands);
      FloatRange range = bounds.range();
      DotOperands whole = orders.whole(operands);
      ToDoubleFunction<SumTree> values = orders.sums(whole);
      double first = values.applyAsDouble(SumTree.sequence(order(whole, block, _ -> 0)));
      boolean within = range.greatest() < Double.POSITIVE_INFINITY;
      for (int tree = 0; tree < 12; tree++) {
        double value =
            values.applyAsDouble(SumTree.sequence(order(whole, block, _ -> random.nextInt())));
        assertThat(range.contains(value))
            .as("seed 31, dot %d: %s outside %s, %s", i, value, range, operands)
            .isTrue();
        assertThat(!bounds.oneValue() || value == first).as("seed 31, dot %d", i).isTrue();
        double half = (range.greatest() - range.least()) / 2;
        if (within && half > 0) {
          closest = Math.max(closest, Math.abs(value - range.least() - half) / half);
        }
      }
      one += bounds.oneValue() ? 1 : 0;
      bounded += within && !bounds.oneValue() ? 1 : 0;
    }
    assertThat(one).isPositive();
    assertThat(one + bounded).isGreaterThan(20);
    if (register.operands() != OperandFormat.E2M1 || register.fraction() < 20) {
      assertThat(bounded).isGreaterThan(12); // four bits seldom leave the lattice otherwise
      assertThat(closest).isBetween(0.001, 1.0);
    }
  }

  /** Blocks in the order of their keys; of the terms in a block, too. */
  private static int[] order(DotOperands whole, int block, IntUnaryOperator key) {
    int[] blocks = sorted(whole.weights().length / block, key);
    return Arrays.stream(blocks)
        .flatMap(b -> Arrays.stream(sorted(block, key)).map(k -> b * block + k))
        .toArray();
  }

  private static int[] sorted(int count, IntUnaryOperator key) {
    int[] keys = IntStream.range(0, count).map(key).toArray();
    return IntStream.range(0, count)
        .boxed()
        .sorted(Comparator.comparingInt(k -> keys[k]))
        .mapToInt(k -> k)
        .toArray();
  }

  @Test
  void oneValue_loneTermThatLaterGroupsCut_isNotPromised() {
    FloatOrders orders =
        FloatOrders.of(Summation.parse("fused(2,5):e8m13:bf16").accumulator(), 0, 8);
    DotOperands operands =
        new DotOperands(
            new double[] {11, 0, 0, 0, 0, 0, 0, 0}, new double[] {13, 1, 1, 1, 1, 1, 1, 1});
    ToDoubleFunction<SumTree> values = orders.sums(operands);
    assertThat(values.applyAsDouble(SumTree.sequence(new int[] {0, 1, 2, 3, 4, 5, 6, 7})))
        .isEqualTo(140);
    assertThat(values.applyAsDouble(SumTree.sequence(new int[] {1, 2, 3, 4, 5, 6, 7, 0})))
        .isEqualTo(142);
    assertThat(orders.oneValue(TermSums.of(operands.products()))).isFalse();
    assertThat(orders.bounds(operands).oneValue()).isFalse();
  }

  @Test
  void search_scalesOfBlocks_keepsEachBlockTogether() {
    FusedAccumulator register =
        (FusedAccumulator) Summation.parse("fused(32,7):e8m13:mx(e4m3)").accumulator();
    SplittableRandom random = new SplittableRandom(5);
    DotOperands operands = new DotOperands(side(random, 150, 0), side(random, 150, 0));
    FloatOrders orders = FloatOrders.of(register, 0, 150);
    OrderSearch.Extremes found = orders.search(operands, (least, most) -> least != most, 30, 9);
    DotOperands whole = orders.whole(operands);
    assertThat(whole.weights()).hasSize(160).startsWith(operands.weights()).endsWith(0, 0, 0);
    assertThat(found.least()).isLessThan(found.greatest());
    assertThat(orders.sums(whole).applyAsDouble(found.leastBy().tree())).isEqualTo(found.least());
    int[] steps = found.greatestBy().tree().steps();
    for (int i = 0; i < steps.length; i++) {
      assertThat(steps[i] / 32).isEqualTo(steps[i / 32 * 32] / 32);
    }
  }
}
