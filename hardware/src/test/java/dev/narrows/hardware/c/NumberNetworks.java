package dev.narrows.hardware.c;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.Network;
import dev.narrows.network.layer.Activation;
import dev.narrows.network.layer.Blend;
import dev.narrows.network.layer.Choose;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.Dequantize;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.Extremum;
import dev.narrows.network.layer.ExtremumIndex;
import dev.narrows.network.layer.FloatScaledAdd;
import dev.narrows.network.layer.InputLayer;
import dev.narrows.network.layer.IntegerElementwise;
import dev.narrows.network.layer.IntegerFunction;
import dev.narrows.network.layer.IntegerLogSoftmax;
import dev.narrows.network.layer.IntegerSigmoid;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.MaxPool;
import dev.narrows.network.layer.MeanPool;
import dev.narrows.network.layer.Quantize;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Reduce;
import dev.narrows.network.layer.Resize;
import dev.narrows.network.layer.RoundedQuantize;
import dev.narrows.network.layer.ScaledCodes;
import dev.narrows.network.layer.ShapedActivation;
import dev.narrows.network.layer.Softmax;
import dev.narrows.network.layer.Span;
import dev.narrows.network.layer.TableSoftmax;
import dev.narrows.network.layer.UnitLength;
import dev.narrows.network.layer.WideSoftmax;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Small networks whose codes become real numbers and codes again. */
final class NumberNetworks {
  private static final int C = 3;
  private static final int H = 4;
  private static final int W = 5;

  private final Random random;
  private final TensorType bytes = codes(8, true);
  private final TensorType unsigned = codes(8, false);
  private final TensorType shorts = codes(16, true);
  private final TensorType numbers = TensorType.floats(C, H, W);
  private final List<Network> all = new ArrayList<>();

  NumberNetworks(Random random) {
    this.random = random;
  }

  private TensorType codes(int bits, boolean signed) {
    IntegerFormat format = signed ? IntegerFormat.signed(bits) : IntegerFormat.unsigned(bits);
    return new TensorType(C, H, W, new Quantization(format, 0.0375 * (1 << 8) / (1 << bits), 7));
  }

  private void add(String name, TensorType input, Layer... layers) {
    all.add(new Network(name, input, List.of(layers), Map.of()));
  }

  private static RoundedQuantize rounded(int input, TensorType to, RoundedQuantize.Rounding how) {
    IntegerFormat format = to.quantization().format();
    return new RoundedQuantize("y", input, to, how, false, (int) format.min(), (int) format.max());
  }

  private static RoundedQuantize even(int input, TensorType to) {
    return rounded(input, to, RoundedQuantize.Rounding.HALF_EVEN);
  }

  /** The networks by name. */
  Map<String, Network> all() {
    functions();
    pairs();
    sums();
    extremes();
    softmaxes();
    mixtures();
    integers();
    Map<String, Network> named = new LinkedHashMap<>();
    all.forEach(network -> named.put(network.name(), network));
    return named;
  }

