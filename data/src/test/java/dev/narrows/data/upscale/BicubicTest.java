package dev.narrows.data.upscale;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BicubicTest {
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void bothWays_oneGrey_staysThatGrey(int factor) {
    byte[] grey = new byte[12 * 24];
    Arrays.fill(grey, (byte) 200);
    LumaImage image = new LumaImage(12, 24, grey);
    LumaImage small = Bicubic.reduced(image, factor);
    assertThat(small.height()).isEqualTo(12 / factor);
    assertThat(small.width()).isEqualTo(24 / factor);
    assertThat(small.pixels()).containsOnly(200);
    assertThat(Bicubic.enlarged(small, factor)).isEqualTo(image);
  }

  /** Keys' kernel reproduces straight lines, away from the mirrored border. */
  @Test
  void enlarged_ramp_staysARamp() {
    byte[] ramp = new byte[16];
    for (int x = 0; x < ramp.length; x++) {
      ramp[x] = (byte) (12 * x + 6);
    }
    LumaImage large = Bicubic.enlarged(new LumaImage(1, 16, ramp), 3);
    for (int x = 9; x < 39; x++) {
      // the centre of pixel x lies at (x + ½)/3 − ½ of the small image
      assertThat(large.at(1, x)).isEqualTo(Math.round(12 * ((x + 0.5) / 3 - 0.5) + 6));
    }
  }

  /** A point of the stretched kernel: weights k(d/2)/2 at distances ½, 1½, 2½, 3½. */
  @Test
  void reduced_column_hasTheWeightsOfTheStretchedKernel() {
    byte[] pixels = new byte[32 * 2];
    Arrays.fill(pixels, 32, 34, (byte) 255); // row 16
    LumaImage small = Bicubic.reduced(new LumaImage(32, 2, pixels), 2);
    assertThat(small.at(8, 0)).isEqualTo(Math.round(255 * 111 / 256f)).isEqualTo(111);
    assertThat(small.at(7, 0)).isEqualTo(Math.round(255 * 29 / 256f));
    assertThat(small.at(9, 0)).isZero(); // −9/256, clamped
  }

  @Test
  void turned_isTheSameTurned() {
    Random random = new Random(4);
    byte[] pixels = new byte[18 * 27];
    random.nextBytes(pixels);
    LumaImage image = new LumaImage(18, 27, pixels);
    byte[] turned = new byte[pixels.length];
    for (int y = 0; y < 18; y++) {
      for (int x = 0; x < 27; x++) {
        turned[x * 18 + y] = (byte) image.at(y, x);
      }
    }
    LumaImage small = Bicubic.reduced(image, 3);
    LumaImage other = Bicubic.reduced(new LumaImage(27, 18, turned), 3);
    for (int y = 0; y < 6; y++) {
      for (int x = 0; x < 9; x++) {
        assertThat(other.at(x, y)).isEqualTo(small.at(y, x));
      }
    }
  }
}
