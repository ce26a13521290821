package dev.narrows.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImageResizeTest {
  @Test
  void planes_largerSmallerAndMixed_equalPillow() throws IOException {
    List<int[]> rows = Golden.rows("resize.csv");
    byte[] original = Golden.bytes(rows.get(0), 2);
    assertThat(rows).hasSize(6);
    for (int[] row : rows) {
      assertThat(ImageResize.planes(original, 1, 7, 10, row[0], row[1]))
          .as("%d×%d", row[0], row[1])
          .isEqualTo(Golden.bytes(row, 2));
    }
  }

  @Test
  void apply_severalImagesAndChannels_resizesEachPlaneAlone() {
    byte[] pixels = {0, 10, 20, 30, 100, 110, 120, 127, 1, 2, 3, 4, -1, -1, -1, -1};
    ImageSet set = new ImageSet("s", 2, 2, 2, 2, pixels, new int[] {1, 0}, List.of());
    ImageSet resized = ImageResize.apply(set, 5, 3);
    assertThat(resized.labels()).isSameAs(set.labels());
    for (int plane = 0; plane < 4; plane++) {
      byte[] alone = Arrays.copyOfRange(pixels, plane * 4, plane * 4 + 4);
      assertThat(Arrays.copyOfRange(resized.pixels(), plane * 15, plane * 15 + 15))
          .isEqualTo(ImageResize.planes(alone, 1, 2, 2, 5, 3));
    }
    assertThat(ImageResize.apply(set, 2, 2)).isSameAs(set);
  }

  @Test
  void planes_impossibleSize_isRefused() {
    assertThatThrownBy(() -> ImageResize.planes(new byte[1], 1, 1, 1, 0, 1))
        .isInstanceOf(DataException.class);
    assertThatThrownBy(() -> ImageResize.planes(new byte[64], 64, 1, 1, 32_768, 32_768))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("2^31");
  }
}
