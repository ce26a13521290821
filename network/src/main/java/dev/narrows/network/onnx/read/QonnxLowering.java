package dev.narrows.network.onnx.read;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.RoundedQuantize.Rounding;
import dev.narrows.network.layer.ScaledCodes;
import dev.narrows.network.tensor.TensorType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * QONNX's quantisers: numbers become codes that are read as numbers at once.
 *
 * @see <a href="https://github.com/fastmachinelearning/qonnx/tree/main/docs/qonnx-custom-ops">QONNX
 *     operators</a>
 */
final class QonnxLowering {
  /** The domains that files have these operators in, older ones too. */
  private static final List<String> DOMAINS =
      List.of("qonnx.custom_op.general", "finn.custom_op.general", "onnx.brevitas");

  static final Map<String, NodeLowering> ALL = all();

  private QonnxLowering() {}

  private static Map<String, NodeLowering> all() {
    Map<String, NodeLowering> all = new HashMap<>();
    for (String domain : DOMAINS) {
      all.put(domain + ".Quant", QonnxLowering::quant);
      all.put(domain + ".IntQuant", QonnxLowering::quant);
      all.put(domain + ".FloatQuant", FloatQuantLowering::lower);
      all.put(domain + ".BipolarQuant", QonnxLowering::bipolar);
      all.put(domain + ".MultiThreshold", MultiThresholdLowering::lower);
      all.put(domain + ".Trunc", QonnxLowering::truncated);
    }
    return Map.copyOf(all);
  }

  private static void quant(LoweringNode node) throws NotNativeException {
    double bits = node.required(3, "the bit width").doubles()[0];
    boolean signed = node.attributes().integer("signed", 1) != 0;
    boolean narrow = node.attributes().integer("narrow", 0) != 0;
    if (bits != Math.rint(bits) || bits < 1 || bits > 32) {
      throw new NotNativeException("no layer holds codes of %s bits".formatted(bits));
    }
    if (bits == 1 && signed) {
      put(node, IntegerFormat.signed(2), new IntegerRange(-1, 1), Rounding.SIGN, zeroPoints(node));
      return;
    }
    IntegerFormat format = new IntegerFormat((int) bits, signed);
    put(node, format, range(format, narrow), rounding(node), zeroPoints(node));
  }

  private static void bipolar(LoweringNode node) throws NotNativeException {
    NdTensor zero = NdTensor.of(new float[] {0}, 1);
    put(node, IntegerFormat.signed(2), new IntegerRange(-1, 1), Rounding.SIGN, zero);
  }

  /**
   * Steps of a scale, rounded to even, divided by a power of two and rounded again: by bits left
   * out in the first version, to another scale in the second.
   */
  private static void truncated(LoweringNode node) throws NotNativeException {
    boolean newer = node.opset() >= 2;
    float scale = one(node.required(1, "the scale"));
    float outScale = newer ? one(node.required(4, "the output's scale")) : scale;
    int bits = (int) one(node.required(newer ? 5 : 4, "the output's bit width"));
    double shift =
        newer
            ? Math.rint(Math.log(outScale / scale) / Math.log(2))
            : one(node.required(3, "the input's bit width")) - bits;
    if (one(zeroPoints(node)) != 0
        || !(scale > 0)
        || !(outScale > 0)
        || bits < 1
        || bits > 24
        || shift < 0
        || shift > 24) {
      throw new NotNativeException("no layer truncates so");
    }
    Rounding rounding =
        rounding(node.attributes().text("rounding_mode", "FLOOR").toUpperCase(Locale.ROOT));
    IntegerFormat wide = IntegerFormat.signed(24);
    boolean signed = node.attributes().integer("signed", 1) != 0;
    boolean narrow = node.attributes().integer("narrow", 0) != 0;
    IntegerFormat format = newer ? new IntegerFormat(bits, signed) : wide;
    IntegerRange range = newer ? range(format, narrow) : IntegerRange.of(wide);
    CodeTarget steps = plain(wide, scale, Rounding.HALF_EVEN, IntegerRange.of(wide));
    LoweredValue in = QuantizeLowering.codes(node, node.node().input(0), steps);
    TensorType type = node.type(in.tensor());
    TensorType numbers = TensorType.floats(type.channels(), type.height(), type.width());
    float[] part = {(float) Math.scalb(1.0, -(int) shift)};
    int divided =
        node.add(new ScaledCodes(node.unique("part"), in.tensor(), numbers, part, new float[0]));
    CodeTarget whole = plain(format, 1, rounding, range);
    int codes = node.add(whole.layer(node.unique(), divided, numbers));
    LoweredValue made = new LoweredValue(codes, in.dims(), NdType.INT32);
    Quantization read = new Quantization(format, outScale, 0);
    node.put(
        0,
        new LoweredValue(
            QuantizeLowering.labelled(node, made, read), in.dims(), NdType.FLOAT, true));
  }