  private void functions() {
    Dequantize read = new Dequantize("read", 0, numbers);
    for (RoundedQuantize.Rounding how : RoundedQuantize.Rounding.values()) {
      TensorType halves = new TensorType(C, H, W, new Quantization(IntegerFormat.signed(8), 2, -3));
      TensorType whole = new TensorType(C, H, W, new Quantization(IntegerFormat.signed(16), 1, 0));
      add("round" + how.ordinal(), whole, read, rounded(1, halves, how));
      add(
          "zerofirst" + how.ordinal(),
          whole,
          read,
          new RoundedQuantize("y", 1, halves, how, true, -100, 90));
    }
    add("away", shorts, read, new Quantize("y", 1, unsigned));
    for (Activation.Function function : Activation.Function.values()) {
      Activation curve = new Activation("curve", 1, numbers, function);
      add("curve" + function.ordinal(), bytes, read, curve, even(2, unsigned));
    }
    for (Activation.Function function :
        List.of(
            Activation.Function.RELU,
            Activation.Function.RELU6,
            Activation.Function.RELU_0_TO_1,
            Activation.Function.RELU_N1_TO_1,
            Activation.Function.HARD_SWISH,
            Activation.Function.ABSOLUTE,
            Activation.Function.NEGATIVE,
            Activation.Function.SIGN,
            Activation.Function.SQUARE,
            Activation.Function.RECIPROCAL,
            Activation.Function.SOFTSIGN)) {
      Activation curve = new Activation("curve", 1, numbers, function);
      add("wide" + function.ordinal(), shorts, read, curve, even(2, shorts));
      add("open" + function.ordinal(), shorts, read, curve); // numbers come out
    }
    for (ShapedActivation.Formula formula : ShapedActivation.Formula.values()) {
      ShapedActivation curve = new ShapedActivation("curve", 1, numbers, formula, 0.3f, 0.7f);
      add("formula" + formula.ordinal(), unsigned, read, curve, even(2, bytes));
      if (formula.ordinal() >= ShapedActivation.Formula.HARD_SIGMOID.ordinal()
              && formula != ShapedActivation.Formula.SWISH
          || formula == ShapedActivation.Formula.LEAKY_RELU) {
        add("wideformula" + formula.ordinal(), shorts, read, curve, even(2, shorts));
      }
    }
    Activation relu = new Activation("relu", 0, numbers, Activation.Function.RELU);
    add("numbersin", numbers, relu, even(1, shorts));
    float[] scales = {0.01f, 0.02f, 0.03f};
    add(
        "scaled",
        bytes,
        new ScaledCodes("read", 0, numbers, scales, new float[] {1.1f, -2.3f, 0}),
        even(1, unsigned));
  }

