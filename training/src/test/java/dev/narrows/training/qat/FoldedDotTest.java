package dev.narrows.training.qat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.ModelZoo;
import dev.narrows.training.model.Node.DotNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class FoldedDotTest {
  private static final long SEED = 5;

  /**
   * Evaluation rounds (S + b)·factor in double, half to even; the integer network in integers, half
   * up.
   */
  @Test
  void factor_inDoubleAndInIntegers_differOnTiesOnly() {
    RandomGenerator random = RandomGeneratorFactory.of("SplittableRandom").create(SEED);
    int ties = 0;
    for (int round = 0; round < 2000; round++) {
      // every other factor is a short binary fraction, which is what makes ties
      double real = Math.scalb(1 + random.nextInt(1 << 20), -20 - random.nextInt(10));
      if (round % 2 == 0) {
        real = Math.scalb(1.0 + random.nextInt(7), -4 - random.nextInt(6));
      }
      FixedPoint factor = FixedPoint.singleRounding(real);
      if (factor.shift() < 0) {
        continue; // rounds twice; only factors below 2^−16 do
      }
      for (int i = 0; i < 1000; i++) {
        int sum = random.nextInt(1 << 25) - (1 << 24);
        long inDouble = (long) Math.rint(sum * factor.real());
        long inIntegers = factor.multiply(sum);
        if (inDouble != inIntegers) {
          BigDecimal exact =
              new BigDecimal(BigInteger.valueOf((long) sum * factor.multiplier()))
                  .divide(new BigDecimal(BigInteger.ONE.shiftLeft(31 - factor.shift())));
          BigDecimal fraction = exact.subtract(new BigDecimal(exact.toBigInteger())).abs();
          assertThat(fraction)
              .as("sum %d, %s, seed %d", sum, factor, SEED)
              .isEqualByComparingTo("0.5");
          ties++;
        }
      }
    }
    assertThat(ties).as("ties met").isPositive();
  }

  @Test
  void of_ordinaryChannel_isBatchNormInUnitsOfTheSum() {
    FoldedDot fold = fold(1.5f, 0.25f, 0.4f, 2f);
    double k = Math.pow(2, -5) * Math.pow(2, -3);
    double out = Math.pow(2, -2);
    double sigma = Math.sqrt(2 + 1e-5);
    for (int sum : new int[] {-500, 0, 77, 900}) {
      double real = 1.5f * (k * sum - 0.4f) / sigma + 0.25f;
      double code = (sum + fold.bias()[0]) * fold.factors()[0].real();
      // the rounded bias is off by at most half a unit of the sum
      assertThat(Math.abs(code - real / out)).isLessThan(0.51 * fold.factors()[0].real());
    }
    assertThat(fold.weights()[0]).isEqualTo(3);
  }

  @Test
  void of_negativeScale_negatesTheChannelsWeights() {
    FoldedDot plus = fold(1.5f, 0.25f, 0.4f, 2f);
    FoldedDot minus = fold(-1.5f, 0.25f, 0.4f, 2f);
    assertThat(minus.weights()[0]).isEqualTo(-plus.weights()[0]);
    assertThat(minus.weights()[9]).as("next channel").isEqualTo(plus.weights()[9]);
    assertThat(minus.factors()[0]).isEqualTo(plus.factors()[0]);
  }

  @Test
  void of_scaleZeroOrTiny_leavesTheShiftAlone() {
    for (float gamma : new float[] {0f, -0f, 1e-30f, -1e-12f}) {
      FoldedDot fold = fold(gamma, 0.8f, 0.4f, 2f);
      double out = Math.pow(2, -2);
      for (int sum : new int[] {-4000, 0, 4000}) {
        double code = (sum + fold.bias()[0]) * fold.factors()[0].real();
        assertThat(Math.rint(code)).as("gamma %s", gamma).isEqualTo(Math.rint(0.8f / out));
      }
    }
    FoldedDot dead = fold(0f, 0f, 0.4f, 2f);
    assertThat(dead.bias()[0]).isZero();
    assertThat(dead.factors()[0].multiplier()).isZero();
  }

  @Test
  void of_scoresThatFit_keepTheSmallestChannelsScale() {
    FoldedDot even = scores(-10, -9.5f);
    assertThat(even.outputScale()).isEqualTo(Math.pow(2, -15));
    FoldedDot apart = scores(-24, -8); // factors of 1 and 2^16, sums below 2^14
    assertThat(apart.outputScale()).isEqualTo(Math.pow(2, -29));
  }

  @Test
  void of_scoresThatWouldNotFit_areGivenTheSmallestScaleThatDoes() {
    for (float low : new float[] {-32, -40, -80, -100}) {
      FoldedDot fold = scores(low, -8);
      // 255 · 3 · K = 16 and the bias 1/2 in units of 2^−13: below 2^14
      long largest = 255 * 3 * 16 + fold.bias()[1];
      double unit = Math.pow(2, -13);
      assertThat(fold.factors()[1]).isEqualTo(FixedPoint.singleRounding(unit / fold.outputScale()));
      assertThat(largest << fold.factors()[1].shift()).isLessThanOrEqualTo(Integer.MAX_VALUE);
      FixedPoint before = FixedPoint.singleRounding(unit / (fold.outputScale() / 1.25));
      assertThat(largest << before.shift()).isGreaterThan(Integer.MAX_VALUE);
      assertThat(fold.bias()[1]).isEqualTo(4096);
    }
  }

  /** The last layer of a small network with these log2 scales of weights of two classes. */
  private static FoldedDot scores(float first, float second) {
    ModelSpec model = ModelZoo.create("mlp2", 16, new FeatureMapShape(1, 4, 4), 2);
    QuantizationPlan plan = QuantizationPlan.of(model, QuantizationSettings.of(model, 8, 8));
    DotNode dot = model.dots().getLast();
    Map<String, float[]> arrays = new HashMap<>();
    arrays.put(dot.name() + ".bias", new float[] {0, 0.5f});
    arrays.put(plan.multipliedScale(Operand.of(dot)), new float[] {-5});
    arrays.put(QuantizationPlan.weightScale(dot), new float[] {first, second});
    byte[] codes = new byte[2 * dot.terms()];
    Arrays.fill(codes, (byte) 3);
    return FoldedDot.of(plan, dot, name -> arrays.getOrDefault(name, new float[0]), codes);
  }

  /** The first layer of a small network whose channel 0 has these batch-norm values. */
  private static FoldedDot fold(float gamma, float beta, float mean, float variance) {
    ModelSpec model = ModelZoo.create("cnn-small", 4, new FeatureMapShape(1, 8, 8), 3);
    QuantizationPlan plan = QuantizationPlan.of(model, QuantizationSettings.of(model, 8, 8));
    DotNode dot = model.dots().getFirst();
    Map<String, float[]> arrays = new HashMap<>();
    arrays.put("bn1.weight", new float[] {gamma, 1, 1, 1});
    arrays.put("bn1.bias", new float[] {beta, 0, 0, 0});
    arrays.put("bn1.running_mean", new float[] {mean, 0, 0, 0});
    arrays.put("bn1.running_var", new float[] {variance, 1, 1, 1});
    arrays.put(plan.multipliedScale(Operand.of(dot)), new float[] {-5});
    arrays.put(QuantizationPlan.weightScale(dot), new float[] {-3, -3, -3, -3});
    arrays.put(plan.outputScale("conv1"), new float[] {-2});
    byte[] codes = new byte[4 * 9];
    Arrays.fill(codes, (byte) 3);
    return FoldedDot.of(plan, dot, name -> arrays.getOrDefault(name, new float[0]), codes);
  }
}
