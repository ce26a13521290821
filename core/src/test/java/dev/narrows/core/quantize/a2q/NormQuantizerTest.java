package dev.narrows.core.quantize.a2q;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.narrows.core.bound.DotChannel;
import dev.narrows.core.bound.SignSumBound;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NormQuantizerTest {
  private static final boolean[] NO_MASK = {};

  private static NormQuantizer quantizer(NormMethod method, int p, int a, boolean signed, int w) {
    return new NormQuantizer(new NormLimit(method, p, new IntegerFormat(a, signed)), w);
  }

  private static int[] codes(NormQuantizer quantizer, float[] v, double scale, double norm) {
    int[] codes = new int[v.length];
    long lowered = quantizer.quantize(v, 0, v.length, NO_MASK, scale, norm, codes);
    assertThat(lowered).isZero();
    return codes;
  }

  @Test
  void norm_paperFormulas_agree() {
    // (2^P − 2)/(2^A − 1) at A = 4: 4368.9 / 1092.1 / 272.9 at P = 16 / 14 / 12
    IntegerFormat four = IntegerFormat.unsigned(4);
    assertThat(Math.floor(new NormLimit(NormMethod.A2Q_PLUS, 16, four).norm())).isEqualTo(4368);
    assertThat(Math.floor(new NormLimit(NormMethod.A2Q_PLUS, 14, four).norm())).isEqualTo(1092);
    assertThat(Math.floor(new NormLimit(NormMethod.A2Q_PLUS, 12, four).norm())).isEqualTo(272);
    assertThat(new NormLimit(NormMethod.A2Q_PLUS, 12, four).norm()).isEqualTo(4094 / 15.0);
    assertThat(new NormLimit(NormMethod.A2Q, 12, four).norm()).isEqualTo(2047 / 16.0);
    assertThat(new NormLimit(NormMethod.A2Q, 12, IntegerFormat.signed(4)).norm())
        .isEqualTo(2047 / 8.0);
  }

  @Test
  void quantize_byHand_agrees() {
    // ‖v‖₁ = 10, g = 2 and s = 0.25: w/s = 0.8·v, truncated, ±7
    NormQuantizer free = quantizer(NormMethod.A2Q, 20, 4, false, 4);
    assertThat(codes(free, new float[] {3, -4, 1, 2}, 0.25, 2)).containsExactly(2, -3, 0, 1);
    // g = 8: w/s = 3.2·v, clipped
    assertThat(codes(free, new float[] {3, -4, 1, 2}, 0.25, 8)).containsExactly(7, -7, 3, 6);
    // centred: u = (2.5, −4.5, 0.5, 1.5), ‖u‖₁ = 9, g = 2.25: w/s = u
    NormQuantizer centred = quantizer(NormMethod.A2Q_PLUS, 20, 4, false, 4);
    assertThat(codes(centred, new float[] {3, -4, 1, 2}, 0.25, 2.25)).containsExactly(2, -4, 0, 1);
    // limit 127/16 at P = 8: w/s = 0.79375·v however large g is
    NormQuantizer bound = quantizer(NormMethod.A2Q, 8, 4, false, 4);
    assertThat(codes(bound, new float[] {3, -4, 1, 2}, 0.25, 1e6)).containsExactly(2, -3, 0, 1);
  }

  @Test
  void quantize_anyChannel_fitsItsRegisterWithEitherSign() {
    long seed = 20_240_104;
    Random random = new Random(seed);
    int touching = 0;
    for (int trial = 0; trial < 60_000; trial++) {
      NormMethod method = NormMethod.values()[trial % 3];
      int p = 4 + random.nextInt(20);
      int a = 2 + random.nextInt(7);
      boolean signed = random.nextBoolean();
      NormQuantizer quantizer = quantizer(method, p, a, signed, 2 + random.nextInt(7));
      int terms = 1 + random.nextInt(60);
      float[] v = new float[terms];
      float offset = random.nextInt(4) == 0 ? (float) random.nextGaussian() * 100 : 0;
      for (int k = 0; k < terms; k++) {
        v[k] = offset + (random.nextInt(3) == 0 ? 1 : (float) random.nextGaussian());
      }
      double scale = Math.pow(2, -8 * random.nextDouble());
      double norm = Math.pow(2, 14 * random.nextDouble() - 2) * scale;
      int[] codes = new int[terms];
      quantizer.quantize(v, 0, terms, NO_MASK, scale, norm, codes);
      IntegerRange inputs = IntegerRange.of(new IntegerFormat(a, signed));
      int width = SignSumBound.of(new DotChannel(codes, inputs)).bits();
      int[] negated = Arrays.stream(codes).map(q -> -q).toArray();
      int other = SignSumBound.of(new DotChannel(negated, inputs)).bits();
      assertThat(Math.max(width, other))
          .as("seed %d, trial %d, %s, codes %s", seed, trial, quantizer, Arrays.toString(codes))
          .isLessThanOrEqualTo(p);
      touching += width == p ? 1 : 0;
    }
    assertThat(touching).as("channels that use their register to the full").isGreaterThan(3000);
  }

  @Test
  void quantize_nearlyEqualWeightsCentred_areMadeToFit() {
    // what centring leaves of 1 and its neighbours is all but rounding errors
    float[] v = new float[5000];
    Arrays.fill(v, 16777215);
    v[17] = 16777214;
    for (int p = 6; p <= 40; p++) {
      NormQuantizer quantizer = quantizer(NormMethod.A2Q_PLUS, p, 8, false, 8);
      int[] codes = new int[v.length];
      quantizer.quantize(v, 0, v.length, NO_MASK, 1e-9, 1, codes);
      IntegerRange inputs = IntegerRange.of(IntegerFormat.unsigned(8));
      assertThat(SignSumBound.of(new DotChannel(codes, inputs)).bits()).isLessThanOrEqualTo(p);
    }
  }

  @Test
  void enforce_everySmallChannel_endsSafeAndTakesOffNoMoreThanNeeded() {
    NormLimit limit = new NormLimit(NormMethod.A2Q_PLUS, 5, IntegerFormat.signed(2));
    for (int packed = 0; packed < 7 * 7 * 7 * 7; packed++) {
      int[] codes = {packed % 7 - 3, packed / 7 % 7 - 3, packed / 49 % 7 - 3, packed / 343 - 3};
      int[] before = codes.clone();
      long positive = Arrays.stream(codes).filter(q -> q > 0).sum();
      long negative = -Arrays.stream(codes).filter(q -> q < 0).sum();
      long lowered = IntegerBudget.enforce(limit, codes, 0, 4, positive, negative);
      long up = Arrays.stream(codes).filter(q -> q > 0).sum();
      long down = -Arrays.stream(codes).filter(q -> q < 0).sum();
      assertThat(limit.holds(up, down)).isTrue();
      assertThat(positive + negative - up - down).isEqualTo(lowered);
      assertThat(lowered == 0).isEqualTo(limit.holds(positive, negative));
      for (int k = 0; k < 4; k++) {
        assertThat(codes[k] * before[k]).isGreaterThanOrEqualTo(0);
        assertThat(Math.abs(codes[k])).isLessThanOrEqualTo(Math.abs(before[k]));
      }
    }
  }

  @Test
  void quantize_degenerateChannels_areZeroWithoutGradient() {
    NormQuantizer plain = quantizer(NormMethod.A2Q, 12, 4, false, 4);
    NormQuantizer centred = quantizer(NormMethod.A2Q_PLUS, 12, 4, false, 4);
    for (NormQuantizer quantizer : new NormQuantizer[] {plain, centred}) {
      assertThat(codes(quantizer, new float[] {}, 1, 1)).isEmpty();
      assertThat(codes(quantizer, new float[] {0, 0, 0}, 1, 1)).containsOnly(0);
      assertThat(gradient(quantizer, new float[] {0, 0, 0}, 1, 1, new float[] {1, 2, 3}))
          .containsOnly(0f);
    }
    assertThat(codes(plain, new float[] {2}, 0.5, 1)).containsExactly(2);
    assertThat(codes(centred, new float[] {2}, 0.5, 1)).containsExactly(0);
    assertThat(codes(centred, new float[] {7, 7, 7}, 0.5, 1)).containsOnly(0);
    assertThat(gradient(centred, new float[] {7, 7, 7}, 1, 1, new float[] {1, 2, 3}))
        .containsOnly(0f);
  }

  @Test
  void quantize_budgetBelowOneWeight_leavesZeros() {
    // P = 4, A = 4: 7/16 and 14/15 of a weight
    for (NormMethod method : new NormMethod[] {NormMethod.A2Q, NormMethod.A2Q_PLUS}) {
      NormQuantizer quantizer = quantizer(method, 4, 4, false, 4);
      assertThat(quantizer.limit().leavesNothing()).isTrue();
      assertThat(codes(quantizer, new float[] {3, -1, 2}, 0.1, 5)).containsOnly(0);
      // P = 6: 31/16 and 62/15
      NormQuantizer enough = quantizer(method, 6, 4, false, 4);
      assertThat(enough.limit().leavesNothing()).isFalse();
      assertThat(codes(enough, new float[] {3, -3, 0}, 0.1, 5))
          .isEqualTo(method.centred() ? new int[] {2, -2, 0} : new int[] {0, 0, 0});
      assertThat(codes(enough, new float[] {9, 0, -0.5f}, 0.1, 5)[0]).isPositive();
    }
  }

  @Test
  void quantize_badValues_areRefused() {
    NormQuantizer quantizer = quantizer(NormMethod.A2Q, 12, 4, false, 4);
    float[] v = {1, 2};
    for (double bad : new double[] {Double.NaN, 0, -1, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> codes(quantizer, v, bad, 1))
          .withMessageContaining("scale must be finite and positive");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> codes(quantizer, v, 1, bad))
          .withMessageContaining("norm must be finite and positive");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> codes(quantizer, new float[] {1, Float.NaN}, 1, 1))
        .withMessage("weight 1 must be finite, got NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NormLimit(NormMethod.A2Q, 1, IntegerFormat.unsigned(4)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> quantizer(NormMethod.A2Q, 12, 4, false, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NormMethod.parse("a3q"))
        .withMessage("expected one of a2q, a2q+, sign-sum, found \"a3q\"");
    assertThat(NormMethod.parse("a2q+")).isEqualTo(NormMethod.A2Q_PLUS);
  }

  @Test
  void quantize_prunedWeights_stayZeroAndDoNotCountInTheMean() {
    NormQuantizer centred = quantizer(NormMethod.A2Q_PLUS, 20, 4, false, 8);
    float[] v = {9, 3, 5, 1, 9, 3};
    boolean[] mask = {false, true, false, true, true, true};
    int[] codes = {77, 0, 0, 0, 0, 77};
    centred.quantize(v, 1, 4, mask, 1, 26, codes);
    // u = (3, ., 1, 9) − 13/3 on the kept: (−4/3, −10/3, 14/3), ‖u‖₁ = 28/3
    assertThat(codes).containsExactly(77, -3, 0, -9, 13, 77);
    float[] out = {7, 7, 7, 7, 7, 7};
    centred.backward(v, 1, 4, mask, 1, 26, codes, new float[] {1, 1, 1, -2, 0.5f, 1}, out);
    assertThat(out[2]).isZero();
    assertThat(out[1] + out[3] + out[4]).isCloseTo(0, within(1e-5f));
    assertThat(out[0]).isEqualTo(7);
    assertThat(out[5]).isEqualTo(7);
  }

  private static float[] gradient(
      NormQuantizer quantizer, float[] v, double scale, double norm, float[] codeGradient) {
    float[] out = new float[v.length];
    int[] codes = codes(quantizer, v, scale, norm);
    quantizer.backward(v, 0, v.length, NO_MASK, scale, norm, codes, codeGradient, out);
    return out;
  }

  /** Σ G·clip(w/s) straight from the definition: what straight-through makes differentiable. */
  private static double surrogate(
      NormQuantizer q, double[] v, double d, double t, float[] g, boolean[] free) {
    double mean = q.limit().method().centred() ? Arrays.stream(v).sum() / v.length : 0;
    double norm = Arrays.stream(v).map(x -> Math.abs(x - mean)).sum();
    double s = Math.pow(2, d);
    double target = Math.min(Math.pow(2, t), s * q.limit().norm());
    double sum = 0;
    for (int k = 0; k < v.length; k++) {
      sum += free[k] ? g[k] * ((v[k] - mean) / norm * target / s) : 0;
    }
    return sum;
  }

  @Test
  void backward_finiteDifferences_agree() {
    long seed = 99;
    Random random = new Random(seed);
    int clipped = 0;
    for (int trial = 0; trial < 2000; trial++) {
      NormMethod method = NormMethod.values()[trial % 2];
      NormQuantizer q = quantizer(method, 6 + random.nextInt(8), 4, false, 4);
      int terms = 2 + random.nextInt(12);
      float[] v = new float[terms];
      float[] g = new float[terms];
      for (int k = 0; k < terms; k++) {
        v[k] = (float) random.nextGaussian();
        g[k] = (float) random.nextGaussian();
      }
      double d = -random.nextDouble() * 4;
      double t = random.nextDouble() * 6 - 1;
      double scale = Math.pow(2, d);
      if (Math.abs(Math.pow(2, t) / q.largestNorm(scale) - 1) < 1e-3) {
        continue; // the corner of min
      }
      // Clipped weights pass nothing: the STE definition, with the clip held fixed.
      double[] exact = ratios(q, v, scale, Math.pow(2, t));
      boolean[] free = new boolean[terms];
      for (int k = 0; k < terms; k++) {
        free[k] = Math.abs(exact[k]) < 8;
        clipped += free[k] ? 0 : 1;
      }
      float[] out = new float[terms];
      int[] codes = codes(q, v, scale, Math.pow(2, t));
      NormQuantizer.Slopes slopes =
          q.backward(v, 0, terms, NO_MASK, scale, Math.pow(2, t), codes, g, out);
      double step = 1e-6;
      double[] at = new double[terms];
      Arrays.setAll(at, k -> v[k]);
      for (int k = 0; k < terms; k++) {
        double[] up = at.clone();
        double[] down = at.clone();
        up[k] += step;
        down[k] -= step;
        double wanted =
            (surrogate(q, up, d, t, g, free) - surrogate(q, down, d, t, g, free)) / (2 * step);
        if (nearCorner(q, at)) {
          continue;
        }
        assertThat((double) out[k])
            .as("seed %d, trial %d, weight %d", seed, trial, k)
            .isCloseTo(wanted, within(1e-4 * (1 + Math.abs(wanted))));
      }
      double dt =
          (surrogate(q, at, d, t + step, g, free) - surrogate(q, at, d, t - step, g, free))
              / (2 * step);
      double dd =
          (surrogate(q, at, d + step, t, g, free) - surrogate(q, at, d - step, t, g, free))
              / (2 * step);
      assertThat(slopes.log2Norm()).isCloseTo(dt, within(1e-5 * (1 + Math.abs(dt))));
      assertThat(slopes.log2Scale()).isCloseTo(dd, within(1e-5 * (1 + Math.abs(dd))));
    }
    assertThat(clipped).as("clipped weights among them").isGreaterThan(100);
  }

  /** |u| has a corner where u is 0. */
  private static boolean nearCorner(NormQuantizer q, double[] v) {
    double mean = q.limit().method().centred() ? Arrays.stream(v).sum() / v.length : 0;
    return Arrays.stream(v).anyMatch(x -> Math.abs(x - mean) < 1e-4);
  }

  private static double[] ratios(NormQuantizer q, float[] v, double scale, double wanted) {
    double[] at = new double[v.length];
    Arrays.setAll(at, k -> v[k]);
    double mean = q.limit().method().centred() ? Arrays.stream(at).sum() / v.length : 0;
    double norm = Arrays.stream(at).map(x -> Math.abs(x - mean)).sum();
    double target = Math.min(wanted, q.largestNorm(scale)) / scale;
    return Arrays.stream(at).map(x -> (x - mean) / norm * target).toArray();
  }

  @Test
  void excess_onlyAboveTheLimit_counts() {
    NormQuantizer q = quantizer(NormMethod.A2Q, 8, 4, false, 4);
    assertThat(q.largestNorm(0.5)).isEqualTo(127 / 32.0);
    assertThat(q.excess(0.5, 5)).isEqualTo(5 - 127 / 32.0);
    assertThat(q.excess(0.5, 3)).isZero();
  }
}