  private void pairs() {
    Dequantize left = new Dequantize("left", 0, numbers);
    Layer second = InputLayer.given("second", unsigned);
    Dequantize right = new Dequantize("right", 2, numbers);
    for (Elementwise.Operation operation : Elementwise.Operation.values()) {
      boolean table =
          switch (operation) {
            case POWER, ARCTANGENT, FLOOR_DIVIDE, FLOOR_REMAINDER, REMAINDER -> true;
            default -> false;
          };
      int name = operation.ordinal();
      if (!table) {
        Elementwise pair = new Elementwise("pair", 1, 3, numbers, operation);
        add("pair" + name, shorts, left, second, right, pair, even(4, shorts));
      }
      Activation curve = new Activation("curve", 1, numbers, Activation.Function.SIGMOID);
      Elementwise same = new Elementwise("pair", 1, 2, numbers, operation);
      add("same" + name, bytes, left, curve, same, even(3, unsigned));
    }
    float[] factors = new float[C * H * W];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = 0.25f + i / (H * W); // one a channel
    }
    float[] each = new float[C * H * W];
    for (int i = 0; i < each.length; i++) {
      each[i] = random.nextFloat();
    }
    add(
        "constants",
        bytes,
        left,
        Constant.of("factors", numbers, factors),
        new Elementwise("times", 1, 2, numbers, Elementwise.Operation.MULTIPLY),
        Constant.of("each", numbers, each),
        new Elementwise("plus", 3, 4, numbers, Elementwise.Operation.ADD),
        even(5, unsigned));
    add(
        "choose",
        bytes,
        left,
        second,
        right,
        new Elementwise("less", 1, 3, numbers, Elementwise.Operation.LESS),
        new Choose("choose", 4, 1, 3, numbers),
        even(5, bytes));
    RoundedQuantize last = even(2, unsigned.shaped(W, H, C));
    add("turned", bytes, left, turned("turned", 1, C, H, W), last);
    Reduce sum =
        new Reduce(
            "sum", 3, TensorType.floats(C, 1, 1), Reduce.Reduction.SUM, Span.of(1, 2), false);
    add("back", bytes, left, turned("there", 1, C, H, W), turned("back", 2, W, H, C), sum);
  }

  /** Channels and columns change places. */
  private static Rearrange turned(String name, int input, int channels, int height, int width) {
    return new Rearrange(
        name,
        List.of(input),
        TensorType.floats(width, height, channels),
        0,
        List.of(
            Rearrange.Axis.of(width, 1),
            Rearrange.Axis.of(height, width),
            Rearrange.Axis.of(channels, height * width)));
  }

  private void sums() {
    Dequantize read = new Dequantize("read", 0, numbers);
    Window window = new Window(3, 2, 2, 1, 1, 1, 1, 1, 0, 1);
    Window whole = new Window(H, W, 1, 1, 1, 1, 0, 0, 0, 0);
    for (MeanPool.MeanOrder order : MeanPool.MeanOrder.values()) {
      TensorType small = TensorType.floats(C, 2, W);
      add(
          "mean" + order.ordinal(),
          bytes,
          read,
          new MeanPool("mean", 1, small, window, order),
          even(2, unsigned.shaped(C, 2, W)));
      add(
          "global" + order.ordinal(),
          shorts,
          read,
          new MeanPool("mean", 1, TensorType.floats(C, 1, 1), whole, order));
    }
    for (Reduce.Reduction reduction : Reduce.Reduction.values()) {
      for (Span span : List.of(Span.of(1, 2), Span.of(0), Span.of(0, 2))) {
        TensorType made = span.of(numbers);
        boolean wide = random.nextBoolean();
        String name = "reduce" + reduction.ordinal() + span.axes().length + span.axes()[0];
        add(name, bytes, read, new Reduce("reduce", 1, made, reduction, span, wide));
        add(
            name + "other",
            shorts,
            read,
            new Reduce("reduce", 1, made, reduction, span, !wide),
            even(2, bytes.shaped(made.channels(), made.height(), made.width())));
      }
    }
  }

  private void extremes() {
    Dequantize read = new Dequantize("read", 0, numbers);
    Span span = Span.of(1, 2);
    Span channels = Span.of(0);
    TensorType index =
        channels.of(new TensorType(C, H, W, new Quantization(IntegerFormat.signed(32), 1, 0)));
    for (boolean least : List.of(true, false)) {
      add("extreme" + least, bytes, new Extremum("y", 0, span.of(bytes), span, least));
      add("far" + least, shorts, read, new Extremum("y", 1, span.of(numbers), span, least));
      for (boolean last : List.of(true, false)) {
        add(
            "index" + least + last,
            codes(8, false),
            new ExtremumIndex("y", 0, index, channels, least, last));
        add(
            "place" + least + last,
            bytes,
            read,
            new ExtremumIndex("y", 1, index, channels, least, last));
      }
    }
    Window window = new Window(3, 2, 2, 1, 1, 1, 1, 1, 0, 1);
    add("most", shorts, read, new MaxPool("y", 1, TensorType.floats(C, 2, W), window));
  }

  private void softmaxes() {
    Dequantize read = new Dequantize("read", 0, numbers);
    TensorType shares =
        new TensorType(C, H, W, new Quantization(IntegerFormat.unsigned(8), 1 / 256.0, 0));
    TensorType even = new TensorType(C, H, W, new Quantization(IntegerFormat.signed(8), 0x1p-4, 0));
    add("softmax1", bytes, read, new Softmax("s", 1, numbers, 0.7f, true), even(2, shares));
    add("softmax2", even, read, new Softmax("s", 1, numbers, 1, false));
    add("softmax3", unsigned, read, new Softmax("s", 1, numbers, 3.3f, false));
    TensorType scores = bytes.shaped(9, 1, 1); // along the channels, so they are moved first
    add(
        "softmax0",
        scores,
        new Dequantize("read", 0, TensorType.floats(9, 1, 1)),
        turned("there", 1, 9, 1, 1),
        turned("back", 2, 1, 1, 9),
        new Rearrange(
            "row",
            List.of(3),
            TensorType.floats(1, 1, 9),
            0,
            List.of(Rearrange.Axis.of(1, 9), Rearrange.Axis.of(1, 9), Rearrange.Axis.of(9, 1))),
        new Softmax("s", 4, TensorType.floats(1, 1, 9), 1, false));
    TensorType signed =
        new TensorType(C, H, W, new Quantization(IntegerFormat.signed(8), 1 / 256.0, -128));
    add("softmax4", bytes, TableSoftmax.of("y", 0, bytes, signed));
    add("softmax5", unsigned, TableSoftmax.of("y", 0, unsigned, shares));
    TensorType one = bytes.shaped(1, H, W); // its product overflows
    add("softmax6", one, TableSoftmax.of("y", 0, one, signed.shaped(1, H, W)));
  }

  private void mixtures() {
    Dequantize read = new Dequantize("read", 0, numbers);
    Resize.Interpolation line = Resize.Interpolation.BILINEAR;
    for (boolean aligned : List.of(true, false)) {
      add(
          "signed" + aligned,
          bytes,
          new Resize("y", 0, bytes.shaped(C, 7, 3), line, aligned, false));
      add(
          "unsigned" + aligned,
          unsigned,
          new Resize("y", 0, unsigned.shaped(C, 7, 9), line, aligned, false));
      add(
          "mixed" + aligned,
          bytes,
          read,
          new Resize("y", 1, TensorType.floats(C, 6, 9), line, aligned, false));
    }
    add("centres", unsigned, new Resize("y", 0, unsigned.shaped(C, 3, 8), line, false, true));
    int[] rows = random.ints(12, 0, H).toArray();
    float[] weights = new float[12];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = random.nextFloat() - 0.4f;
    }
    for (boolean wide : List.of(true, false)) {
      add(
          "blend" + wide,
          bytes,
          read,
          new Blend("y", 1, TensorType.floats(C, 6, W), 2, rows, weights, wide));
    }
  }

  private void integers() {
    Quantization one = new Quantization(IntegerFormat.signed(16), 1, 0);
    Quantization small = new Quantization(IntegerFormat.unsigned(4), 1, 0);
    TensorType left = new TensorType(C, H, W, one);
    TensorType right = new TensorType(C, H, W, small);
    Layer second = InputLayer.given("second", right);
    for (IntegerElementwise.IntegerOperation operation :
        IntegerElementwise.IntegerOperation.values()) {
      if (operation == IntegerElementwise.IntegerOperation.POWER) {
        continue;
      }
      boolean divides =
          switch (operation) {
            case DIVIDE, FLOOR_DIVIDE, FLOOR_REMAINDER, REMAINDER -> true;
            default -> false;
          };
      Layer divisor = new Constant("three", right, random.ints((long) C * H * W, 1, 16).toArray());
      String name = "whole" + operation.ordinal();
      add(
          name,
          left,
          divides ? divisor : second,
          new IntegerElementwise("y", 0, 1, left, operation, false));
      add(
          name + "cut",
          left,
          divides ? divisor : second,
          new IntegerElementwise("y", 0, 1, right, operation, false));
    }
    for (IntegerFunction.IntegerRule rule : IntegerFunction.IntegerRule.values()) {
      add("rule" + rule.ordinal(), left, new IntegerFunction("y", 0, right, rule, false));
    }
    TensorType q15 = new TensorType(C, H, W, IntegerSigmoid.MADE);
    TensorType q12 =
        new TensorType(C, H, W, new Quantization(IntegerFormat.signed(16), 0x1p-12, 0));
    add("sigmoid", q12, new IntegerSigmoid("y", 0, q15, IntegerSigmoid.SigmoidCurve.LOGISTIC, 3));
    add("logsoftmax", bytes, IntegerLogSoftmax.of("y", 0, bytes, bytes));
    add("logsoftmax2", unsigned, IntegerLogSoftmax.of("y", 0, unsigned, unsigned));
    TensorType shares =
        new TensorType(C, H, W, new Quantization(IntegerFormat.signed(16), 0x1p-15, 0));
    add("widesoftmax", shorts, new WideSoftmax("y", 0, shares, FixedPoint.fromReal(1.7)));
    add("length", bytes, new UnitLength("y", 0, bytes, 7));
    add("length2", unsigned, new UnitLength("y", 0, unsigned, 7));
    add(
        "fused",
        bytes,
        InputLayer.given("second", unsigned),
        new FloatScaledAdd("y", 0, 1, bytes, 0x1.2345p-30f, 0x1.fedcbap-25f, 7, 7, -128, 127));
    add(
        "fusedwide",
        shorts,
        InputLayer.given("second", shorts),
        new FloatScaledAdd("y", 0, 1, shorts, 0.3712f, 0.7191f, 7, 7, -32768, 32767));
  }
}
