package dev.narrows.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ImageSetTest {
  private static final ImageSet SET =
      new ImageSet(
          "set",
          2,
          1,
          2,
          3,
          new byte[] {0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23},
          new int[] {2, 0, 1},
          List.of("a", "b", "c"));

  @Test
  void select_repeatedAndReordered_copiesThoseImages() {
    ImageSet chosen = SET.select(new int[] {2, 0, 2});
    assertThat(chosen.pixels()).containsExactly(20, 21, 22, 23, 0, 1, 2, 3, 20, 21, 22, 23);
    assertThat(chosen.labels()).containsExactly(1, 2, 1);
    assertThat(chosen.classNames()).containsExactly("a", "b", "c");
  }

  @Test
  void slice_middle_equalsSelect() {
    assertThat(SET.slice(1, 3)).isEqualTo(SET.select(new int[] {1, 2}));
    assertThat(SET.limit(2)).isEqualTo(SET.slice(0, 2)).hasSameHashCodeAs(SET.slice(0, 2));
    assertThat(SET.limit(7)).isSameAs(SET);
  }

  @Test
  void select_indexOutside_isRefused() {
    assertThatThrownBy(() -> SET.select(new int[] {3}))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> SET.slice(2, 4)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void constructor_sizesThatDisagree_areRefusedWithTheNumbers() {
    assertThatThrownBy(() -> new ImageSet("s", 1, 2, 2, 2, new byte[7], new int[2], List.of()))
        .isInstanceOf(DataException.class)
        .hasMessage("s: 2 images of 1×2×2 need 8 pixels, got 7");
    assertThatThrownBy(() -> new ImageSet("s", 1, 2, 2, 2, new byte[4], new int[] {2}, List.of()))
        .hasMessage("s: label of image 0 is 2, expected 0 to 1");
    assertThatThrownBy(() -> new ImageSet("s", 1, 2, 2, 2, new byte[4], new int[] {-1}, List.of()))
        .hasMessage("s: label of image 0 is -1, expected 0 to 1");
    assertThatThrownBy(
            () -> new ImageSet("s", 1, 2, 2, 2, new byte[4], new int[1], List.of("only")))
        .hasMessage("s: 1 class names for 2 classes");
    assertThatThrownBy(() -> new ImageSet("s", 0, 2, 2, 2, new byte[0], new int[1], List.of()))
        .hasMessage("s: channels must be at least 1, got 0");
    int huge = Integer.MAX_VALUE;
    assertThatThrownBy(
            () -> new ImageSet("s", huge, huge, huge, 2, new byte[0], new int[1], List.of()))
        .hasMessage("s: the image size overflows");
  }
}