  private static CodeTarget plain(
      IntegerFormat format, float scale, Rounding rounding, IntegerRange range) {
    return new CodeTarget(
        new Quantization(format, scale, 0),
        NdType.FLOAT,
        rounding,
        (int) range.min(),
        (int) range.max(),
        Optional.empty());
  }

  private static IntegerRange range(IntegerFormat format, boolean narrow) {
    return new IntegerRange(
        format.signed() && narrow ? format.min() + 1 : format.min(),
        !format.signed() && narrow ? format.max() - 1 : format.max());
  }

  private static float one(NdTensor number) throws NotNativeException {
    if (number.elements() != 1) {
      throw new NotNativeException("expected one number, got " + number.dims());
    }
    return (float) number.doubles()[0];
  }

  private static NdTensor zeroPoints(LoweringNode node) throws NotNativeException {
    return node.required(2, "the zero point");
  }

  /** How a node rounds to integers. */
  static Rounding rounding(LoweringNode node) {
    return rounding(node.attributes().text("rounding_mode", "ROUND").toUpperCase(Locale.ROOT));
  }

  private static Rounding rounding(String mode) {
    return switch (mode) {
      case "ROUND", "HALF_EVEN" -> Rounding.HALF_EVEN;
      case "HALF_UP" -> Rounding.HALF_UP;
      case "HALF_DOWN" -> Rounding.HALF_DOWN;
      case "CEIL" -> Rounding.CEIL;
      case "FLOOR" -> Rounding.FLOOR;
      case "UP" -> Rounding.UP;
      case "DOWN", "ROUND_TO_ZERO" -> Rounding.DOWN;
      default -> throw new IllegalArgumentException("no rounding mode " + mode);
    };
  }

  private static void put(
      LoweringNode node,
      IntegerFormat format,
      IntegerRange range,
      Rounding rounding,
      NdTensor zeros)
      throws NotNativeException {
    NdTensor scales = node.required(1, "the scale");
    float[] scale = scales.floats();
    int[] zero = integers(zeros);
    for (float each : scale) {
      if (!(each > 0) || Float.isInfinite(each)) {
        throw new NotNativeException("a scale is " + each);
      }
    }
    String output = node.output();
    if (node.constant(0).isPresent()) {
      NdTensor numbers = node.constant(0).get();
      node.graph().putQuantized(output, constant(numbers, scales, zeros, zero, range, rounding));
      return;
    }
    if (scale.length != 1 || zero.length != 1) {
      CodeTarget steps = plain(format, 1, rounding, range);
      node.put(0, ChannelCodes.stepped(node, steps, scales, zeros));
      return;
    }
    if (zero[0] < format.min() || zero[0] > format.max()) {
      throw new NotNativeException("the zero point %d is no code of %s".formatted(zero[0], format));
    }
    Quantization codes = new Quantization(format, scale[0], zero[0]);
    CodeTarget to =
        new CodeTarget(
            codes, NdType.FLOAT, rounding, (int) range.min(), (int) range.max(), Optional.empty());
    node.put(0, QuantizeLowering.codes(node, node.node().input(0), to));
  }

  private static QuantizedConstant constant(
      NdTensor numbers,
      NdTensor scales,
      NdTensor zeros,
      int[] zero,
      IntegerRange range,
      Rounding rounding) {
    int[] scaleAt = places(scales, numbers.dims());
    int[] zeroAt = places(zeros, numbers.dims());
    float[] given = numbers.floats();
    float[] scale = taken(scales.floats(), scaleAt);
    int[] zeroOf = new int[zeroAt.length];
    Arrays.setAll(zeroOf, i -> zero[zeroAt[i]]);
    int[] codes = new int[given.length];
    for (int i = 0; i < codes.length; i++) {
      // a zero point may lie outside the format: codes are counted from zero
      float steps =
          given[i] / scale[scale.length == 1 ? 0 : i] + zeroOf[zeroOf.length == 1 ? 0 : i];
      codes[i] = (int) Math.clamp(rounding.apply(steps), (double) range.min(), range.max());
    }
    return new QuantizedConstant(numbers.dims(), codes, scale, zeroOf);
  }

  /** The places of an array that is broadcast; one where it is one number. */
  private static int[] places(NdTensor array, List<Integer> dims) {
    return array.elements() == 1 ? new int[1] : Places.of(array.dims()).expanded(dims).at();
  }

  private static float[] taken(float[] from, int[] places) {
    float[] taken = new float[places.length];
    for (int i = 0; i < taken.length; i++) {
      taken[i] = from[places[i]];
    }
    return taken;
  }

  private static int[] integers(NdTensor zeros) throws NotNativeException {
    double[] numbers = zeros.doubles();
    int[] integers = new int[numbers.length];
    for (int i = 0; i < integers.length; i++) {
      integers[i] = (int) numbers[i];
      if (integers[i] != numbers[i]) {
        throw new NotNativeException("a zero point is " + numbers[i]);
      }
    }
    return integers;
  }
}
