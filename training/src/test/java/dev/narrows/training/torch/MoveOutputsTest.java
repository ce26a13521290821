package dev.narrows.training.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rearrange.Axis;
import dev.narrows.network.tensor.TensorType;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

/** Slices and padded channels of files, in whatever way they are moved. */
class MoveOutputsTest {
  private static final int CHANNELS = 2;
  private static final int HEIGHT = 5;
  private static final int WIDTH = 4;

  /** 1, 2, … in the order [C][H][W]. */
  private static Tensor image() {
    float[] numbers = new float[CHANNELS * HEIGHT * WIDTH];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i + 1;
    }
    return Torch.vector(numbers).view(1, CHANNELS, HEIGHT, WIDTH);
  }

  private static void check(Tensor moved, int[] places) {
    float[] found = Torch.floats(moved.contiguous()).toArray(ValueLayout.JAVA_FLOAT);
    assertThat(found).hasSize(places.length);
    for (int i = 0; i < places.length; i++) {
      assertThat(found[i]).isEqualTo(places[i] < 0 ? 0 : places[i] + 1);
    }
  }

  @Test
  void rearranged_rowsAndColumns_areThoseOfItsPlaces() {
    try (PointerScope _ = new PointerScope()) {
      int plane = HEIGHT * WIDTH;
      for (int first : new int[] {0, WIDTH}) { // a slice may begin later
        for (int[] strides : new int[][] {{2, 1}, {1, 2}, {2, 2}}) {
          int rows = Math.ceilDiv(HEIGHT - first / WIDTH, strides[0]);
          int columns = Math.ceilDiv(WIDTH, strides[1]);
          Rearrange layer =
              new Rearrange(
                  "slice",
                  List.of(0),
                  TensorType.floats(CHANNELS, rows, columns),
                  first,
                  List.of(
                      Axis.of(CHANNELS, plane),
                      Axis.of(rows, strides[0] * WIDTH),
                      Axis.of(columns, strides[1])));
          check(MoveOutputs.rearranged(layer, List.of(image())), layer.places());
        }
      }
    }
  }

  @Test
  void picked_channelsBetweenZeros_areThoseOfItsPlaces() {
    try (PointerScope _ = new PointerScope()) {
      int size = CHANNELS * HEIGHT * WIDTH;
      int plane = HEIGHT * WIDTH;
      for (int before : new int[] {0, plane, plane + 1}) { // the last is no whole channel
        int[] places =
            IntStream.range(0, 2 * size)
                .map(i -> i >= before && i < before + size ? i - before : -1)
                .toArray();
        TensorType to = TensorType.floats(2 * CHANNELS, HEIGHT, WIDTH);
        check(MoveOutputs.picked(List.of(image()), places, to), places);
      }
    }
  }
}
