package dev.narrows.core.quantize.a2q;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.format.IntegerFormat;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SidesTest {
  private static final boolean[] NO_MASK = {};

  private static NormQuantizer quantizer(int p, int a, boolean signed, int w) {
    return new NormQuantizer(
        new NormLimit(NormMethod.SIGN_SUM, p, new IntegerFormat(a, signed)), w);
  }

  private static int[] codes(NormQuantizer quantizer, double scale, float... v) {
    int[] codes = new int[v.length];
    assertThat(quantizer.quantize(v, 0, v.length, NO_MASK, scale, 1, codes)).isZero();
    return codes;
  }

  @Test
  void quantize_byHand_agrees() {
    // P = 8, A = 4 unsigned: 127/15 = 8 units a side
    NormQuantizer eight = quantizer(8, 4, false, 4);
    assertThat(eight.limit().side()).isEqualTo(8);
    assertThat(codes(eight, 1, 3.4f, -2.5f, 9, -4)).containsExactly(2, -2, 6, -4);
    assertThat(codes(eight, 1, 3, 5, -8, -0.6f)).containsExactly(3, 5, -7, -1);
    // 7 + 3 + 2 = 12: each loses one, then the one nearest to rounding down another
    assertThat(codes(eight, 1, 7, 2.6f, 2)).containsExactly(6, 1, 1);
    // signed inputs, |x| <= 8: 15 units for both signs together
    assertThat(quantizer(8, 4, true, 4).limit().side()).isEqualTo(15);
    assertThat(codes(quantizer(8, 4, true, 4), 1, 7, -7, 4)).containsExactly(6, -6, 3);
    assertThat(codes(quantizer(4, 4, false, 4), 1, 7, -7, 4)).containsOnly(0);
  }

  /** The threshold itself, found by trying every point at which a weight loses a unit. */
  private static int[] byThreshold(float[] v, double scale, int largest, long side) {
    double[] points =
        Arrays.stream(doubles(v))
            .map(x -> Math.min(Math.abs(x) / scale, largest))
            .flatMap(m ->
                java.util.stream.IntStream.rangeClosed(0, largest)
                    .mapToDouble(j -> m - j - 0.5 + 1e-9))
            .filter(point -> point > 0)
            .sorted()
            .toArray();
    int[] codes = new int[v.length];
    for (int sign = -1; sign <= 1; sign += 2) {
      for (int i = -1; i < points.length; i++) {
        double threshold = i < 0 ? 0 : points[i];
        long sum = 0;
        for (int k = 0; k < v.length; k++) {
          if (Math.signum(v[k]) == sign) {
            double m = Math.min(Math.abs(v[k]) / scale, largest);
            codes[k] = sign * (int) Math.rint(Math.max(0, m - threshold));
            sum += Math.abs(codes[k]);
          }
        }
        if (sum <= side) {
          break;
        }
      }
    }
    return codes;
  }

  private static double[] doubles(float[] v) {
    double[] all = new double[v.length];
    Arrays.setAll(all, k -> v[k]);
    return all;
  }

  @Test
  void quantize_distinctPoints_isThresholdThenRounding() {
    long seed = 77;
    Random random = new Random(seed);
    for (int trial = 0; trial < 500; trial++) {
      NormQuantizer quantizer = quantizer(7 + random.nextInt(5), 4, false, 4);
      // points a 64th apart fall into buckets of their own
      int[] places = random.ints(0, 64).distinct().limit(20).toArray();
      float[] v = new float[20];
      for (int k = 0; k < v.length; k++) {
        v[k] = (random.nextInt(7) + (places[k] + 0.5f) / 64) * (random.nextBoolean() ? 1 : -1);
      }
      assertThat(codes(quantizer, 1, v))
          .as("seed %d, trial %d, %s", seed, trial, Arrays.toString(v))
          .isEqualTo(byThreshold(v, 1, 7, quantizer.limit().side()));
    }
  }

  @Test
  void quantize_budgetThatBinds_isSpentWhole() {
    Random random = new Random(5);
    for (int p = 6; p <= 12; p++) {
      NormQuantizer quantizer = quantizer(p, 4, false, 4);
      float[] v = new float[400];
      for (int k = 0; k < v.length; k++) {
        v[k] = (float) random.nextGaussian() * 3;
      }
      int[] codes = codes(quantizer, 1, v);
      long up = Arrays.stream(codes).filter(q -> q > 0).sum();
      long down = -Arrays.stream(codes).filter(q -> q < 0).sum();
      long side = quantizer.limit().side();
      assertThat(up).isEqualTo(Math.min(side, up));
      assertThat(p < 12 ? up : side).isEqualTo(side);
      assertThat(p < 12 ? down : side).isEqualTo(side);
    }
  }

  @Test
  void backward_definition_passesAllButClippedWeightsAndPrunedOnes() {
    NormQuantizer quantizer = quantizer(8, 4, false, 4);
    float[] v = {3, 20, 0.2f, -1.5f, 1};
    boolean[] mask = {true, true, true, true, false};
    int[] codes = new int[5];
    quantizer.quantize(v, 0, 5, mask, 0.5, 1, codes);
    assertThat(codes[4]).isZero();
    float[] out = new float[5];
    NormQuantizer.Slopes slopes =
        quantizer.backward(v, 0, 5, mask, 0.5, 1, codes, new float[] {1, 2, 3, 4, 5}, out);
    assertThat(out).containsExactly(2, 0, 6, 8, 0);
    double left = (codes[0] == 0 ? 0 : 1 * 6.0) + 4 * -3.0;
    assertThat(slopes.log2Scale()).isEqualTo(-Math.log(2) * left);
    assertThat(slopes.log2Norm()).isZero();
    assertThat(quantizer.excess(0.5, 1e9)).isZero();
  }

  @Test
  void start_tightBudget_findsACoarserScaleWithABetterAngle() {
    Random random = new Random(6);
    double[] w = new double[300];
    Arrays.setAll(w, k -> random.nextGaussian());
    NormQuantizer quantizer = quantizer(11, 4, false, 4);
    NormStart plain = NormStart.of(NormStart.StartRule.PLAIN, quantizer, w, NO_MASK);
    NormStart ep = NormStart.of(NormStart.StartRule.EP, quantizer, w, NO_MASK);
    assertThat(ep.scale()).isGreaterThan(plain.scale());
    assertThat(ep.weights()).containsExactly(w);
    assertThat(cosine(quantizer, w, ep.scale())).isGreaterThan(cosine(quantizer, w, plain.scale()));
  }

  private static double cosine(NormQuantizer quantizer, double[] w, double scale) {
    float[] v = new float[w.length];
    for (int k = 0; k < v.length; k++) {
      v[k] = (float) w[k];
    }
    int[] codes = codes(quantizer, scale, v);
    double product = 0;
    double square = 0;
    for (int k = 0; k < w.length; k++) {
      product += codes[k] * w[k];
      square += codes[k] * codes[k];
    }
    return product / Math.sqrt(square);
  }
}
