package dev.narrows.network.onnx.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rearrange.Axis;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tflite.Allocated;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlacesTest {
  @Test
  void transposed_matrix_countsDownItsColumns() {
    Places turned = Places.of(List.of(2, 3)).transposed(1, 0);
    assertThat(turned).isEqualTo(new Places(List.of(3, 2), new int[] {0, 3, 1, 4, 2, 5}));
  }

  @Test
  void taken_withNone_hasNoElementThere() {
    Places taken = Places.of(List.of(2, 2)).taken(1, new int[] {1, Places.NONE, 1});
    assertThat(taken).isEqualTo(new Places(List.of(2, 3), new int[] {1, -1, 1, 3, -1, 3}));
  }

  @Test
  void expanded_toMoreAxes_repeats() {
    Places repeated = Places.of(List.of(2, 1)).expanded(List.of(2, 2, 2));
    assertThat(repeated.at()).containsExactly(0, 0, 1, 1, 0, 0, 1, 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Places.of(List.of(2)).expanded(List.of(3)));
  }

  @Test
  void joined_alongLastAxis_takesTurns() {
    Places joined =
        Places.joined(1, List.of(Places.of(List.of(2, 1)), Places.of(List.of(2, 2), 2)));
    assertThat(joined.at()).containsExactly(0, 2, 3, 1, 4, 5);
  }

  /** Where axis −1 joins a million rows, what each row needs on the way is more than the places. */
  @Test
  void joined_manyShortRows_allocatesWhatItHolds() {
    Places rows = Places.of(List.of(1 << 20, 1));
    Places.joined(1, List.of(rows, rows));
    long before = Allocated.bytes();
    Places joined = Places.joined(1, List.of(rows, rows));
    assertThat(Allocated.bytes() - before).isLessThan(4L * joined.at().length + (1 << 20));
  }

  @Test
  void axes_ofTransposedPlaces_countToThem() {
    int[] places = Places.of(List.of(2, 3, 4)).transposed(2, 0, 1).at();
    List<Axis> axes = MoveLayers.axes(places);
    assertThat(axes).hasSize(2); // rows and columns lie in one run
    TensorType to = TensorType.floats(24, 1, 1);
    assertThat(new Rearrange("r", List.of(0), to, places[0], axes).places()).isEqualTo(places);
  }

  @Test
  void axes_ofPlacesWithoutRule_areNone() {
    assertThat(MoveLayers.axes(new int[] {0, 1, 3})).isEmpty();
    assertThat(MoveLayers.axes(new int[] {0, -1, 0, -1})).isEmpty();
  }
}
