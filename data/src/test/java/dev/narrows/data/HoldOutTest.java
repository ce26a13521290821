package dev.narrows.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class HoldOutTest {
  private static int[] labels(int count, int classes, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return random.ints(count, 0, classes).toArray();
  }

  @Test
  void of_unevenClasses_isBalancedDisjointAndComplete() {
    int[] labels = labels(1000, 7, 1);
    HoldOut holdOut = HoldOut.of(labels, 7, 100, 5);
    int[] perClass = new int[7];
    TreeSet<Integer> all = new TreeSet<>();
    for (int index : holdOut.held()) {
      perClass[labels[index]]++;
      all.add(index);
    }
    for (int index : holdOut.kept()) {
      all.add(index);
    }
    assertThat(perClass).containsExactly(15, 15, 14, 14, 14, 14, 14);
    assertThat(all).hasSize(1000);
    assertThat(holdOut.kept()).hasSize(900).isSorted();
    assertThat(holdOut.held()).hasSize(100).isSorted();
  }

  @Test
  void of_sameSeed_isTheSameAndAnotherSeedDiffers() {
    int[] labels = labels(500, 5, 2);
    assertThat(HoldOut.of(labels, 5, 50, 1)).isEqualTo(HoldOut.of(labels, 5, 50, 1));
    assertThat(HoldOut.of(labels, 5, 50, 1)).isNotEqualTo(HoldOut.of(labels, 5, 50, 2));
  }

  @Test
  void of_nothing_keepsEverything() {
    assertThat(HoldOut.of(new int[] {0, 1, 0}, 2, 0, 1).kept()).containsExactly(0, 1, 2);
  }

  @Test
  void of_tooMany_isRefused() {
    assertThatThrownBy(() -> HoldOut.of(new int[] {0, 0, 0, 1}, 2, 4, 1))
        .isInstanceOf(DataException.class)
        .hasMessage("cannot hold out 4 images for validation: class 1 has 1 too few");
    assertThatThrownBy(() -> HoldOut.of(new int[4], 2, 5, 1))
        .isInstanceOf(DataException.class)
        .hasMessage("cannot hold out 5 of 4 images for validation");
  }
}
