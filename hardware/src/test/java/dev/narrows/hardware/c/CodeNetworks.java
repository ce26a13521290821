package dev.narrows.hardware.c;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.DoubleScale;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.FloatScale;
import dev.narrows.core.quantize.IntegerMean;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.core.quantize.ShortMultiplier;
import dev.narrows.network.Network;
import dev.narrows.network.layer.Add;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.CodeExtremum;
import dev.narrows.network.layer.CodeQuotient;
import dev.narrows.network.layer.CodeSlope;
import dev.narrows.network.layer.CodeSquaredDifference;
import dev.narrows.network.layer.CodeTable;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.Dequantize;
import dev.narrows.network.layer.FloatScaledAdd;
import dev.narrows.network.layer.FloatScaledMultiply;
import dev.narrows.network.layer.InputLayer;
import dev.narrows.network.layer.IntegerFunction;
import dev.narrows.network.layer.IntegerMatMul;
import dev.narrows.network.layer.IntegerSoftmax;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.Multiply;
import dev.narrows.network.layer.Pick;
import dev.narrows.network.layer.Quantize;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Relabel;
import dev.narrows.network.layer.Resize;
import dev.narrows.network.layer.RoundedQuantize;
import dev.narrows.network.layer.RoundedQuantize.Rounding;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.IntegerOperands;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Small networks around one layer each, of the kinds that random networks leave out. */
final class CodeNetworks {
  private final Random random;

  CodeNetworks(Random random) {
    this.random = random;
  }

  private Quantization codes(int bits, boolean signed) {
    IntegerFormat format = signed ? IntegerFormat.signed(bits) : IntegerFormat.unsigned(bits);
    int zero = (int) random.nextLong(format.min(), format.max() + 1);
    return new Quantization(format, 0.01 + random.nextDouble(), zero);
  }

  private TensorType tensor(int channels, int height, int width, Quantization codes) {
    return new TensorType(channels, height, width, codes);
  }

  private static Network of(String name, TensorType input, Layer... layers) {
    return new Network(name, input, List.of(layers), Map.of());
  }

  private static FixedPoint factor(double real) {
    return FixedPoint.fromReal(real);
  }

  /** The networks by name. */
  Map<String, Network> all() {
    Map<String, Network> all = new LinkedHashMap<>();
    pairs().forEach(network -> all.put(network.name(), network));
    points().forEach(network -> all.put(network.name(), network));
    moves().forEach(network -> all.put(network.name(), network));
    sums().forEach(network -> all.put(network.name(), network));
    return all;
  }

  private List<Network> pairs() {
    TensorType a = tensor(3, 4, 5, codes(8, true));
    TensorType b = tensor(3, 4, 5, codes(8, random.nextBoolean()));
    TensorType to = tensor(3, 4, 5, codes(8, true));
    Layer second = InputLayer.given("second", b);
    Layer same = InputLayer.given("same", a);
    int zero = to.quantization().zeroPoint();
    float left = random.nextFloat() * 2;
    float right = random.nextFloat() * 2;
    return List.of(
        of("subtract", a, second, Add.of("y", 0, a, 1, b, to, true, -100, 90)),
        of("multiply", a, second, new Multiply("y", 0, 1, to, factor(0.003), -128, 100)),
        of("larger", a, same, new CodeExtremum("y", 0, 1, a, false)),
        of("smaller", a, same, new CodeExtremum("y", 0, 1, a, true)),
        of("slope", a, second, new CodeSlope("y", 0, 1, to, factor(0.7), factor(0.004))),
        of("square", a, second, CodeSquaredDifference.of("y", 0, a, 1, b, to)),
        of("quotient", a, second, new CodeQuotient("y", 0, 1, to, factor(1.7), -120, 127)),
        of(
            "floatadd",
            a,
            second,
            new FloatScaledAdd(
                "y",
                0,
                1,
                to,
                left,
                right,
                a.quantization().zeroPoint(),
                b.quantization().zeroPoint(),
                -128,
                127)),
        of(
            "halfadd", // many sums are halves, which go to the even code
            a,
            second,
            new FloatScaledAdd(
                "y",
                0,
                1,
                to,
                0.5f,
                1.5f,
                a.quantization().zeroPoint(),
                b.quantization().zeroPoint(),
                -128,
                127)),
        of("floatmultiply", a, second, new FloatScaledMultiply("y", 0, 1, to, 0.0123f, -128, 127)),
        of("halfmultiply", a, second, new FloatScaledMultiply("y", 0, 1, to, 1 / 64f, -128, 127)),
        of(
            "constant",
            a,
            new Constant("c", to, random.ints(60, -128, 128).toArray()),
            Add.of("y", 0, a, 1, to, to)),
        of(
            "clampedhere",
            a,
            new Relabel(
                "r", 0, tensor(3, 4, 5, new Quantization(IntegerFormat.signed(8), 1, zero))),
            new Rearrange(
                "turned",
                List.of(1),
                tensor(5, 4, 3, new Quantization(IntegerFormat.signed(8), 1, zero)),
                0,
                List.of(
                    Rearrange.Axis.of(5, 1), Rearrange.Axis.of(4, 5), Rearrange.Axis.of(3, 20)))));
  }

