package dev.narrows.network.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.Network;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.ReferenceExecutor;
import dev.narrows.network.layer.IntegerElementwise.IntegerOperation;
import dev.narrows.network.layer.IntegerFunction.IntegerRule;
import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IntegerFunctionsTest {
  private static final TensorType BYTES = type(8, true);

  private static TensorType type(int bits, boolean signed) {
    return new TensorType(2, 3, 2, new Quantization(new IntegerFormat(bits, signed), 1, 0));
  }

  private static int[] run(
      IntegerOperation operation, boolean exact, TensorType to, int left, int right) {
    TensorType one = BYTES.shaped(1, 1, 1);
    IntegerElementwise layer =
        new IntegerElementwise("e", 0, 1, to.shaped(1, 1, 1), operation, exact);
    return layer.run(
        List.of(new ImageTensor(one, new int[] {left}), new ImageTensor(one, new int[] {right})));
  }

  @Test
  void operations_ofNegativeIntegers_roundAsTheySay() {
    assertThat(IntegerOperation.DIVIDE.apply(-7, 2)).isEqualTo(-3);
    assertThat(IntegerOperation.FLOOR_DIVIDE.apply(-7, 2)).isEqualTo(-4);
    assertThat(IntegerOperation.REMAINDER.apply(-7, 2)).isEqualTo(-1);
    assertThat(IntegerOperation.FLOOR_REMAINDER.apply(-7, 2)).isEqualTo(1);
    assertThat(IntegerOperation.POWER.apply(-2, 5)).isEqualTo(-32);
    assertThat(IntegerOperation.POWER.apply(2, -1)).isZero();
    assertThat(IntegerOperation.POWER.apply(-1, -3)).isEqualTo(-1);
    assertThat(IntegerOperation.SHIFT_LEFT.apply(1, 64)).isZero();
    assertThatExceptionOfType(ArithmeticException.class)
        .isThrownBy(() -> IntegerOperation.POWER.apply(10, 19));
  }

  @Test
  void results_thatDoNotFit_areCutOrAnError() {
    assertThat(run(IntegerOperation.ADD, false, BYTES, 127, 1)).containsExactly(-128);
    assertThat(run(IntegerOperation.SUBTRACT, false, type(8, false), 1, 2)).containsExactly(255);
    assertThatExceptionOfType(ArithmeticException.class)
        .isThrownBy(() -> run(IntegerOperation.ADD, true, BYTES, 127, 1))
        .withMessage("128 does not fit int8");
  }

  @Test
  void numbers_asIntegers_loseTheirFraction() {
    TensorType numbers = TensorType.floats(2, 3, 2);
    IntegerFunction keep = new IntegerFunction("k", 0, BYTES, IntegerRule.KEEP, false);
    assertThat(keep.apply(numbers, 0, Words.of(-2.9f))).isEqualTo(-2);
    assertThat(keep.apply(numbers, 0, Words.of(300.5f))).isEqualTo(44);
    IntegerFunction truth = new IntegerFunction("t", 0, type(1, false), IntegerRule.TRUTH, false);
    assertThat(truth.apply(numbers, 0, Words.of(0.25f))).isEqualTo(1);
    assertThat(truth.apply(numbers, 0, Words.of(-0f))).isZero();
  }

  @Test
  void takeAlong_negativeIndices_countFromTheLastRow() {
    TensorType data = TensorType.floats(1, 3, 1);
    TensorType indices = BYTES.shaped(1, 2, 1);
    TakeAlong take = new TakeAlong("t", 0, 1, TensorType.floats(1, 2, 1));
    take.check(List.of(data, indices));
    ImageTensor rows = new ImageTensor(data, Words.of(new float[] {5, 6, 7}));
    assertThat(take.run(List.of(rows, new ImageTensor(indices, new int[] {-1, 0}))))
        .isEqualTo(Words.of(new float[] {7, 5}));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> take.run(List.of(rows, new ImageTensor(indices, new int[] {3, 0}))))
        .withMessageContaining("indices are -3 to 2, got 3");
  }

  @Test
  void blend_ofRows_weighsThem() {
    TensorType type = TensorType.floats(1, 2, 2);
    Blend blend =
        new Blend("b", 0, type.shaped(1, 1, 2), 2, new int[] {0, 1}, new float[] {0.25f, 0.75f});
    ImageTensor image = new ImageTensor(type, Words.of(new float[] {4, 8, 0, 16}));
    assertThat(blend.run(List.of(image))).isEqualTo(Words.of(new float[] {1, 14}));
  }

  /** Every operation and rule once; both executors give the same codes. */
  @Test
  void executor_everyOperation_givesTheReferencesCodes() {
    List<Layer> layers = new ArrayList<>();
    layers.add(new IntegerElementwise("two", 0, 0, BYTES, IntegerOperation.MAXIMUM, true));
    for (IntegerOperation each : IntegerOperation.values()) {
      layers.add(new IntegerElementwise("e" + each, layers.size(), 0, BYTES, each, false));
    }
    for (IntegerRule each : IntegerRule.values()) {
      layers.add(new IntegerFunction("r" + each, layers.size(), BYTES, each, false));
    }
    Network network = new Network("n", BYTES, layers, Map.of());
    int[] codes = new Random(1).ints(3 * BYTES.elements(), 1, 4).toArray(); // no division by zero
    ReferenceExecutor reference = new ReferenceExecutor(network, LayerRegisters.exact());
    try (Executor executor = Executor.of(network, LayerRegisters.exact(), 1)) {
      int[] made = executor.run(codes, 3).outputs();
      for (int image = 0; image < 3; image++) {
        int from = image * BYTES.elements();
        int to = from + BYTES.elements();
        assertThat(Arrays.copyOfRange(made, from, to))
            .isEqualTo(reference.run(Arrays.copyOfRange(codes, from, to)));
      }
    }
  }
}
