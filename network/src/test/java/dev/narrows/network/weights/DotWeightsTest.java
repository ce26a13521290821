package dev.narrows.network.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DotWeightsTest {
  private static double[] scales(int channels) {
    double[] scales = new double[channels];
    Arrays.fill(scales, 0.5);
    return scales;
  }

  /** Dense weights that obey N:M, with some kept weights zero too. */
  private static DenseWeights pruned(Random random, int channels, int terms, int keep, int group) {
    int[] values = new int[channels * terms];
    for (int c = 0; c < channels; c++) {
      for (int first = 0; first < terms; first += group) {
        int size = Math.min(group, terms - first);
        int left = Math.ceilDiv(keep * size, group);
        for (int k = first; k < first + size && left > 0; k++) {
          if (random.nextBoolean()) {
            values[c * terms + k] = random.nextInt(15) - 7;
            left--;
          }
        }
      }
    }
    return new DenseWeights(channels, terms, 4, scales(channels), values);
  }

  @Test
  void packed_randomPatterns_holdTheSameWeights() {
    long seed = 7;
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      int group = 1 + random.nextInt(20);
      int keep = 1 + random.nextInt(group);
      int terms = random.nextInt(70);
      DenseWeights dense = pruned(random, 1 + random.nextInt(5), terms, keep, group);
      PackedWeights packed = PackedWeights.of(dense, keep, group);
      assertThat(packed.dense()).as("seed %d round %d", seed, round).isEqualTo(dense.values());
      assertThat(packed.nonZeros()).isEqualTo(dense.nonZeros());
      for (int c = 0; c < dense.channels(); c++) {
        assertThat(nonZeros(packed, c)).isEqualTo(nonZeros(dense, c));
        assertThat(packed.sum(c)).isEqualTo(dense.sum(c));
      }
    }
  }

  private static List<List<Integer>> nonZeros(DotWeights weights, int channel) {
    List<List<Integer>> seen = new ArrayList<>();
    weights.forEachNonZero(channel, (k, q) -> seen.add(List.of(k, q)));
    return seen;
  }

  @Test
  void kept_remainderGroup_keepsItsShareRoundedUp() {
    assertThat(PackedWeights.kept(27, 8, 16)).isEqualTo(8 + 6); // 11 · 8 / 16 = 5.5
    assertThat(PackedWeights.kept(0, 8, 16)).isZero();
    assertThat(PackedWeights.kept(5, 16, 16)).isEqualTo(5);
  }

  @Test
  void packed_tooManyNonZeros_isRefusedNamingTheGroup() {
    DenseWeights dense = new DenseWeights(1, 4, 4, scales(1), new int[] {0, 0, 1, 2});
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PackedWeights.of(dense, 1, 2))
        .withMessageContaining(
            "channel 0 has too many non-zero weights for 1:2 among terms 2 to 3");
  }

  @Test
  void packed_indexOutsideItsGroup_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new PackedWeights(1, 4, 4, scales(1), 1, 2, new int[] {1, 1}, new int[] {0, 1}))
        .withMessageContaining("must ascend inside its group");
  }

  @Test
  void dense_weightBeyondItsWidth_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DenseWeights(1, 2, 4, scales(1), new int[] {7, 8}))
        .withMessageContaining("int4's range [-8, 7], got 8");
  }

  @Test
  void weights_nanScale_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DenseWeights(1, 1, 4, new double[] {Double.NaN}, new int[1]))
        .withMessageContaining("weight scales must be finite and positive, got NaN");
  }

  @Test
  void equals_sameContent_isEqual() {
    Random random = new Random(3);
    DenseWeights a = pruned(random, 3, 20, 2, 4);
    DenseWeights b = new DenseWeights(3, 20, 4, a.scales().clone(), a.values().clone());
    assertThat(a).isEqualTo(b).hasSameHashCodeAs(b);
    assertThat(PackedWeights.of(a, 2, 4)).isEqualTo(PackedWeights.of(b, 2, 4)).isNotEqualTo(a);
  }
}
