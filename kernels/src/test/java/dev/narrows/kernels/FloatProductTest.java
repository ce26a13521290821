package dev.narrows.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.accumulator.OperandException;
import dev.narrows.core.dot.FloatDot;
import dev.narrows.core.dot.FloatEvents;
import dev.narrows.core.dot.Summation;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FloatProductTest {
  static List<String> registers() {
    return List.of(
        "m7e4",
        "m7e4:sequential",
        "m7e4:reversed",
        "m7e4:ascending",
        "m7e4:chunk(1)",
        "m7e4:chunk(70)",
        "m7e4:no-underflow",
        "m5e4(12)/m5e4(10):chunk(7)",
        "m4e3(6)/m4e3(4)",
        "m4e3(6)/m4e3(4):no-underflow:reversed",
        "m3e3(7)/m2e3(6)",
        "m1e2(0)",
        "m10e5",
        "m6e5:chunk(1000)",
        "m10e5(15)",
        "m7e8(127)",
        "m7e4:promote(5)",
        "m7e4:splitk(3)",
        "e8m13:sequential",
        "m23e8(127)",
        "m23e8(130)/m3e8(120):chunk(3)",
        "m2e8(200)/m4e8(0)");
  }

  /** Lengths and column counts around the edges of lanes, tiles and panels. */
  static List<FloatTwin> operands() {
    return List.of(
        FloatTwin.random(1, 2, 37, 131, 0.2f),
        FloatTwin.random(2, 3, 64, 33, 2f),
        FloatTwin.random(3, 1, 1, 1, 1f),
        FloatTwin.random(4, 2, 16, 15, 0.05f),
        FloatTwin.random(5, 1, 17, 129, 8f),
        FloatTwin.random(6, 0, 5, 3, 1f),
        FloatTwin.random(7, 2, 0, 3, 1f),
        FloatTwin.random(8, 2, 5, 0, 1f),
        FloatTwin.random(16, 10, 37, 70, 0.2f).uneven(), // blocks of free and of clamped channels
        FloatTwin.random(9, 2, 33, 40, 1f).from(0, -0f, 1, -1, 0x1.fp-7f, -0x1.8p-6f, 3.3f),
        FloatTwin.random(10, 2, 35, 40, 1f)
            .from(0, 0x1p-70f, -0x1.3p-75f, 0x1.fffffep63f, -0x1p64f, 1e-38f, -1e-45f, 1.5f, -1));
  }

  @ParameterizedTest
  @MethodSource("registers")
  void multiply_anyRegister_agreesWithTheReference(String register) {
    Summation summation = Summation.parse(register);
    FloatEvents events = FloatEvents.none();
    for (FloatTwin twin : operands()) {
      events = events.plus(twin.assertSame(summation));
    }
    assertThat(events.productUnderflows()).isPositive();
    assertThat(events.swamps()).isPositive();
  }

  @Test
  void multiply_nothingCanClamp_agreesWithTheReference() {
    FloatTwin.random(11, 3, 50, 140, 0.1f).assertSame(Summation.parse("m7e4"));
  }

  @Test
  void multiply_chunksAtTheEdgeOfAClamp_agreesWithTheReference() {
    Summation register = Summation.parse("m2e3(4)/m2e3(4):chunk(4)"); // largest: 14
    for (float[] row : new float[][] {{2, -2, 2, 1}, {2, 2, 2, 1.3f}, {7, 0, 0, 0, 7}, {7.001f}}) {
      float[] worst = new float[row.length];
      for (int k = 0; k < row.length; k++) {
        worst[k] = Math.copySign(2, row[k]);
      }
      new FloatTwin("edge", 1, row.length, 1, row, worst).assertSame(register);
    }
  }

  @Test
  void multiply_exact_isTheSumInBinary64() {
    FloatTwin twin = FloatTwin.random(12, 11, 61, 133, 3f);
    float[] out = new float[11 * 133];
    twin.product().multiply(Summation.exact(), twin.block(), out, 0, 133);
    for (int i = 0; i < out.length; i++) {
      assertThat(out[i]).isEqualTo(FloatDot.exact(twin.row(i / 133), twin.column(i % 133)));
    }
    assertThat(twin.product().count(Summation.exact(), twin.block(), out, 0, 133))
        .isEqualTo(FloatEvents.none());
  }

  @Test
  void multiply_exactWithMoreWeightsThanAreWidenedAtOnce_isTheSumInBinary64() {
    FloatTwin twin = FloatTwin.random(16, 9, 1 << 20, 2, 3f);
    float[] out = new float[9 * 2];
    twin.product().multiply(Summation.exact(), twin.block(), out, 0, 2);
    for (int i = 0; i < out.length; i++) {
      assertThat(out[i]).isEqualTo(FloatDot.exact(twin.row(i / 2), twin.column(i % 2)));
    }
  }

  @Test
  void multiply_infiniteOperands_goThroughTheReference() {
    FloatTwin twin = FloatTwin.random(13, 1, 3, 2, 1f).from(Float.POSITIVE_INFINITY, -2f, 1e30f);
    assertThat(twin.assertSame(Summation.parse("m7e4")).productOverflows()).isPositive();
    FloatTwin wrong = FloatTwin.random(13, 1, 30, 2, 1f).from(Float.POSITIVE_INFINITY, 0f);
    float[] out = new float[2];
    for (String text : List.of("m7e4", "exact")) {
      assertThatThrownBy(
              () -> wrong.product().multiply(Summation.parse(text), wrong.block(), out, 0, 2))
          .isInstanceOf(ArithmeticException.class)
          .hasMessageContaining("not a number");
    }
  }

  @Test
  void multiply_wrongRegisterOrShape_isRefused() {
    FloatTwin twin = FloatTwin.random(14, 2, 3, 4, 1f);
    assertThatThrownBy(() ->
            twin.product().multiply(Summation.parse("int8:wrap"), twin.block(), new float[8], 0, 4))
        .isInstanceOf(OperandException.class)
        .hasMessage(
            "this product has float operands; int8:wrap is a register for integer operands");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> twin.product().multiply(Summation.exact(), twin.block(), new float[7], 0, 4))
        .withMessage("2 channels of 4 columns from offset 0 with stride 4 do not fit 7 outputs");
    FloatProduct other = new FloatProduct(FloatWeights.of(1, 2, new float[2]));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> other.multiply(Summation.exact(), twin.block(), new float[8], 0, 4))
        .withMessage("weights have 2 terms, columns 3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FloatWeights.of(2, 2, new float[3]))
        .withMessageContaining("need as many values, got 3");
    assertThatIllegalArgumentException().isThrownBy(() -> twin.block().shape(50, 50));
    assertThatThrownBy(() ->
            new MatrixProduct(IntegerWeights.of(1, 1, new int[] {1}))
                .multiply(Summation.parse("m7e4"), new Columns(1, 1), new int[0], new int[1], 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void parallel_anyNumberOfThreads_givesTheSameBitsAndEvents() {
    FloatTwin twin = FloatTwin.random(15, 3, 40, 700, 1f);
    Summation text = Summation.parse("m4e3(6)/m4e3(4)");
    float[] alone = new float[3 * 700];
    FloatEvents events = twin.product().count(text, twin.block(), alone, 0, 700);
    for (int threads = 1; threads <= 3; threads++) {
      try (ParallelProducts parallel = new ParallelProducts(threads)) {
        float[] out = new float[alone.length];
        parallel.multiply(twin.product(), text, twin.block(), out, 0, 700);
        assertThat(FloatTwin.bits(out)).isEqualTo(FloatTwin.bits(alone));
        Arrays.fill(out, 0);
        assertThat(parallel.count(twin.product(), text, twin.block(), out, 0, 700))
            .isEqualTo(events);
        assertThat(FloatTwin.bits(out)).isEqualTo(FloatTwin.bits(alone));
      }
    }
  }
}
