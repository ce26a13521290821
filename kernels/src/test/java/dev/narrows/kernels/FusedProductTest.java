package dev.narrows.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.dot.FloatEvents;
import dev.narrows.core.dot.Summation;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Registers of matrix hardware and those that round to nearest, beside the reference. */
class FusedProductTest {
  static Stream<String> registers() {
    return Stream.of(
        "hopper-fp8",
        "deepgemm-fp8",
        "fused(32,13):e8m13:e4m3",
        "fused(32,7):e8m13:e5m2",
        "fused(32,15):e8m13:e5m2", // products as long as a short tile takes
        "fused(5,5):e8m13:e4m3",
        "fused(32,13):fp16:scaled(e4m3)",
        "fused(16,13):fp16:e5m2:promote(48)",
        "volta-fp16",
        "ampere-bf16",
        "ampere-tf32",
        "hopper-fp16",
        "hopper-bf16:promote(32)",
        "hopper-fp8:splitk(3)",
        "blackwell-mxfp8",
        "blackwell-mxfp8:promote(64)",
        "blackwell-mxfp8:promote(48)",
        "fused(16,13):e8m13:mx(e5m2)",
        "fused(8,7):fp16:mx(e2m1)",
        "fused(32,25):fp32:mx(e2m3)",
        "fused(32,13):e8m13:scaled(e3m2)",
        "blocks(64,6):fp32:nv(e2m1)",
        "blocks(32,1):fp32:mx(e2m1):promote(40)",
        "mi100-fp16",
        "mi250-bf16:reversed",
        "bf16:splitk(7)",
        "hopper-tf32",
        "blackwell-fp8",
        "fused(16,25):fp16:fp16",
        "fused(4,23):fp16:fp16:promote(8)",
        "fused(3,10):fp32:bf16",
        "fused(1,1):e8m13:fp16",
        "fused(32,13):e8m13", // operands of 24 bits: the reference
        "hopper-fp16:reversed", // the reference
        "fused(64,30):fp32:fp16", // beyond 33 bits: the reference
        "mi300-fp16",
        "mi300-fp8");
  }

  static Stream<String> nearest() {
    return Stream.of(
        "fp16",
        "bf16",
        "fp32",
        "fp32/fp16:chunk(16)",
        "fp16:reversed",
        "bf16:promote(20)",
        "fp16:ascending",
        "m7e4:nearest",
        "m4e3(6)/m4e3(4):nearest:no-underflow",
        "m23e8(127):nearest",
        "m2e8(200)/m4e8(0):nearest",
        "m2e8(-100)/m4e8(-60):nearest");
  }

  static List<FloatTwin> operands() {
    return List.of(
        FloatTwin.random(21, 3, 70, 131, 0.2f),
        FloatTwin.random(22, 2, 64, 33, 400f),
        FloatTwin.random(23, 1, 1, 1, 1f),
        FloatTwin.random(24, 0, 5, 3, 1f),
        FloatTwin.random(25, 2, 0, 3, 1f),
        FloatTwin.random(26, 2, 5, 0, 1f),
        FloatTwin.random(27, 2, 37, 129, 1e-3f),
        FloatTwin.random(28, 2, 33, 40, 1f).from(0, -0f, 1, -1, 0x1.fp-7f, -0x1.8p-6f, 3.3f),
        FloatTwin.random(29, 2, 64, 40, 1f).from(448, -448, 1e4f, -1e4f, 6e4f, 0x1.4p-14f, 0),
        FloatTwin.random(30, 2, 48, 40, 1f).from(0x1p-24f, -0x1p-14f, 1.5f, -1.5f, 0x1p-9f, 0),
        FloatTwin.random(31, 2, 64, 40, 1f).from(1.875f, 1.9990234f), // the largest sums
        FloatTwin.random(32, 2, 35, 40, 1f)
            .from(0, 0x1p-70f, -0x1.3p-75f, 0x1.8p63f, -0x1p64f, 1e-38f, -1e-45f, 1.5f, -1),
        FloatTwin.random(34, 11, 70, 40, 1f),
        FloatTwin.random(35, 6, 40, 130, 1f)
            .from(1.875f, -1.75f, 0x1.ep-3f, -0x1.cp-5f, 0x1.ep-6f, 448),
        FloatTwin.random(36, 5, 40, 40, 1f)
            .from(1, -1, 0x1.ep-6f, -0x1.ep-1f, 0x1.ep-2f, -0x1.cp-3f),
        FloatTwin.random(33, 2, 8, 4, 1f).from(Float.POSITIVE_INFINITY, 1f, -2f));
  }

  @ParameterizedTest
  @MethodSource("registers")
  void multiply_matrixHardware_agreesWithTheReference(String register) {
    FloatEvents events = FloatEvents.none();
    for (FloatTwin twin : operands()) {
      events = events.plus(twin.assertSame(Summation.parse(register)));
    }
    assertThat(events.productCuts()).isPositive();
  }

  @ParameterizedTest
  @MethodSource("nearest")
  void multiply_nearest_agreesWithTheReference(String register) {
    FloatEvents events = FloatEvents.none();
    for (FloatTwin twin : operands().subList(0, 15)) {
      events = events.plus(twin.assertSame(Summation.parse(register)));
    }
    assertThat(events.sumCuts()).isPositive();
  }
}
