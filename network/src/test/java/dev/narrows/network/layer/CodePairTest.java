package dev.narrows.network.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.tensor.TensorType;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CodePairTest {
  private static TensorType type(int bits, double scale, int zero) {
    return new TensorType(1, 1, 1, new Quantization(IntegerFormat.signed(bits), scale, zero));
  }

  static Stream<CodePair> pairs() {
    TensorType left = type(8, 0.1, 3);
    TensorType right = type(8, 0.03, -5);
    TensorType to = type(8, 0.2, 7);
    return Stream.of(
        Add.of("sum", 0, left, 0, right, to),
        Add.of("difference", 0, left, 0, right, to, true, -100, 90),
        new Multiply("product", 0, 0, to, FixedPoint.fromReal(0.1 * 0.03 / 0.2), -128, 127));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void codes_anyTwoRanges_areTheExtremesOfAllPairs(CodePair pair) {
    long seed = 42;
    Random random = new Random(seed);
    for (int i = 0; i < 40; i++) {
      IntegerRange left = range(random);
      IntegerRange right = range(random);
      int min = Integer.MAX_VALUE;
      int max = Integer.MIN_VALUE;
      for (long a = left.min(); a <= left.max(); a++) {
        for (long b = right.min(); b <= right.max(); b++) {
          int code = pair.apply((int) a, (int) b);
          min = Math.min(min, code);
          max = Math.max(max, code);
        }
      }
      assertThat(pair.codes(left, right)).as("seed %d", seed).isEqualTo(new IntegerRange(min, max));
    }
  }

  private static IntegerRange range(Random random) {
    int min = random.nextInt(400) - 200;
    return new IntegerRange(min, min + random.nextInt(60));
  }

  @Test
  void add_sixteenBits_hasRoomForEveryValue() {
    TensorType wide = type(16, 0.001, Short.MAX_VALUE); // values down to −65535
    Add add = Add.of("sum", 0, wide, 0, wide, wide);
    add.check(List.of(wide, wide));
    assertThat(add.apply(-65535, -65535)).isEqualTo(Short.MIN_VALUE);
    assertThat(add.apply(-65535, 65535)).isEqualTo(Short.MAX_VALUE);
    assertThat(add.apply(-3, 1)).isEqualTo(Short.MAX_VALUE - 2);
  }

  @Test
  void multiply_productsBeyond32Bits_areRefused() {
    TensorType wide = type(16, 0.001, 0);
    TensorType wider = type(17, 0.001, 0);
    FixedPoint factor = FixedPoint.fromReal(0.001);
    new Multiply("product", 0, 0, wide, factor, 0, 1).check(List.of(wide, wide));
    assertThatThrownBy(
            () -> new Multiply("product", 0, 0, wide, factor, 0, 1).check(List.of(wider, wider)))
        .hasMessageContaining("products must fit 32 bits");
  }

  @Test
  void constant_codeOutsideItsFormat_isRefused() {
    assertThatThrownBy(() -> new Constant("c", type(8, 1, 0), new int[] {128}))
        .hasMessageContaining("[128, 128]");
  }
}
