package dev.narrows.network.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.FloatNetworks;
import dev.narrows.network.Network;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.ReferenceExecutor;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.layer.Activation.Function;
import dev.narrows.network.layer.Elementwise.Operation;
import dev.narrows.network.layer.RoundToFloat.Beyond;
import dev.narrows.network.layer.ShapedActivation.Formula;
import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FloatFunctionsTest {
  private static final TensorType TYPE = TensorType.floats(2, 3, 4);

  @Test
  void errorFunction_tabulatedPoints_hasTwelveDigits() {
    // DLMF's and mpmath's values, twenty digits, rounded
    assertThat(ErrorFunction.of(0.5)).isCloseTo(0.520499877813046538, within(1e-15));
    assertThat(ErrorFunction.of(-1)).isCloseTo(-0.842700792949714869, within(1e-15));
    assertThat(ErrorFunction.of(2.9)).isCloseTo(0.999958902121900541, within(1e-15));
    assertThat(ErrorFunction.complement(3) / 2.20904969985854414e-5).isCloseTo(1, within(1e-12));
    assertThat(ErrorFunction.complement(6) / 2.15197367124989131e-17).isCloseTo(1, within(1e-12));
    assertThat(ErrorFunction.complement(-6)).isEqualTo(2);
    assertThat(ErrorFunction.of(Double.NaN)).isNaN();
    assertThat(ErrorFunction.of(Double.NEGATIVE_INFINITY)).isEqualTo(-1);
  }

  @Test
  void errorFunction_whereItsMethodsMeet_agrees() {
    double below = ErrorFunction.complement(Math.nextDown(3.0));
    assertThat(below / ErrorFunction.complement(3)).isCloseTo(1, within(1e-11));
  }

  @Test
  void functions_atKnownPoints_giveTheirValues() {
    assertThat(Function.GELU_ERF.apply(1)).isCloseTo(0.841344746f, within(2e-7f)); // Φ(1)
    assertThat(Function.GELU_TANH.apply(-0.5f)).isCloseTo(-0.15428599f, within(2e-8f));
    assertThat(Function.RECIPROCAL_SQUARE_ROOT.apply(4)).isEqualTo(0.5f);
    assertThat(Function.ROUND.apply(2.5f)).isEqualTo(2);
    assertThat(Function.SOFTPLUS.apply(100)).isEqualTo(100);
    assertThat(Function.MISH.apply(1)).isCloseTo(0.86509839f, within(6e-8f));
    assertThat(Function.SIGN.apply(-3)).isEqualTo(-1);
    assertThat(Formula.ELU.apply(-1, 1, 0)).isCloseTo(-0.63212056f, within(6e-8f));
    assertThat(Formula.SELU.apply(-1, 1.6732632f, 1.050701f)).isCloseTo(-1.1113307f, within(2e-7f));
    assertThat(Formula.CELU.apply(-1, 2, 0)).isCloseTo(-0.78693868f, within(1e-7f));
    assertThat(Formula.HARD_SIGMOID.apply(1, 0.2f, 0.5f)).isEqualTo(0.7f);
    assertThat(Formula.CLIP.apply(7, -1, 5)).isEqualTo(5);
    assertThat(Operation.ARCTANGENT.apply(1, -1)).isEqualTo((float) (0.75 * Math.PI));
    assertThat(Operation.FLOOR_REMAINDER.apply(-5, 3)).isEqualTo(1);
    assertThat(Operation.FLOOR_REMAINDER.apply(5, -3)).isEqualTo(-1);
    assertThat(Operation.FLOOR_REMAINDER.apply(-6, 3)).isEqualTo(0);
    assertThat(Operation.SLOPE.apply(-2, 0.25f)).isEqualTo(-0.5f);
  }

  @Test
  void roundTo_narrowTypes_roundsTiesToEven() {
    assertThat(RoundTo.RoundingGrid.FLOAT16.apply(2049, false)).isEqualTo(2048);
    assertThat(RoundTo.RoundingGrid.FLOAT16.apply(65520, false)).isInfinite();
    assertThat(RoundTo.RoundingGrid.FLOAT16.apply(1e-5f, false))
        .isEqualTo(Float.float16ToFloat(Float.floatToFloat16(1e-5f)));
    assertThat(RoundTo.RoundingGrid.BFLOAT16.apply(257, false)).isEqualTo(256);
    assertThat(RoundTo.RoundingGrid.FLOAT8E4M3FN.apply(1000, true)).isEqualTo(448);
    assertThat(RoundTo.RoundingGrid.FLOAT8E4M3FN.apply(1000, false)).isNaN();
    assertThat(RoundTo.RoundingGrid.FLOAT8E5M2.apply(1e6f, false)).isInfinite();
    assertThat(RoundTo.RoundingGrid.FLOAT8E4M3FNUZ.apply(-1e-9f, true)).isEqualTo(0f);
    assertThat(RoundTo.RoundingGrid.FLOAT4E2M1.apply(-2.5f, true)).isEqualTo(-2);
  }

  @Test
  void roundToFloat_gridOfAType_isThatTypeForEveryUpperHalf() {
    for (RoundTo.RoundingGrid type :
        List.of(
            RoundTo.RoundingGrid.FLOAT16,
            RoundTo.RoundingGrid.BFLOAT16,
            RoundTo.RoundingGrid.FLOAT8E4M3FN,
            RoundTo.RoundingGrid.FLOAT8E5M2)) {
      Beyond beyond = type.infinite() ? Beyond.INFINITE : Beyond.NAN;
      RoundToFloat clamped = grid(type, RoundedQuantize.Rounding.HALF_EVEN, Beyond.LARGEST);
      RoundToFloat open = grid(type, RoundedQuantize.Rounding.HALF_EVEN, beyond);
      for (int half = 0; half < 1 << 16; half++) {
        for (int low : new int[] {0, 1, 0x8000, 0xFFFF}) {
          float x = Float.intBitsToFloat(half << 16 | low);
          assertThat(Float.compare(clamped.apply(x), type.apply(x, true))).isZero();
          assertThat(Float.compare(open.apply(x), type.apply(x, false))).isZero();
        }
      }
    }
  }

  private static RoundToFloat grid(
      RoundTo.RoundingGrid type, RoundedQuantize.Rounding rounding, Beyond beyond) {
    return new RoundToFloat(
        "g", 0, TYPE, type.mantissa(), type.leastExponent(), type.largest(), rounding, beyond);
  }

  @Test
  void roundToFloat_eachRounding_choosesTheNeighbour() {
    RoundTo.RoundingGrid type = RoundTo.RoundingGrid.FLOAT8E4M3FN; // steps of 1/4 from 2 on
    float[] given = {2.125f, -2.125f, 2.2f, 0x1p-10f, -0x1p-10f};
    for (RoundedQuantize.Rounding rounding :
        List.of(
            RoundedQuantize.Rounding.FLOOR,
            RoundedQuantize.Rounding.CEIL,
            RoundedQuantize.Rounding.UP,
            RoundedQuantize.Rounding.HALF_UP)) {
      float[] expected =
          switch (rounding) {
            case FLOOR -> new float[] {2, -2.25f, 2, 0, -0x1p-9f};
            case CEIL -> new float[] {2.25f, -2, 2.25f, 0x1p-9f, -0f};
            case UP -> new float[] {2.25f, -2.25f, 2.25f, 0x1p-9f, -0x1p-9f};
            default -> new float[] {2.25f, -2.25f, 2.25f, 0x1p-9f, -0x1p-9f};
          };
      RoundToFloat grid = grid(type, rounding, Beyond.LARGEST);
      for (int i = 0; i < given.length; i++) {
        assertThat(grid.apply(given[i])).as("%s of %s", rounding, given[i]).isEqualTo(expected[i]);
      }
    }
  }

  @Test
  void reduce_overAxes_addsByRowColumnAndChannel() {
    float[] numbers = new float[TYPE.elements()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i % 5 == 0 ? 1e8f : i; // so large that the order of the sum shows
    }
    ImageTensor image = new ImageTensor(TYPE, Words.of(numbers));
    Span over = Span.of(0, 2);
    Reduce sum = new Reduce("s", 0, over.of(TYPE), Reduce.Reduction.SUM, over, false);
    float[] expected = new float[3];
    for (int y = 0; y < 3; y++) {
      for (int x = 0; x < 4; x++) {
        for (int c = 0; c < 2; c++) {
          expected[y] += numbers[TYPE.at(c, y, x)];
        }
      }
    }
    assertThat(Words.numbers(sum.run(List.of(image)))).isEqualTo(expected);
    assertThat(over.count(TYPE)).isEqualTo(8);
    assertThat(over.axes()).containsExactly(0, 2);
  }

  @Test
  void extremumIndex_equalElements_isTheFirstOrTheLast() {
    TensorType type = TensorType.floats(4, 1, 1);
    ImageTensor image = new ImageTensor(type, Words.of(new float[] {-1, 3, 3, -1}));
    TensorType to = new TensorType(1, 1, 1, new Quantization(IntegerFormat.signed(32), 1, 0));
    assertThat(index(to, false, false).run(List.of(image))).containsExactly(1);
    assertThat(index(to, false, true).run(List.of(image))).containsExactly(2);
    assertThat(index(to, true, false).run(List.of(image))).containsExactly(0);
    assertThat(index(to, true, true).run(List.of(image))).containsExactly(3);
  }

  private static ExtremumIndex index(TensorType to, boolean least, boolean last) {
    return new ExtremumIndex("i", 0, to, Span.of(0), least, last);
  }

  @Test
  void span_axesThatAreNone_areRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Span.of());
    assertThatIllegalArgumentException().isThrownBy(() -> Span.of(1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> Span.of(3));
  }

  @Test
  void pick_placesOutside_areRefused() {
    Pick pick = new Pick("p", List.of(0), TensorType.floats(1, 1, 1), new int[] {24});
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pick.check(List.of(TYPE)))
        .withMessageContaining("[-1, 23], got 24");
  }

  /** Every function, operation and reduction once; both executors give the same bits. */
  @Test
  void executor_everyFunction_givesTheReferencesBits() {
    List<Layer> layers = new ArrayList<>();
    for (Function each : Function.values()) {
      layers.add(new Activation("f" + each, 0, TYPE, each));
    }
    for (Formula each : Formula.values()) {
      layers.add(new ShapedActivation("s" + each, 0, TYPE, each, 0.3f, 0.7f));
    }
    for (Operation each : Operation.values()) {
      layers.add(new Elementwise("e" + each, 0, layers.size(), TYPE, each));
    }
    for (RoundTo.RoundingGrid each : RoundTo.RoundingGrid.values()) {
      layers.add(new RoundTo("g" + each, 0, TYPE, each, true));
    }
    layers.add(new Choose("choose", 1, 0, 3, TYPE));
    int[] places = new Random(4).ints(TYPE.elements(), 0, 2 * TYPE.elements()).toArray();
    layers.add(new Pick("pick", List.of(0, 1), TYPE, places));
    Span rows = Span.of(1);
    for (Reduce.Reduction each : Reduce.Reduction.values()) {
      layers.add(new Reduce("r" + each, 0, rows.of(TYPE), each, rows, each.ordinal() == 1));
    }
    layers.add(new Extremum("largest", 0, rows.of(TYPE), rows, false));
    layers.add(new Extremum("smallest", 0, rows.of(TYPE), rows, true));
    Network network = new Network("functions", TYPE, layers, Map.of());
    int[] words = FloatNetworks.words(new Random(5), TYPE, 3);
    List<int[]> expected =
        IntStream.range(0, 3)
            .mapToObj(i -> Arrays.copyOfRange(words, i * 24, (i + 1) * 24))
            .flatMap(
                i -> new ReferenceExecutor(network, LayerRegisters.exact()).tensors(i).stream())
            .toList();
    int[][] seen = new int[3 * network.tensors()][];
    try (Executor executor = Executor.of(network, LayerRegisters.exact(), 1)) {
      executor.run(
          words,
          3,
          RunOptions.none()
              .withTensors((tensor, first, made) -> {
                int size = network.tensor(tensor).elements();
                for (int i = 0; i * size < made.length; i++) {
                  seen[(first + i) * network.tensors() + tensor] =
                      Arrays.copyOfRange(made, i * size, (i + 1) * size);
                }
              }));
    }
    for (int i = 0; i < seen.length; i++) {
      if (seen[i] != null) {
        assertThat(seen[i]).as("tensor %d", i).isEqualTo(expected.get(i));
      }
    }
    assertThat(seen[network.tensors() - 1]).isNotNull();
  }
}
