package dev.narrows.network.onnx.read;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.Dequantize;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.RoundedQuantize.Rounding;
import dev.narrows.network.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Values whose scales and zero points differ along an axis: no tensor's type says so, so they are
 * numbers that constants divide, multiply and shift.
 */
final class ChannelCodes {
  private static final IntegerFormat WIDE = IntegerFormat.signed(24);

  private ChannelCodes() {}

  /** The numbers that codes stand for. */
  static LoweredValue dequantized(LoweringNode node, LoweredValue in) throws NotNativeException {
    NdTensor scales = node.required(1, "the scale");
    LoweredValue plain =
        new LoweredValue(
            QuantizeLowering.labelled(node, in, unit(format(node, in))), in.dims(), in.type());
    LoweredValue codes = number(node, plain);
    Optional<NdTensor> zeros = QuantizeLowering.zero(node, 2);
    if (zeros.isPresent()) {
      LoweredValue zero = each(node, "zero", zeros.get(), scales, in.dims());
      codes = SumLayers.pair(node, "value", Elementwise.Operation.SUBTRACT, codes, zero);
    }
    LoweredValue scale = each(node, "scale", scales, scales, in.dims());
    return SumLayers.pair(node, "number", Elementwise.Operation.MULTIPLY, codes, scale);
  }

  /** The codes of numbers, of scale 1 and zero point 0. */
  static LoweredValue quantized(LoweringNode node, NdType type) throws NotNativeException {
    LoweredValue in = node.floats(0);
    NdTensor scales = node.required(1, "the scale");
    LoweredValue scale = each(node, "scale", scales, scales, in.dims());
    LoweredValue steps = SumLayers.pair(node, "steps", Elementwise.Operation.DIVIDE, in, scale);
    IntegerFormat format = QuantizeLowering.format(type);
    Optional<NdTensor> zeros = QuantizeLowering.zero(node, 2);
    if (zeros.isPresent()) {
      LoweredValue zero = each(node, "zero", zeros.get(), scales, in.dims());
      LoweredValue whole = number(node, rounded(node, steps, WIDE, NdType.INT32));
      steps = SumLayers.pair(node, "shifted", Elementwise.Operation.ADD, whole, zero);
    }
    return rounded(node, steps, format, type);
  }

  /**
   * Numbers rounded to steps of scales of their own, from a zero point on, as QONNX's Quant does.
   *
   * @param scales broadcast to the numbers
   * @param zeros broadcast to the numbers
   */
  static LoweredValue stepped(LoweringNode node, CodeTarget to, NdTensor scales, NdTensor zeros)
      throws NotNativeException {
    LoweredValue in = node.floats(0);
    LoweredValue scale = broadcast(node, "scale", scales, in.dims());
    LoweredValue steps = SumLayers.pair(node, "steps", Elementwise.Operation.DIVIDE, in, scale);
    boolean shifted = Arrays.stream(zeros.doubles()).anyMatch(zero -> zero != 0);
    if (!shifted) {
      LoweredValue whole = number(node, rounded(node, steps, to));
      return SumLayers.pair(node, "number", Elementwise.Operation.MULTIPLY, whole, scale);
    }
    LoweredValue zero = broadcast(node, "zero", zeros, in.dims());
    steps = SumLayers.pair(node, "shifted", Elementwise.Operation.ADD, steps, zero);
    LoweredValue whole = number(node, rounded(node, steps, to));
    whole = SumLayers.pair(node, "value", Elementwise.Operation.SUBTRACT, whole, zero);
    return SumLayers.pair(node, "number", Elementwise.Operation.MULTIPLY, whole, scale);
  }

  private static LoweredValue broadcast(
      LoweringNode node, String name, NdTensor given, List<Integer> dims)
      throws NotNativeException {
    if (!Places.broadcast(dims, given.dims()).equals(dims)) {
      throw new NotNativeException("a scale or zero point has more dimensions than the value");
    }
    float[] numbers = given.floats();
    int[] places = Places.of(given.dims()).expanded(dims).at();
    float[] all = new float[places.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = numbers[places[i]];
    }
    return NumberLayers.constant(node, name, all, dims);
  }

  private static LoweredValue rounded(
      LoweringNode node, LoweredValue numbers, IntegerFormat format, NdType type) {
    IntegerRange range = IntegerRange.of(format);
    return rounded(
        node,
        numbers,
        new CodeTarget(
            unit(format),
            type,
            Rounding.HALF_EVEN,
            (int) range.min(),
            (int) range.max(),
            Optional.empty()));
  }

  private static LoweredValue rounded(LoweringNode node, LoweredValue numbers, CodeTarget to) {
    TensorType from = node.type(numbers.tensor());
    int made = node.add(to.layer(node.unique(), numbers.tensor(), from));
    return new LoweredValue(made, numbers.dims(), to.type());
  }

  /** Codes of scale 1 as numbers. */
  private static LoweredValue number(LoweringNode node, LoweredValue codes) {
    TensorType type = node.type(codes.tensor());
    TensorType numbers = TensorType.floats(type.channels(), type.height(), type.width());
    int made = node.add(new Dequantize(node.unique("codes"), codes.tensor(), numbers));
    return new LoweredValue(made, codes.dims(), NdType.FLOAT);
  }

  /** A constant with the scale or the zero point of each element. */
  private static LoweredValue each(
      LoweringNode node, String name, NdTensor given, NdTensor scales, List<Integer> dims) {
    long axis = node.attributes().integer("axis", 1);
    long block = node.attributes().integer("block_size", 0);
    float[] numbers = given.floats();
    if (numbers.length == 1) {
      return NumberLayers.constant(node, name, numbers[0]);
    }
    int[] places = QuantizedConstant.places(dims, scales, axis, block);
    float[] all = new float[places.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = numbers[places[i]];
    }
    return NumberLayers.constant(node, name, all, dims);
  }

  private static Quantization unit(IntegerFormat format) {
    return new Quantization(format, 1, 0);
  }

  private static IntegerFormat format(LoweringNode node, LoweredValue in) {
    return node.type(in.tensor()).quantization().format();
  }
}
