package dev.narrows.data.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.data.DataException;
import dev.narrows.data.Elements;
import dev.narrows.data.InputShape;
import dev.narrows.data.Inputs;
import dev.narrows.data.Layout;
import dev.narrows.data.Targets;
import dev.narrows.data.Targets.TargetKind;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ArrayInputsTest {
  private static Inputs of(NpyArray x, Layout layout) {
    return ArrayInputs.of("f", x, Optional.empty(), layout);
  }

  @Test
  void of_channelsLast_isTransposedToPlanes() {
    int[] values = IntStream.range(0, 2 * 2 * 3 * 2).toArray();
    NpyArray x = NpyArray.of(values, 2, 2, 3, 2);
    var codes = (Inputs.InputCodes) of(x, Layout.NHWC);
    assertThat(codes.channels()).isEqualTo(2);
    assertThat(codes.height()).isEqualTo(2);
    assertThat(codes.width()).isEqualTo(3);
    assertThat(codes.values())
        .containsExactly(
            0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11, 12, 14, 16, 18, 20, 22, 13, 15, 17, 19, 21, 23);
    float[] reals = new float[values.length];
    for (int i = 0; i < reals.length; i++) {
      reals[i] = values[i];
    }
    var floats = (Inputs.Floats) of(NpyArray.of(reals, 2, 2, 3, 2), Layout.NHWC);
    for (int i = 0; i < reals.length; i++) {
      assertThat(floats.values()[i]).isEqualTo(codes.values()[i]);
    }
  }

  @Test
  void of_twoThreeAndFourDimensions_areUnderstood() {
    int[] values = IntStream.range(0, 24).toArray();
    Inputs flat = of(NpyArray.of(values, 4, 6), Layout.NHWC);
    assertThat(new int[] {flat.count(), flat.channels(), flat.height(), flat.width()})
        .containsExactly(4, 6, 1, 1);
    Inputs grey = of(NpyArray.of(values, 4, 2, 3), Layout.NHWC);
    assertThat(new int[] {grey.count(), grey.channels(), grey.height(), grey.width()})
        .containsExactly(4, 1, 2, 3);
    Inputs planes = of(NpyArray.of(values, 2, 3, 2, 2), Layout.NCHW);
    assertThat(new int[] {planes.count(), planes.channels(), planes.height(), planes.width()})
        .containsExactly(2, 3, 2, 2);
    assertThat(((Inputs.InputCodes) planes).values()).isEqualTo(values);
    assertThatThrownBy(() -> of(NpyArray.of(values, 24), Layout.NCHW))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("f: x has shape [24], expected 2");
    assertThatThrownBy(() -> of(NpyArray.of(new int[0], 0, 24), Layout.NCHW))
        .hasMessage("f: x has shape [0, 24], expected some inputs");
  }

  private static Inputs.InputCodes shaped(NpyArray x, Layout layout, InputShape shape) {
    return (Inputs.InputCodes) ArrayInputs.of("f", x, Optional.empty(), layout, Optional.of(shape));
  }

  @Test
  void of_rowsOfElementsForSpatialInputs_areReadInTheLayoutsOrder() {
    int[] values = IntStream.range(0, 2 * 12).toArray();
    NpyArray rows = NpyArray.of(values, 2, 12);
    InputShape image = new InputShape(2, 2, 3, List.of(2, 3, 2));
    Inputs.InputCodes last = shaped(rows, Layout.NHWC, image);
    assertThat(last.values())
        .isEqualTo(((Inputs.InputCodes) of(NpyArray.of(values, 2, 2, 3, 2), Layout.NHWC)).values());
    assertThat(new int[] {last.count(), last.channels(), last.height(), last.width()})
        .containsExactly(2, 2, 2, 3);
    assertThat(shaped(rows, Layout.NCHW, image).values()).isEqualTo(values);
  }

  @Test
  void of_arrayOfTheNetworksOwnThreeDimensions_isTaken() {
    int[] values = IntStream.range(0, 2 * 6).toArray();
    InputShape rows = new InputShape(3, 2, 1, List.of(2, 3)); // two rows of three channels
    Inputs.InputCodes own = shaped(NpyArray.of(values, 2, 2, 3), Layout.NHWC, rows);
    assertThat(new int[] {own.count(), own.channels(), own.height(), own.width()})
        .containsExactly(2, 3, 2, 1);
    assertThat(own.values()).containsExactly(0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11);
    Inputs.InputCodes first = shaped(NpyArray.of(values, 2, 3, 2), Layout.NCHW, rows);
    assertThat(first.channels()).isEqualTo(3);
    assertThat(first.values()).isEqualTo(values);
    InputShape five = new InputShape(12, 1, 1, List.of(2, 1, 3, 2)); // kept as a row
    assertThat(shaped(NpyArray.of(new int[12], 1, 2, 1, 3, 2), Layout.NHWC, five).channels())
        .isEqualTo(12);
  }

  @Test
  void of_labels_mustBeOneIntegerForEachInput() {
    NpyArray x = NpyArray.of(new int[4], 2, 2);
    for (NpyArray y :
        new NpyArray[] {
          NpyArray.of(new int[] {3, 4}, 2),
          NpyArray.of(new long[] {3, 4}, 2, 1),
          NpyArray.of(new double[] {3, 4}, 2),
          NpyArray.of(new float[] {0, 0, 0, 1, 0, 0, 0, 0, 0, 1}, 2, 5)
        }) {
      assertThat(ArrayInputs.of("f", x, Optional.of(y), Layout.NCHW).labels().orElseThrow())
          .containsExactly(3, 4);
    }
    assertThatThrownBy(() -> targets(x, NpyArray.of(new int[3], 3)))
        .hasMessage(
            "f: y has shape [3], expected [2], [2, outputs], or an image for each of 2 inputs");
    assertThatThrownBy(() -> targets(x, NpyArray.of(new int[] {0, -1}, 2)))
        .hasMessage("f: y: row 1 is -1, expected the number of a class, 0 or more");
  }

  private static Targets targets(NpyArray x, NpyArray y) {
    return ArrayInputs.of("f", x, Optional.of(y), Layout.NCHW).targets().orElseThrow();
  }

  private static Targets targets(NpyArray y, TargetKind kind) {
    return ArrayInputs.of(
            "f",
            NpyArray.of(new int[4], 2, 2),
            Optional.of(y),
            Layout.NCHW,
            Optional.empty(),
            Optional.of(kind))
        .targets()
        .orElseThrow();
  }

  @Test
  void of_targets_areWhatTheArrayLooksLike() {
    NpyArray x = NpyArray.of(new int[4], 2, 2);
    assertThat(targets(x, NpyArray.of(new double[] {1, 0.5}, 2)))
        .isEqualTo(new Targets.NumberTargets(new float[] {1, 0.5f}, 1));
    assertThat(targets(x, NpyArray.of(new float[] {1, -2, 3, 4}, 2, 2)))
        .isEqualTo(new Targets.NumberTargets(new float[] {1, -2, 3, 4}, 2));
    assertThat(targets(x, NpyArray.of(new int[] {1, 0, 1, 1}, 2, 2)))
        .isEqualTo(new Targets.LabelTargets(new byte[] {1, 0, 1, 1}, 2));
    assertThat(targets(x, NpyArray.of(new int[] {0, 1, 1, 0}, 2, 2)))
        .isEqualTo(new Targets.ClassTargets(new int[] {1, 0}, 2));
    assertThat(targets(x, NpyArray.ofUnsigned(new byte[] {1, 2, -1, 4}, 2, 1, 2)))
        .isEqualTo(
            new Targets.ImageTargets(
                1, 1, 2, new Elements.PixelElements(new byte[] {1, 2, -1, 4})));
    var rows = NpyArray.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 2, 1, 2, 2);
    assertThat(ArrayInputs.of("f", x, Optional.of(rows), Layout.NHWC).targets().orElseThrow())
        .isEqualTo(
            new Targets.ImageTargets(
                2, 1, 2, new Elements.FloatElements(new float[] {1, 3, 2, 4, 5, 7, 6, 8})));
  }

  @Test
  void of_targetsOfAKindThatTheUserNames_areTakenAsThat() {
    assertThat(targets(NpyArray.of(new int[] {3, 4}, 2), TargetKind.NUMBERS))
        .isEqualTo(new Targets.NumberTargets(new float[] {3, 4}, 1));
    assertThat(targets(NpyArray.of(new int[] {0, 1, 1, 0}, 2, 2), TargetKind.LABELS))
        .isEqualTo(new Targets.LabelTargets(new byte[] {0, 1, 1, 0}, 2));
    assertThatThrownBy(() -> targets(NpyArray.of(new double[] {1, 0.5}, 2), TargetKind.CLASSES))
        .hasMessage("f: y: row 1 is 0.5, expected the number of a class, 0 or more");
    assertThatThrownBy(() -> targets(NpyArray.of(new int[] {1, 0, 1, 1}, 2, 2), TargetKind.CLASSES))
        .hasMessage("f: y: row 1 of shape [2, 2] is not zeros and a single 1");
    assertThatThrownBy(
            () -> targets(NpyArray.of(new double[] {0, 1, 2, 1}, 2, 2), TargetKind.LABELS))
        .hasMessage("f: y: row 1 holds 2.0, expected labels of 0 and 1");
    assertThatThrownBy(() -> targets(NpyArray.of(new int[] {0, 1}, 2), TargetKind.IMAGES))
        .hasMessage(
            "f: y has shape [2], which is not that of images: [N, rows, columns], or four"
                + " dimensions");
    assertThatThrownBy(() -> targets(NpyArray.of(new int[] {0, 256}, 2, 1, 1), TargetKind.IMAGES))
        .hasMessage("f: y: row 1 holds 256, expected pixels from 0 to 255, or floats");
    assertThatThrownBy(
            () -> targets(NpyArray.of(new double[] {0, Double.NaN}, 2), TargetKind.NUMBERS))
        .hasMessage("f: y: row 1 holds NaN, expected a finite number");
  }

  @Test
  void of_notFinite_isRefusedWithItsPlace() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> of(NpyArray.of(new float[] {0, bad}, 1, 2), Layout.NCHW))
          .isInstanceOf(DataException.class)
          .hasMessage("f: x: row 0 holds " + bad + ", expected a finite number");
    }
    // A double that is finite but no finite float is refused as well.
    assertThatThrownBy(() -> of(NpyArray.of(new double[] {1e300}, 1, 1), Layout.NCHW))
        .isInstanceOf(DataException.class);
  }
}
