package dev.narrows.core.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.narrows.core.prune.FilterPruning.FilterNorm;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PruningTest {
  private static String mask(int keep, int group, float... weights) {
    return text(NmPruning.mask(weights, 1, weights.length, keep, group));
  }

  private static String text(boolean[] mask) {
    StringBuilder text = new StringBuilder();
    for (boolean kept : mask) {
      text.append(kept ? '1' : '0');
    }
    return text.toString();
  }

  @Test
  void mask_handWorkedGroups_keepTheLargestOfEach() {
    assertThat(mask(2, 4, 1, -5, 3, 0, 9, 8, 7, 6)).isEqualTo("01101100");
    assertThat(mask(1, 2, -2, 2, 2, -2)).as("ties keep the lower index").isEqualTo("1010");
    assertThat(mask(2, 4, 0, 0, 0, 0)).as("also among zeros").isEqualTo("1100");
    assertThat(mask(4, 4, 1, 2, 3, 4)).isEqualTo("1111");
    assertThat(mask(2, 4, 1, 2, 3, 4, 5)).as("1 left: ceil(2/4)").isEqualTo("00111");
    assertThat(mask(2, 4, 1, 2, 3, 4, 5, 6, 7)).as("3 left: ceil(6/4)").isEqualTo("0011011");
    assertThat(mask(3, 8, 5, 1, 2)).as("K below M: ceil(9/8)").isEqualTo("101");
    assertThat(mask(2, 4)).isEmpty();
    assertThat(mask(2, Integer.MAX_VALUE, 4, 5)).isEqualTo("01");
  }

  @Test
  void mask_severalChannels_groupsStartAnewInEach() {
    float[] weights = {1, 2, 3, 30, 20, 10};
    assertThat(text(NmPruning.mask(weights, 2, 3, 1, 2))).isEqualTo("011101");
    assertThat(NmPruning.apply(weights, NmPruning.mask(weights, 2, 3, 1, 2)))
        .containsExactly(0, 2, 3, 30, 0, 10);
  }

  @Test
  void mask_randomWeights_keepsTheCountAndNothingSmallerThanWhatItDrops() {
    long seed = 31;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int trial = 0; trial < 500; trial++) {
      int terms = random.nextInt(40);
      int group = 1 + random.nextInt(17);
      int keep = 1 + random.nextInt(group);
      float[] weights = new float[terms];
      for (int k = 0; k < terms; k++) {
        weights[k] = random.nextInt(-4, 5);
      }
      boolean[] mask = NmPruning.mask(weights, 1, terms, keep, group);
      for (int start = 0; start < terms; start += group) {
        int end = Math.min(terms, start + group);
        int kept = 0;
        float least = Float.MAX_VALUE;
        float dropped = 0;
        for (int k = start; k < end; k++) {
          kept += mask[k] ? 1 : 0;
          least = mask[k] ? Math.min(least, Math.abs(weights[k])) : least;
          dropped = mask[k] ? dropped : Math.max(dropped, Math.abs(weights[k]));
        }
        assertThat(kept).isEqualTo((int) Math.ceil(keep * (end - start) / (double) group));
        assertThat(least).isGreaterThanOrEqualTo(dropped);
      }
      assertThat(NmPruning.keptTerms(terms, keep, group))
          .isEqualTo((int) IntStream.range(0, terms).filter(k -> mask[k]).count());
    }
  }

  @Test
  void mask_badInput_isRefusedNamingThePlace() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NmPruning.mask(new float[] {1, 2, 3, Float.NaN}, 2, 2, 1, 2))
        .withMessage("channel 1, term 1: weight must be finite, got NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NmPruning.mask(new float[3], 2, 2, 1, 2))
        .withMessage("3 weights are not 2 channels of 2 terms");
    assertThatIllegalArgumentException().isThrownBy(() -> mask(0, 4, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> mask(5, 4, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NmPruning.apply(new float[2], new boolean[3]));
  }

  @ParameterizedTest
  @CsvSource({
    // N, M, steps, epochs, kept counts by epoch
    "8, 16, 4, 4, 14 12 10 8",
    "8, 16, 4, 8, 14 14 12 12 10 10 8 8",
    "8, 16, 1, 3, 8 8 8",
    "8, 16, 8, 3, 15 13 8", // fewer epochs than steps: the last is at N all the same
    "1, 4, 2, 2, 3 1",
    "4, 4, 3, 2, 4 4",
    "8, 16, 4, 1, 8",
  })
  void schedule_epochs_keptCountFallsToN(int keep, int group, int steps, int epochs, String kept) {
    NmSchedule schedule = new NmSchedule(keep, group, steps);
    assertThat(IntStream.range(0, epochs).map(e -> schedule.keptAt(e, epochs)).boxed())
        .isEqualTo(java.util.Arrays.stream(kept.split(" ")).map(Integer::valueOf).toList());
    assertThat(schedule.keptAt(epochs + 5, epochs)).isEqualTo(keep);
  }

  @Test
  void schedule_changesAt_isTrueWhereTheCountFalls() {
    NmSchedule schedule = new NmSchedule(8, 16, 2);
    assertThat(IntStream.range(0, 6).filter(e -> schedule.changesAt(e, 6))).containsExactly(0, 3);
    assertThatIllegalArgumentException().isThrownBy(() -> new NmSchedule(8, 16, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> schedule.keptAt(-1, 3));
  }

  @Test
  void filters_smallestNormsGo_tiesKeepTheLowerIndex() {
    float[] weights = {3, 0, /**/ -2, 2, /**/ 1, 1, /**/ 2, -2};
    assertThat(text(FilterPruning.mask(weights, 4, 2, 2, FilterNorm.L1))).isEqualTo("0101");
    assertThat(text(FilterPruning.mask(weights, 4, 2, 2, FilterNorm.L2))).isEqualTo("1100");
    assertThat(text(FilterPruning.mask(weights, 4, 2, 0, FilterNorm.L2))).isEqualTo("0000");
    assertThat(text(FilterPruning.mask(new float[0], 3, 0, 1, FilterNorm.L1))).isEqualTo("100");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FilterPruning.mask(weights, 4, 2, 5, FilterNorm.L1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FilterPruning.mask(new float[] {Float.NaN}, 1, 1, 1, FilterNorm.L1));
  }

  @Test
  void lowRank_fullRank_givesTheMatrixBack() {
    long seed = 32;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int[] shape : new int[][] {{1, 1}, {3, 7}, {7, 3}, {16, 16}, {20, 90}}) {
      float[] weights = gaussian(random, shape[0] * shape[1]);
      int full = Math.min(shape[0], shape[1]);
      float[] product = LowRank.of(weights, shape[0], shape[1], full).product();
      for (int i = 0; i < weights.length; i++) {
        // the factors are floats: each of ≤ 20 products is off by a few units of 2^−24
        assertThat(product[i]).isCloseTo(weights[i], org.assertj.core.data.Offset.offset(1e-5f));
      }
    }
  }

  @Test
  void lowRank_eachRank_leavesExactlyTheDroppedSingularValues() {
    Random random = new Random(33);
    float[] weights = gaussian(random, 12 * 30);
    for (int rank = 0; rank <= 12; rank++) {
      LowRank low = LowRank.of(weights, 12, 30, rank);
      LowRank truncated = LowRank.of(weights, 12, 30, 12).truncated(rank);
      assertThat(truncated.left()).isEqualTo(low.left());
      assertThat(truncated.right()).isEqualTo(low.right());
      double dropped = 0;
      for (int i = rank; i < 12; i++) {
        dropped += low.singularValues()[i] * low.singularValues()[i];
      }
      double error = 0;
      float[] product = low.product();
      for (int i = 0; i < weights.length; i++) {
        error += Math.pow(weights[i] - (double) product[i], 2);
      }
      assertThat(error).isCloseTo(dropped, within(1e-6 + 1e-5 * dropped)); // Eckart and Young
    }
  }

  @Test
  void lowRank_matrixOfRankOne_isFoundWhateverItsShape() {
    float[] weights = {2, 4, 6, -1, -2, -3};
    for (int[] shape : new int[][] {{2, 3}, {3, 2}}) {
      float[] given = shape[0] == 2 ? weights : new float[] {2, -1, 4, -2, 6, -3};
      LowRank low = LowRank.of(given, shape[0], shape[1], 1);
      assertThat(low.singularValues()[0]).isCloseTo(Math.sqrt(70), within(1e-12));
      assertThat(low.singularValues()[1]).isCloseTo(0, within(1e-12));
      assertThat(low.left()).hasSize(shape[0]);
      for (int i = 0; i < 6; i++) {
        assertThat(low.product()[i])
            .isCloseTo(given[i], org.assertj.core.data.Offset.offset(1e-5f));
      }
    }
  }

  @Test
  void lowRank_degenerate_isDefined() {
    assertThat(LowRank.of(new float[6], 2, 3, 2).product()).containsOnly(0);
    assertThat(LowRank.of(new float[0], 0, 3, 0).product()).isEmpty();
    assertThat(LowRank.of(new float[] {1, 2}, 1, 2, 0).product()).containsExactly(0, 0);
    assertThatIllegalArgumentException().isThrownBy(() -> LowRank.of(new float[6], 2, 3, 3));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LowRank.of(new float[] {Float.POSITIVE_INFINITY}, 1, 1, 1));
  }

  private static float[] gaussian(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static org.assertj.core.data.Offset<Double> within(double offset) {
    return org.assertj.core.data.Offset.offset(offset);
  }
}
