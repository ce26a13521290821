package dev.narrows.experiments.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.narrows.data.Elements.PixelElements;
import dev.narrows.data.Mosaic;
import dev.narrows.data.Targets;
import dev.narrows.report.QualityMeasure;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MeasuredTargetsTest {
  @Test
  void of_numbers_isTheMeanDifference() {
    Targets numbers = new Targets.NumberTargets(new float[] {1, 2, 3, 4}, 2);
    double[] outputs = {1, 0, 4, 4};
    assertThat(MeasuredTargets.of(numbers, Optional.empty()).of(outputs)).isEqualTo(5 / 4.0);
    assertThat(new MeasuredTargets(numbers, QualityMeasure.ABSOLUTE_ERROR).of(outputs))
        .isEqualTo(3 / 4.0);
    assertThat(
            MeasuredTargets.of(numbers, Optional.empty())
                .select(new int[] {1})
                .of(new double[] {4, 4}))
        .isEqualTo(0.5);
    assertThatThrownBy(() -> MeasuredTargets.of(numbers, Optional.empty()).of(new double[3]))
        .hasMessage("3 outputs for 2 inputs with 2 numbers");
    assertThatThrownBy(() -> new MeasuredTargets(numbers, QualityMeasure.F1))
        .hasMessage("F1 tells nothing of 2 numbers");
  }

  @Test
  void of_labels_countsHitsAgainstWhatIsWrong() {
    Targets labels = new Targets.LabelTargets(new byte[] {1, 0, 1, 1}, 2);
    // two hits, one false, one missed
    assertThat(MeasuredTargets.of(labels, Optional.empty()).of(new double[] {1, 2, 3, -1}))
        .isEqualTo(200.0 * 2 / (2 * 2 + 2));
    Targets none = new Targets.LabelTargets(new byte[2], 2);
    assertThat(MeasuredTargets.of(none, Optional.empty()).of(new double[] {-1, -1})).isEqualTo(100);
  }

  @Test
  void of_images_isTheMeanOfTheirRatios() {
    byte[] pixels = {0, 51, (byte) 255, 0};
    Targets grey = new Targets.ImageTargets(1, 1, 2, new PixelElements(pixels));
    // differences of 0.1 and 0, then of 0.01 and 0: 10 log(2 / 0.01) and 10 log(2 / 0.0001)
    double[] outputs = {0.1, 0.2, 0.99, -3};
    double first = 10 * Math.log10(2 / 0.01);
    double second = 10 * Math.log10(2 / 0.0001);
    assertThat(MeasuredTargets.of(grey, Optional.empty()).of(outputs))
        .isCloseTo((first + second) / 2, within(1e-5));
    assertThat(MeasuredTargets.of(grey, Optional.empty()).of(new double[] {0, 51 / 255f, 1, 0}))
        .isEqualTo(100);
  }

  /** Two tiles of one image and one of another: only what counts of them, image by image. */
  @Test
  void of_tiles_isTheMeanOfTheirImages() {
    byte[] black = new byte[3 * 4];
    Mosaic mosaic =
        new Mosaic(
            List.of(
                new Mosaic.Tile(0, 0, 2, 0, 1),
                new Mosaic.Tile(0, 1, 2, 1, 2),
                new Mosaic.Tile(1, 0, 2, 0, 2)));
    Targets tiles =
        new Targets.ImageTargets(1, 2, 2, new PixelElements(black), Optional.of(mosaic));
    // rows of a tile: the first counts its left column, the second its last pixel
    double[] outputs = {0.1, 1, 0.2, 1, 1, 1, 1, 0.3, 0.5, 0.5, 0.5, 0.5};
    double first = 10 * Math.log10(3 / (0.01 + 0.04 + 0.09));
    double second = 10 * Math.log10(1 / 0.25);
    MeasuredTargets measured = MeasuredTargets.of(tiles, Optional.empty());
    assertThat(measured.of(outputs)).isCloseTo((first + second) / 2, within(1e-9));
    assertThat(measured.select(new int[] {2}).of(new double[] {0.5, 0.5, 0.5, 0.5}))
        .isCloseTo(second, within(1e-9));
    assertThat(measured.wholeImages()).hasValue(2);
  }

  @Test
  void of_luma_weighsColoursAsPapersDo() {
    byte[] pixels = {0, 0, 0};
    Targets colours = new Targets.ImageTargets(3, 1, 1, new PixelElements(pixels));
    MeasuredTargets luma = new MeasuredTargets(colours, QualityMeasure.PSNR_Y);
    // white differs from black by 219 of 255 in Y
    assertThat(luma.of(new double[] {1, 1, 1}))
        .isCloseTo(-20 * Math.log10(219 / 255.0), within(1e-9));
    assertThat(luma.of(new double[] {0, 0.5, 0}))
        .isCloseTo(-20 * Math.log10(128.553 / 255 / 2), within(1e-9));
    Targets two = new Targets.ImageTargets(2, 1, 1, new PixelElements(new byte[2]));
    assertThatThrownBy(() -> new MeasuredTargets(two, QualityMeasure.PSNR_Y))
        .hasMessage("PSNR on Y tells nothing of an image of 2×1×1");
  }

  @Test
  void told_sameWords_areTheSame() {
    int[] told = MeasuredTargets.told(new int[] {1, 2, 1, 2, 2, 1}, 3);
    assertThat(told[0]).isEqualTo(told[1]).isNotEqualTo(told[2]);
  }
}
