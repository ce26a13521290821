package dev.narrows.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InputsTest {
  @Test
  void slice_anyKind_keepsThoseInputsAndLabels() {
    var codes =
        new Inputs.InputCodes(
            3,
            1,
            1,
            2,
            new int[] {1, 2, 3, 4, 5, 6},
            Optional.of(Targets.ClassTargets.of(new int[] {7, 8, 9})));
    assertThat(((Inputs.InputCodes) codes.limit(2)).values()).containsExactly(1, 2, 3, 4);
    assertThat(codes.limit(2).labels().orElseThrow()).containsExactly(7, 8);
    assertThat(codes.slice(1, 3).values()).containsExactly(3, 4, 5, 6);
    assertThat(codes.slice(1, 3).labels().orElseThrow()).containsExactly(8, 9);
    assertThatThrownBy(() -> codes.slice(2, 4)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(codes.limit(3)).isSameAs(codes);
    var floats = new Inputs.Floats(2, 2, 1, 1, new float[] {1, 2, 3, 4}, Optional.empty());
    assertThat(floats.slice(0, 1).values()).containsExactly(1, 2);
    assertThat(floats.limit(1).labels()).isEmpty();
    var images =
        new Inputs.Images(
            new ImageSet("s", 1, 1, 1, 2, new byte[] {5, 6}, new int[] {1, 0}, List.of()));
    assertThat(images.slice(0, 1).set().pixels()).containsExactly(5);
    assertThat(images.labels().orElseThrow()).containsExactly(1, 0);
  }

  @Test
  void constructor_sizesThatDisagree_areRefused() {
    assertThatThrownBy(() -> new Inputs.InputCodes(2, 1, 2, 2, new int[7], Optional.empty()))
        .isInstanceOf(DataException.class)
        .hasMessage("2 inputs of 1×2×2 need 8 values, got 7");
    var three = Optional.<Targets>of(new Targets.ClassTargets(new int[3], 1));
    assertThatThrownBy(() -> new Inputs.Floats(2, 1, 1, 1, new float[2], three))
        .hasMessage("2 inputs but 3 labels");
    assertThatThrownBy(() -> Targets.ClassTargets.of(new int[] {0, -1}))
        .hasMessage("label of input 1 is -1, expected ≥ 0");
    assertThatThrownBy(() -> new Inputs.InputCodes(1, 0, 1, 1, new int[0], Optional.empty()))
        .isInstanceOf(DataException.class);
  }
}