  private List<Network> points() {
    TensorType a = tensor(7, 3, 2, codes(8, true));
    TensorType u = tensor(7, 3, 2, codes(5, false));
    TensorType softmax =
        tensor(7, 3, 2, new Quantization(IntegerFormat.signed(8), 1 / 256.0, -128));
    TensorType integers = tensor(7, 3, 2, new Quantization(IntegerFormat.signed(8), 1, 0));
    int[] table = random.ints(256, -128, 128).toArray();
    int[] small = random.ints(32, -100, 100).toArray();
    TensorType floats = TensorType.floats(7, 3, 2);
    return List.of(
        of("table", a, new CodeTable("y", 0, a, true, table)),
        of("smalltable", u, new CodeTable("y", 0, integers, false, small)),
        of("softmax", a, IntegerSoftmax.of("y", 0, a, softmax, 0.5)),
        of(
            "negative",
            integers,
            new IntegerFunction("y", 0, integers, IntegerFunction.IntegerRule.NEGATIVE, false)),
        of(
            "edges",
            floats,
            new Quantize("quantize", 0, a),
            new CodeTable("t", 1, a, true, table),
            new Dequantize("dequantize", 2, floats)),
        of(
            "onlyedges", // the codes that come in go out
            floats,
            new Quantize("quantize", 0, a),
            new Dequantize("dequantize", 1, floats)),
        bipolar(),
        of("unread", a, new Constant("y", a, random.ints(42, -128, 128).toArray())));
  }

  /** An input that is quantised to −1 and 1: no vector may hold other codes. */
  private static Network bipolar() {
    TensorType floats = TensorType.floats(6, 1, 1);
    TensorType signs = new TensorType(6, 1, 1, new Quantization(IntegerFormat.signed(2), 1, 0));
    int[] table = {-2, -1, 1, 0}; // of the codes −2 to 1
    return of(
        "bipolar",
        floats,
        new RoundedQuantize("quantize", 0, signs, Rounding.SIGN, false, -1, 1),
        new CodeTable("y", 1, signs, true, table));
  }

  private List<Network> moves() {
    TensorType a = tensor(4, 3, 5, codes(8, true));
    TensorType b = a.shaped(2, 3, 5);
    int[] places = random.ints(50, -1, a.elements()).toArray();
    return List.of(
        of(
            "join",
            a,
            InputLayer.given("b", b),
            Rearrange.joined("y", List.of(0, 1), a.shaped(6, 3, 5))),
        of("pick", a, new Pick("y", List.of(0), a.shaped(2, 5, 5), places)),
        of("flat", a, Rearrange.joined("y", List.of(0), a.shaped(60, 1, 1))),
        of(
            "nearest",
            a,
            new Resize("y", 0, a.shaped(4, 7, 4), Resize.Interpolation.NEAREST, false, true)));
  }

