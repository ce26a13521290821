package dev.narrows.repair.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.repair.channel.RepairedChannel.Means;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChannelRepairTest {
  private static final long SEED = 17;

  /** Random ranges (some without 0), widths, registers, biases, parts: no input overflows. */
  @Test
  void repair_randomChannels_noInputOverflowsAndNeverWorseThanGrowth() {
    Random random = new Random(SEED);
    Map<Means, Integer> seen = new EnumMap<>(Means.class);
    for (int trial = 0; trial < 1000; trial++) {
      int terms = random.nextInt(10);
      ChannelTask task = task(random, terms);
      ChannelRepair solver = ChannelRepair.of(moments(random, terms));
      Levers levers = trial % 2 == 0 ? Levers.all() : Levers.all().withoutSearch();
      RepairedChannel all = solver.repair(task, levers);
      seen.merge(all.how(), 1, Integer::sum);
      String name = "trial %d: %s".formatted(trial, task);
      assertThat(overflows(task, all)).as(name).isEqualTo(!all.isSafe());
      assertThat(Arrays.stream(all.weights()).allMatch(task.codes()::contains)).isTrue();
      assertThat(all.scale()).isBetween(task.scales().least(), task.scales().most());
      RepairedChannel growth = solver.repair(task, new Levers(true, false, false, true));
      assertThat(all.isSafe()).as(name).isEqualTo(growth.isSafe());
      if (growth.how() == Means.GROWTH) {
        assertThat(all.error()).as(name).isLessThanOrEqualTo(growth.error());
      }
      assertThat(solver.repair(task, levers)).isEqualTo(all);
    }
    assertThat(seen.keySet()).containsExactlyInAnyOrder(Means.values());
  }

  @Test
  void repair_safeIntegers_stay() {
    double[] weights = {0.5, -1.5, 0};
    ChannelTask task = simple(weights, 0.5, 127, 1 << 20);
    RepairedChannel kept = solver(3).repair(task, Levers.all());
    assertThat(kept.how()).isEqualTo(Means.KEPT);
    assertThat(kept.weights()).containsExactly(1, -3, 0);
    assertThat(kept.error()).isZero();
    assertThat(kept.scale()).isEqualTo(0.5);
  }

  @Test
  void repair_noTerms_isKept() {
    assertThat(solver(0).repair(simple(new double[0], 1, 127, 5), Levers.all()).how())
        .isEqualTo(Means.KEPT);
  }

  @Test
  void repair_registerWithoutRoom_isZero() {
    RepairedChannel zero = solver(2).repair(simple(new double[] {1, -1}, 1, 127, 3), Levers.all());
    assertThat(zero.how()).isEqualTo(Means.ZERO);
    assertThat(zero.weights()).containsOnly(0);
  }

  @Test
  void repair_biasBeyondTheRegister_isImpossible() {
    ChannelTask task =
        new ChannelTask(
            new double[] {1},
            new double[] {1},
            ScaleChoice.fixed(1),
            new IntegerRange(-127, 127),
            new IntegerRange(0, 255),
            List.of(SumLimit.whole(new IntegerRange(-128, 127), true)),
            (q, s) -> 128);
    RepairedChannel done = solver(1).repair(task, Levers.all());
    assertThat(done.how()).isEqualTo(Means.IMPOSSIBLE);
    assertThat(done.isSafe()).isFalse();
  }

  /** 255·128 = 32640 fits 16 bits: each sign of a pair sums to 128 at most. */
  @Test
  void repair_pairs_onlyUnsafePairsChange() {
    double[] weights = {127, 3, 127, -128, 100, 100, -90, -60};
    ChannelTask task =
        new ChannelTask(
            weights,
            weights,
            ScaleChoice.fixed(1),
            new IntegerRange(-128, 127),
            new IntegerRange(0, 255),
            List.of(
                new SumLimit(
                    new IntegerRange(-32768, 32767), new int[] {0, 0, 1, 1, 2, 2, 3, 3}, -1),
                SumLimit.whole(new IntegerRange(Integer.MIN_VALUE, Integer.MAX_VALUE), true)),
            Preload.NONE);
    double[] identity = new double[64];
    for (int k = 0; k < 8; k++) {
      identity[9 * k] = 1;
    }
    int[] q =
        ChannelRepair.of(new InputMoments(new double[8], identity, 99))
            .repair(task, Levers.all())
            .weights();
    assertThat(Arrays.copyOfRange(q, 2, 4)).containsExactly(127, -128);
    assertThat(q[0] + q[1]).isEqualTo(128);
    assertThat(q[4] + q[5]).isEqualTo(128);
    assertThat(q[4]).isEqualTo(64);
    assertThat(q[6] + q[7]).isEqualTo(-128);
  }

  /** With equal inputs only the sum of the weights counts: feedback keeps it within a rounding. */
  @Test
  void repair_covarianceOfRankOne_keepsTheSum() {
    double[] weights = {0.3, 0.3, 0.3, 0.3, 0.3, 0.3};
    double[] c = new double[36];
    Arrays.fill(c, 1);
    ChannelRepair solver = ChannelRepair.of(new InputMoments(new double[6], c, 100));
    RepairedChannel done = solver.repair(simple(weights, 0.3 / 127, 127, 3 * 255), Levers.all());
    double sum = done.scale() * Arrays.stream(done.weights()).sum();
    assertThat(sum).isCloseTo(1.8, within(0.02));
  }

  /** Worked by hand: the second weight takes over half of what the first one's rounding left. */
  @Test
  void round_correlatedInputs_laterWeightsMakeUpForEarlierOnes() {
    double damping = 0.01 * 1.5;
    double[] c = {2, 1 + damping, 1 + damping, 1};
    FeedbackOrder order = FeedbackOrder.of(new InputMoments(new double[2], c, 9));
    ChannelTask task = simple(new double[] {0.4, 0.3}, 1, 127, 1 << 20);
    // (0.4 − 0)·(1 + λ)/(1 + λ) + 0.3 = 0.7
    assertThat(order.round(task.target(), Budget.of(task, 0, 0))).containsExactly(0, 1);
    assertThat(order.round(new double[] {0.6, 0.8}, Budget.of(task, 0, 0))).containsExactly(1, 0);
  }

  @Test
  void repair_constantInputs_isSafeWithoutError() {
    InputMoments constant = new InputMoments(new double[] {1, 1}, new double[4], 9);
    ChannelTask task = simple(new double[] {0.9, -0.7}, 0.01, 127, 255 * 40);
    RepairedChannel done = ChannelRepair.of(constant).repair(task, Levers.all());
    assertThat(done.error()).isZero();
    assertThat(overflows(task, done)).isFalse();
  }

  @Test
  void repair_notFinite_isRefused() {
    assertThatThrownBy(
            () -> solver(1).repair(simple(new double[] {Double.NaN}, 1, 7, 7), Levers.all()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not finite");
    assertThatThrownBy(() ->
            ChannelRepair.of(
                new InputMoments(new double[1], new double[] {Double.POSITIVE_INFINITY}, 1)))
        .hasMessageContaining("not finite");
    assertThatThrownBy(
            () -> ChannelRepair.of(new InputMoments(new double[1], new double[] {-1}, 1)))
        .hasMessageContaining("covariance");
  }

  private static ChannelRepair solver(int terms) {
    return ChannelRepair.of(moments(new Random(3), terms));
  }

  private static ChannelTask simple(double[] weights, double scale, int code, long max) {
    return new ChannelTask(
        weights,
        weights,
        new ScaleChoice(scale, scale, 1e9),
        new IntegerRange(-code, code),
        new IntegerRange(0, 255),
        List.of(SumLimit.whole(new IntegerRange(-max - 1, max), false)),
        Preload.NONE);
  }

  static InputMoments moments(Random random, int terms) {
    int rank = 1 + random.nextInt(terms + 3);
    double[][] samples = new double[rank][];
    Arrays.setAll(
        samples, i -> random.doubles(terms, 0, 1 + random.nextInt(3)).map(Math::floor).toArray());
    double[] mean = random.doubles(terms, -1, 1).toArray();
    double[] covariance = new double[terms * terms];
    for (double[] sample : samples) {
      for (int i = 0; i < terms; i++) {
        for (int j = 0; j < terms; j++) {
          covariance[i * terms + j] += sample[i] * sample[j] / rank;
        }
      }
    }
    return new InputMoments(mean, covariance, rank);
  }

  static ChannelTask task(Random random, int terms) {
    double[] given = random.doubles(terms, -1, 1).toArray();
    double scale = 0.01 + random.nextDouble();
    if (random.nextInt(4) == 0) {
      given = Arrays.stream(given).map(w -> Math.rint(9 * w) * scale).toArray();
    }
    double[] target = given.clone();
    if (random.nextBoolean()) {
      target = Arrays.stream(target).map(w -> w + 0.1 * random.nextGaussian()).toArray();
    }
    int code = (1 << (1 + random.nextInt(7))) - 1;
    int bits = 4 + random.nextInt(15);
    int a = random.nextInt(3) * (random.nextInt(300) - 200);
    IntegerRange inputs = new IntegerRange(a, a + random.nextInt(300));
    List<SumLimit> limits = new ArrayList<>();
    boolean preloaded = random.nextBoolean();
    limits.add(
        SumLimit.whole(new IntegerRange(-(1L << (bits - 1)), (1L << (bits - 1)) - 1), preloaded));
    if (random.nextBoolean()) {
      int size = 1 + random.nextInt(4);
      int[] parts = new int[terms];
      Arrays.setAll(parts, k -> random.nextInt(5) == 0 ? -1 : k / size);
      int inner = 4 + random.nextInt(15);
      limits.add(
          new SumLimit(
              new IntegerRange(-(1L << (inner - 1)), (1L << (inner - 1)) - 1),
              parts,
              random.nextInt(3) == 0 ? terms / size : -1));
    }
    double bias = random.nextGaussian() * scale * (1 << random.nextInt(bits));
    double[] mean = random.doubles(terms, 0, 50).toArray();
    double[] old = given;
    // the corrected bias in units of the channel's sum
    Preload preload =
        (q, s) -> {
          double corrected = bias;
          for (int k = 0; k < q.length; k++) {
            corrected += (old[k] - s * q[k]) * mean[k];
          }
          return Math.round(corrected / s);
        };
    ScaleChoice scales =
        random.nextInt(4) == 0
            ? ScaleChoice.fixed(scale)
            : new ScaleChoice(scale, scale / 8, random.nextInt(4) == 0 ? 4 * scale : 1e6);
    return new ChannelTask(
        given, target, scales, new IntegerRange(-code, code), inputs, limits, preload);
  }

  /** Every subset of the terms of every part, each at its extreme input, bias first or absent. */
  static boolean overflows(ChannelTask task, RepairedChannel done) {
    int[] q = done.weights();
    long preload = task.preload().of(q, done.scale());
    for (SumLimit limit : task.limits()) {
      for (int part = 0; part < limit.count(); part++) {
        for (int subset = 0; subset < 1 << q.length; subset++) {
          long low = 0;
          long high = 0;
          for (int k = 0; k < q.length; k++) {
            if ((subset >> k & 1) == 1 && limit.part(k) == part) {
              long atA = q[k] * task.inputs().min();
              long atB = q[k] * task.inputs().max();
              low += Math.min(atA, atB);
              high += Math.max(atA, atB);
            }
          }
          long start = limit.preloaded() == part ? preload : 0;
          if (!limit.register().contains(low + start) || !limit.register().contains(high + start)) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
