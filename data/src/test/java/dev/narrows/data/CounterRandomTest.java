package dev.narrows.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CounterRandomTest {
  @Test
  void bits_consecutiveCounters_areSplitMix64() {
    for (long seed : new long[] {0, 1, -1, 1_234_567, Long.MIN_VALUE}) {
      // A SplittableRandom made from a seed has the golden gamma and so is SplitMix64.
      SplittableRandom reference = new SplittableRandom(seed);
      CounterRandom random = new CounterRandom(seed);
      for (int counter = 0; counter < 1000; counter++) {
        assertThat(random.bits(counter)).isEqualTo(reference.nextLong());
      }
    }
  }

  @Test
  void of_differentPlaces_giveDifferentKeys() {
    Set<Long> keys = new HashSet<>();
    for (long seed = 0; seed < 20; seed++) {
      for (long epoch = 0; epoch < 20; epoch++) {
        keys.add(CounterRandom.of(seed, epoch).key());
        for (long index = 0; index < 20; index++) {
          keys.add(CounterRandom.of(seed, epoch, index).key());
        }
      }
    }
    assertThat(keys).hasSize(20 * 20 * 21);
  }

  @Test
  void below_manyDraws_hitEveryValueAboutEquallyOften() {
    int[] counts = new int[7];
    CounterRandom random = CounterRandom.of(5);
    IntStream.range(0, 70_000).forEach(i -> counts[random.below(7, i)]++);
    // Six sigma of a binomial with n = 70,000 and p = 1/7 is 556.
    assertThat(Arrays.stream(counts)).allMatch(count -> Math.abs(count - 10_000) < 556);
  }

  @Test
  void below_bounds_areRespected() {
    CounterRandom random = new CounterRandom(3);
    for (int i = 0; i < 1000; i++) {
      assertThat(random.below(1, i)).isZero();
      assertThat(random.below(Integer.MAX_VALUE, i)).isNotNegative();
    }
    assertThatThrownBy(() -> random.below(0, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shuffle_sameSeedAndEpoch_isTheSamePermutation() {
    int[] order = EpochOrder.shuffle(1, 2, 1000);
    assertThat(order).isEqualTo(EpochOrder.shuffle(1, 2, 1000));
    assertThat(order)
        .isNotEqualTo(EpochOrder.shuffle(1, 3, 1000))
        .isNotEqualTo(EpochOrder.shuffle(2, 2, 1000));
    assertThat(Arrays.stream(order).sorted())
        .containsExactlyElementsOf(IntStream.range(0, 1000).boxed().toList());
    assertThat(EpochOrder.shuffle(1, 2, 0)).isEmpty();
  }

  @Test
  void shuffle_threeElements_givesAllSixOrdersEquallyOften() {
    int[] counts = new int[27];
    for (int epoch = 0; epoch < 6000; epoch++) {
      int[] order = EpochOrder.shuffle(9, epoch, 3);
      counts[order[0] * 9 + order[1] * 3 + order[2]]++;
    }
    int[] seen = Arrays.stream(counts).filter(count -> count > 0).toArray();
    assertThat(seen).hasSize(6);
    // Six sigma of a binomial with n = 6,000 and p = 1/6 is 173.
    assertThat(Arrays.stream(seen)).allMatch(count -> Math.abs(count - 1000) < 173);
  }

  @Test
  void shuffle_storedResult_isStillTheSame() {
    // Runs that were stored must be repeatable by later versions: these numbers may not change.
    assertThat(EpochOrder.shuffle(42, 7, 10)).containsExactly(5, 6, 7, 2, 0, 4, 3, 1, 8, 9);
  }
}