  private List<Network> sums() {
    List<Network> networks = new ArrayList<>();
    TensorType a = tensor(5, 4, 4, codes(8, true));
    TensorType to = tensor(6, 4, 4, codes(8, true));
    int zero = to.quantization().zeroPoint();
    double[] reals = random.doubles(6, 1e-4, 1e-2).toArray();
    float[] floats = new float[6];
    for (int i = 0; i < 6; i++) {
      floats[i] = i == 0 ? 0x1p-9f : (float) reals[i]; // halves too
    }
    List<Requantization> ways =
        List.of(
            new DoubleScale(reals, zero, -128, 127),
            new DoubleScale(new double[] {0x1p-9}, zero, -128, 127),
            new DoubleScale(new double[] {1e6}, zero, -128, 127),
            ShortMultiplier.fromReals(reals, zero, -128, 127),
            new FloatScale(floats, zero, -128, 127),
            new FloatScale(new float[] {3e30f}, zero, -128, 127),
            new FloatScale(new float[] {1e-30f}, zero, -128, 127),
            FixedPointMultiplier.fromReals(new double[] {300.7}, zero, -128, 127));
    TensorType shorts = tensor(9, 1, 1, new Quantization(IntegerFormat.signed(16), 0.1, 0));
    int[] bias = {Integer.MAX_VALUE, Integer.MIN_VALUE, 0};
    IntegerOperands wideSums =
        new IntegerOperands(
            new DenseWeights(
                3, 9, 16, new double[] {1, 1, 1}, random.ints(27, -32767, 32768).toArray()),
            bias,
            new DoubleScale(new double[] {1e-8, 0x1p-26, 0.3e-7}, 3, -32768, 32767));
    networks.add(of("widesums", shorts, new Dense("y", 0, shorts.shaped(3, 1, 1), wideSums)));
    for (int i = 0; i < ways.size(); i++) {
      networks.add(
          of(
              "way" + i,
              a,
              new Convolution(
                  "y", 0, to, Window.square(3, 1, 1), 1, operands(6, 45, ways.get(i)))));
    }
    TensorType wide = tensor(3, 1, 1, new Quantization(IntegerFormat.signed(32), 1, 0));
    networks.add(
        of(
            "scores",
            a.shaped(5, 1, 1),
            new Dense(
                "y",
                0,
                wide,
                operands(
                    3,
                    5,
                    FixedPointMultiplier.fromReals(
                        new double[] {70_000.3}, 0, Integer.MIN_VALUE, Integer.MAX_VALUE)))));
    Window window = new Window(3, 2, 2, 1, 1, 1, 1, 1, 0, 1);
    networks.add(
        of(
            "inside",
            a,
            new AveragePool(
                "y",
                0,
                a.shaped(5, 2, 4),
                window,
                new IntegerMean(6, a.quantization().zeroPoint(), -120, 127),
                dev.narrows.core.dot.ZeroPointConvention.RAW,
                true)));
    TensorType left = tensor(6, 3, 1, codes(8, true));
    TensorType right = tensor(6, 4, 1, codes(8, true));
    networks.add(
        of(
            "heads",
            left,
            InputLayer.given("right", right),
            new IntegerMatMul(
                "y",
                0,
                1,
                tensor(2, 3, 4, codes(8, true)),
                2,
                FixedPointMultiplier.fromReals(new double[] {0.002}, 3, -128, 127))));
    return networks;
  }

  private IntegerOperands operands(int channels, int terms, Requantization way) {
    int[] values = random.ints((long) channels * terms, -127, 128).toArray();
    int[] bias = random.ints(channels, -2000, 2000).toArray();
    double[] scales = new double[channels];
    java.util.Arrays.fill(scales, 0.1);
    return new IntegerOperands(new DenseWeights(channels, terms, 8, scales, values), bias, way);
  }
}
