package dev.narrows.core.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.narrows.core.format.IntegerFormat;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantizerTest {
  private static final IntegerFormat U8 = IntegerFormat.unsigned(8);
  private static final IntegerFormat S8 = IntegerFormat.signed(8);

  @ParameterizedTest
  @CsvSource({
    // min, max, signed, scale, zero point
    "0, 255, false, 1, 0",
    "-1, 1.55, false, 0.01, 100",
    "-128, 127, true, 1, 0",
    "0, 25.5, true, 0.1, -128",
    "2, 25.5, false, 0.1, 0", // 0 is included
    "-51, -10, false, 0.2, 255",
    "0, 0, false, 1, 0",
    "0, 0, true, 1, 0",
  })
  void affine_range_coversItAndHoldsZeroExactly(
      double min, double max, boolean signed, double scale, int zeroPoint) {
    Quantization made = Quantizers.affine(new ValueRange(min, max), new IntegerFormat(8, signed));
    assertThat(made.scale())
        .isCloseTo(scale, org.assertj.core.data.Percentage.withPercentage(1e-9));
    assertThat(made.zeroPoint()).isEqualTo(zeroPoint);
    assertThat(made.dequantize(made.quantize(0))).isZero();
  }

  @Test
  void affine_randomRanges_errAtMostHalfAStepInside() {
    long seed = 81;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int trial = 0; trial < 2000; trial++) {
      double min = -Math.scalb(random.nextDouble(), random.nextInt(-20, 20));
      double max = Math.scalb(random.nextDouble(), random.nextInt(-20, 20));
      Quantization made =
          Quantizers.affine(
              new ValueRange(min, max), new IntegerFormat(random.nextInt(2, 9), false));
      double value = min + (max - min) * random.nextDouble();
      double error = Math.abs(made.dequantize(made.quantize(value)) - value);
      // half a step, and as much again at the ends, where the zero point was rounded
      assertThat(error).isLessThanOrEqualTo(made.scale() * 1.0000001);
    }
  }

  @Test
  void quantize_tiesAndEnds_roundHalfToEvenAndClamp() {
    Quantization unit = new Quantization(S8, 1, 0);
    assertThat(unit.quantize(0.5)).isZero();
    assertThat(unit.quantize(1.5)).isEqualTo(2);
    assertThat(unit.quantize(-2.5)).isEqualTo(-2);
    assertThat(unit.quantize(1e300)).isEqualTo(127);
    assertThat(unit.quantize(Double.NEGATIVE_INFINITY)).isEqualTo(-128);
    assertThatIllegalArgumentException().isThrownBy(() -> unit.quantize(Double.NaN));
    // the zero point is added after rounding: 0.5 is a tie whatever it is
    assertThat(new Quantization(S8, 1, 1).quantize(0.5)).isEqualTo(1);
  }

  @Test
  void quantization_scaleOrZeroPointThatIsNone_isRefused() {
    for (double scale : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException().isThrownBy(() -> new Quantization(U8, scale, 0));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> new Quantization(U8, 1, 256));
    assertThatIllegalArgumentException().isThrownBy(() -> new Quantization(U8, 1, -1));
  }

  @Test
  void symmetric_magnitude_usesTheNarrowRange() {
    assertThat(Quantizers.symmetric(12.7, 8).scale()).isEqualTo(12.7 / 127);
    assertThat(Quantizers.symmetric(3, 2))
        .isEqualTo(new Quantization(IntegerFormat.signed(2), 3, 0));
    assertThat(Quantizers.symmetric(0, 4).scale()).as("absmax 0").isEqualTo(1);
    assertThatIllegalArgumentException().isThrownBy(() -> Quantizers.symmetric(1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> Quantizers.symmetric(Double.NaN, 8));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Quantizers.symmetric(Double.POSITIVE_INFINITY, 8));
  }

  @Test
  void activations_sign_choosesTheFormat() {
    assertThat(Quantizers.activations(new ValueRange(0, 15), 4))
        .isEqualTo(new Quantization(IntegerFormat.unsigned(4), 1, 0));
    assertThat(Quantizers.activations(new ValueRange(-7, 3), 4))
        .isEqualTo(new Quantization(IntegerFormat.signed(4), 1, 0));
    assertThat(Quantizers.activations(ValueRange.ZERO, 4).scale()).isEqualTo(1);
  }

  @Test
  void weights_channels_areScaledApartRoundedAndKeptInTheNarrowRange() {
    float[] weights = {0.875f, -0.4375f, 0.0625f, /**/ -14, 3, 1, /**/ 0, 0, 0};
    WeightQuantizer made = WeightQuantizer.absMax(weights, 3, 3, 4);
    assertThat(made.codes()).containsExactly(7, -4, 0, -7, 2, 0, 0, 0, 0); // halves go to even
    assertThat(made.scales()[1]).isEqualTo(2);
    assertThat(made.scales()[2]).as("all-zero channel").isEqualTo(1);
    assertThat(made.dequantize()[3]).isEqualTo(-14);
    assertThat(made)
        .isEqualTo(WeightQuantizer.absMax(weights, 3, 3, 4))
        .hasToString("WeightQuantizer[3 x 3, 4 bits]");
  }

  @Test
  void weights_everyWidthAndRandomValues_errAtMostHalfAStep() {
    long seed = 82;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int bits = 2; bits <= 16; bits++) {
      float[] weights = new float[200];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (float) random.nextGaussian();
      }
      WeightQuantizer made = WeightQuantizer.absMax(weights, 4, 50, bits);
      int limit = (1 << (bits - 1)) - 1;
      for (int c = 0; c < 4; c++) {
        int largest = 0;
        for (int k = 0; k < 50; k++) {
          int code = made.codes()[c * 50 + k];
          largest = Math.max(largest, Math.abs(code));
          double error = Math.abs(code * made.scales()[c] - weights[c * 50 + k]);
          // 1 + 2^−40: the quotient and the product are rounded doubles
          assertThat(error).isLessThanOrEqualTo(made.scales()[c] / 2 * (1 + 0x1p-40));
        }
        assertThat(largest).isEqualTo(limit);
      }
    }
  }

  @Test
  void weights_learnedScales_clampToTheNarrowRange() {
    WeightQuantizer made =
        WeightQuantizer.withScales(new float[] {-100, 100, 2.5f}, 1, 3, 4, new double[] {1});
    assertThat(made.codes()).containsExactly(-7, 7, 2);
  }

  @Test
  void weights_degenerateOrBad_areDefined() {
    assertThat(WeightQuantizer.absMax(new float[0], 3, 0, 4).scales()).containsOnly(1);
    assertThat(WeightQuantizer.absMax(new float[0], 0, 5, 4).codes()).isEmpty();
    assertThat(WeightQuantizer.absMax(new float[] {Float.MIN_VALUE}, 1, 1, 8).codes())
        .containsExactly(127);
    assertThat(WeightQuantizer.absMax(new float[] {Float.MAX_VALUE}, 1, 1, 8).codes())
        .containsExactly(127);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WeightQuantizer.absMax(new float[] {1, Float.NaN}, 1, 2, 8))
        .withMessage("channel 0, term 1: weight must be finite, got NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WeightQuantizer.absMax(new float[3], 2, 2, 8));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WeightQuantizer.absMax(new float[4], 2, 2, 17));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WeightQuantizer.absMax(new float[4], 2, 2, 1));
    for (double scale : new double[] {Double.NaN, 0, -1, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> WeightQuantizer.withScales(new float[1], 1, 1, 8, new double[] {scale}))
          .withMessageContaining("channel 0");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> WeightQuantizer.withScales(new float[] {Float.NaN}, 1, 1, 8, new double[] {1}))
        .withMessageContaining("NaN");
  }

  @Test
  void minMax_batches_giveTheEnds() {
    Observer observer = Observer.minMax();
    assertThat(observer.range()).isEqualTo(ValueRange.ZERO);
    observer.observe(new float[] {});
    assertThat(observer.range()).isEqualTo(ValueRange.ZERO);
    observer.observe(new float[] {0, 3, -1});
    observer.observe(new float[] {0.5f, 7});
    assertThat(observer.range()).isEqualTo(new ValueRange(-1, 7));
  }

  @Test
  void percentile_oneOutlierInAThousand_isLeftOut() {
    float[] values = new float[1000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i / 1000f;
    }
    values[0] = 1000;
    Observer observer = Observer.percentile(99.9);
    observer.observe(values);
    double bin = 1024.0 / 2048;
    assertThat(observer.range().max()).isBetween(0.999, 0.999 + bin);
    assertThat(observer.range().min()).isBetween(0.0, 0.002);
    Observer all = Observer.percentile(100);
    all.observe(values);
    assertThat(all.range().max()).isEqualTo(1000);
  }

  @Test
  void percentile_mostlyZeros_keepsZeroExact() {
    float[] values = new float[1000];
    values[5] = 3;
    Observer observer = Observer.percentile(99);
    observer.observe(values);
    assertThat(observer.range()).isEqualTo(ValueRange.ZERO);
    Observer zeros = Observer.percentile(99);
    zeros.observe(new float[500]);
    assertThat(zeros.range()).isEqualTo(ValueRange.ZERO);
  }

  @Test
  void percentile_randomValues_isWithinABinOfTheSortedOnes() {
    long seed = 83;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int trial = 0; trial < 200; trial++) {
      float[] values = new float[1 + random.nextInt(3000)];
      double absMax = 0;
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (random.nextGaussian() * 3 + trial % 3);
        absMax = Math.max(absMax, Math.abs(values[i]));
      }
      int tenths = random.nextInt(101); // of a percent, left out at either end
      Observer observer = Observer.percentile((1000 - tenths) / 10.0);
      observer.observe(values);
      Arrays.sort(values);
      int drop = tenths * values.length / 1000;
      double bin = absMax / 1024;
      assertThat(observer.range().max())
          .isBetween(
              values[values.length - 1 - drop] - 0.0, values[values.length - 1 - drop] + bin);
      assertThat(observer.range().min()).isBetween(values[drop] - bin, values[drop] + 0.0);
    }
  }

  @Test
  void observers_batchesInAnyOrder_proposeTheSame() {
    Random random = new Random(84);
    float[][] batches = new float[6][50];
    for (int batch = 0; batch < batches.length; batch++) {
      for (int i = 0; i < 50; i++) {
        batches[batch][i] = (float) Math.scalb(random.nextGaussian(), batch * 3 - 8);
      }
    }
    for (int kind = 0; kind < 3; kind++) {
      Observer forwards = observer(kind);
      Observer backwards = observer(kind);
      for (int batch = 0; batch < batches.length; batch++) {
        forwards.observe(batches[batch]);
        backwards.observe(batches[batches.length - 1 - batch]);
      }
      assertThat(forwards.range()).isEqualTo(backwards.range());
    }
  }

  private static Observer observer(int kind) {
    return switch (kind) {
      case 0 -> Observer.minMax();
      case 1 -> Observer.percentile(97);
      default -> Observer.meanSquaredError(IntegerFormat.unsigned(4));
    };
  }

  @Test
  void meanSquaredError_gaussianAtFourBits_clipsTheTailAndErrsLess() {
    Random random = new Random(85);
    float[] values = new float[20_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    IntegerFormat format = IntegerFormat.signed(4);
    Observer observer = Observer.meanSquaredError(format);
    Observer whole = Observer.minMax();
    observer.observe(values);
    whole.observe(values);
    assertThat(observer.range().max()).isLessThan(whole.range().max() * 0.9);
    assertThat(error(values, Quantizers.affine(observer.range(), format)))
        .isLessThan(error(values, Quantizers.affine(whole.range(), format)));
  }

  private static double error(float[] values, Quantization quantization) {
    double sum = 0;
    for (float value : values) {
      sum += Math.pow(value - quantization.dequantize(quantization.quantize(value)), 2);
    }
    return sum;
  }

  @Test
  void meanSquaredError_constantOrNothing_isDefined() {
    Observer observer = Observer.meanSquaredError(U8);
    assertThat(observer.range()).isEqualTo(ValueRange.ZERO);
    observer.observe(new float[] {0, 0});
    assertThat(observer.range()).isEqualTo(ValueRange.ZERO);
    observer.observe(new float[] {5, 5, 5});
    assertThat(observer.range().min()).isZero();
    assertThat(observer.range().max()).isBetween(4.9, 5.0);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void observe_valueThatIsNotFinite_isRefusedAndNothingCounted(float value) {
    for (int kind = 0; kind < 3; kind++) {
      Observer observer = observer(kind);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> observer.observe(new float[] {1, value}))
          .withMessage("value 1 must be finite, got " + value);
      assertThat(observer.range()).isEqualTo(ValueRange.ZERO);
    }
    assertThatIllegalArgumentException().isThrownBy(() -> Observer.percentile(50));
    assertThatIllegalArgumentException().isThrownBy(() -> Observer.percentile(Double.NaN));
  }

  @Test
  void observe_smallestAndLargestFloats_areCounted() {
    for (float value : new float[] {Float.MIN_VALUE, Float.MIN_NORMAL, Float.MAX_VALUE}) {
      Observer observer = Observer.percentile(99);
      observer.observe(new float[] {value, -value});
      assertThat(observer.range()).isEqualTo(new ValueRange(-value, value));
    }
    Observer middle = Observer.percentile(60);
    middle.observe(new float[] {Float.MIN_VALUE, Float.MAX_VALUE, -Float.MAX_VALUE});
    assertThat(middle.range()).isEqualTo(new ValueRange(0, Math.scalb(1, 128 - 11))); // one bin
  }
}
