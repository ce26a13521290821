package dev.narrows.data.upscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.data.ArraySet;
import dev.narrows.data.Elements.PixelElements;
import dev.narrows.data.Mosaic;
import dev.narrows.data.Targets.ImageTargets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpscalingTilesTest {
  private static LumaImage image(int height, int width) {
    byte[] pixels = new byte[height * width];
    new Random(height * 1000L + width).nextBytes(pixels);
    return new LumaImage(height, width, pixels);
  }

  private static byte[] pixels(ArraySet set) {
    return ((PixelElements) set.elements()).pixels();
  }

  /** Every pixel but the border counts once, and is that of the image. */
  @ParameterizedTest
  @CsvSource({"2, 96, 96", "2, 97, 250", "3, 144, 321", "3, 481, 321", "4, 200, 192"})
  void whole_anyImage_isCoveredOnce(int factor, int height, int width) {
    LumaImage image = image(height, width);
    ArraySet set = new UpscalingTiles(factor).whole("s", List.of(image, image(200, 200)));
    ImageTargets targets = (ImageTargets) set.targets();
    byte[] large = ((PixelElements) targets.elements()).pixels();
    Mosaic mosaic = targets.mosaic().orElseThrow();
    LumaImage cut = image.cutToMultiple(factor);
    LumaImage small = Bicubic.reduced(cut, factor);
    int[] counted = new int[cut.height() * cut.width()];
    int side = UpscalingTiles.SIDE * factor;
    for (int i = 0; i < set.size() && mosaic.tiles().get(i).image() == 0; i++) {
      Mosaic.Tile tile = mosaic.tiles().get(i);
      int[] place = place(pixels(set), i, small);
      for (int y = tile.top(); y < tile.bottom(); y++) {
        for (int x = tile.left(); x < tile.right(); x++) {
          int row = place[0] * factor + y;
          int column = place[1] * factor + x;
          counted[row * cut.width() + column]++;
          assertThat(large[(i * side + y) * side + x] & 0xFF).isEqualTo(cut.at(row, column));
        }
      }
    }
    for (int y = 0; y < cut.height(); y++) {
      for (int x = 0; x < cut.width(); x++) {
        boolean border =
            Math.min(y, cut.height() - 1 - y) < factor || Math.min(x, cut.width() - 1 - x) < factor;
        assertThat(counted[y * cut.width() + x]).as("%d, %d", y, x).isEqualTo(border ? 0 : 1);
      }
    }
    assertThat(mosaic.tiles().getLast().image()).isEqualTo(1);
  }

  /** Where in the small image a tile lies: random pixels are found again. */
  private static int[] place(byte[] tiles, int tile, LumaImage small) {
    int side = UpscalingTiles.SIDE;
    for (int top = 0; top <= small.height() - side; top++) {
      for (int left = 0; left <= small.width() - side; left++) {
        boolean same = true;
        for (int i = 0; i < side * side && same; i++) {
          same =
              (tiles[tile * side * side + i] & 0xFF) == small.at(top + i / side, left + i % side);
        }
        if (same) {
          return new int[] {top, left};
        }
      }
    }
    throw new AssertionError("tile " + tile + " is no part of the image");
  }

  @Test
  void train_image_isCutIntoOverlappingTiles() {
    ArraySet set = new UpscalingTiles(3).train("s", List.of(image(3 * 72, 3 * 100)));
    // rows 0, 24; columns 0, 24, 48, 52
    assertThat(set.size()).isEqualTo(2 * 4);
    assertThat(((ImageTargets) set.targets()).mosaic()).isEmpty();
    assertThat(set.targets().outputs()).isEqualTo(144 * 144);
  }

  @Test
  void pair_smallImage_isRefused() {
    assertThatThrownBy(() -> new UpscalingTiles(3).train("s", List.of(image(143, 200))))
        .hasMessage("s: an image of 143×200 is too small, expected at least 144×144");
  }
}
