package dev.narrows.core.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.accumulator.FusedAccumulator;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.order.FloatOrders.FloatRange;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
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
}
