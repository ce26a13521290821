package dev.narrows.network.onnx.read;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.CodeTable;
import dev.narrows.network.layer.Dequantize;
import dev.narrows.network.layer.Relabel;
import dev.narrows.network.layer.ScaledCodes;
import dev.narrows.network.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * QuantizeLinear and DequantizeLinear. The codes of a value that a DequantizeLinear reads stay what
 * they are until something wants numbers; a QuantizeLinear of such a value takes them back.
 */
final class QuantizeLowering {
  static final Map<String, NodeLowering> ALL =
      Map.of(
          "QuantizeLinear", QuantizeLowering::quantize,
          "DequantizeLinear", QuantizeLowering::dequantize,
          "com.microsoft.QuantizeLinear", QuantizeLowering::quantize,
          "com.microsoft.DequantizeLinear", QuantizeLowering::dequantize);

  private QuantizeLowering() {}

  private static void quantize(LoweringNode node) throws NotNativeException {
    NdType type = type(node);
    if (FloatCodes.holds(type)) {
      FloatCodes.quantize(node, type);
      return;
    }
    NdTensor scales = node.required(1, "the scale");
    IntegerFormat format = format(type);
    if (node.constant(0).isPresent()) {
      node.put(0, codes(node, node.constant(0).get(), scales, type));
      return;
    }
    if (scales.elements() != 1) {
      node.put(0, ChannelCodes.quantized(node, type));
      return;
    }
    Quantization quantization = quantization(scales, zero(node, 2), format);
    node.put(0, codes(node, node.node().input(0), CodeTarget.linear(quantization, type)));
  }

  /** The codes of a value, by the fewest layers there are. */
  static LoweredValue codes(LoweringNode node, String name, CodeTarget to)
      throws NotNativeException {
    Optional<Deferred> waiting = node.graph().deferred(name);
    if (waiting.isPresent()) {
      Optional<LoweredValue> made = waiting.get().quantized(to, List.of());
      if (made.isPresent()) {
        return made.get();
      }
    }
    LoweredValue in = node.graph().value(name);
    TensorType from = node.type(in.tensor());
    if (in.dequantized()) {
      Quantization own = from.quantization();
      if (own.equals(to.quantization())
          && to.min() <= own.format().min()
          && to.max() >= own.format().max()) {
        return to.value(in.tensor(), in.dims());
      }
      if (own.format().bits() <= 8) {
        return to.value(table(node, in, own, to), in.dims());
      }
    }
    LoweredValue numbers = node.graph().floats(name);
    TensorType type = node.type(numbers.tensor());
    int tensor = node.add(to.layer(node.unique(), numbers.tensor(), type));
    return to.value(tensor, numbers.dims());
  }

  /** Codes of one quantisation to those of another, code by code. */
  static int table(LoweringNode node, LoweredValue in, Quantization own, CodeTarget to) {
    TensorType from = node.type(in.tensor());
    int least = (int) own.format().min();
    IntegerRange held = node.graph().clamped(in.tensor()).orElse(IntegerRange.of(own.format()));
    int[] table = new int[1 << own.format().bits()];
    Arrays.setAll(
        table,
        i -> {
          long code = Math.clamp((long) least + i, held.min(), held.max()); // others do not occur
          return to.code(Dequantize.number(own, (int) code));
        });
    TensorType made =
        new TensorType(from.channels(), from.height(), from.width(), to.quantization());
    return node.add(new CodeTable(node.unique(), in.tensor(), made, own.format().signed(), table));
  }

  private static void dequantize(LoweringNode node) throws NotNativeException {
    if (QuantizedConstants.put(node)) {
      return;
    }
    LoweredValue in = node.value(0);
    if (FloatCodes.holds(in.type())) {
      FloatCodes.dequantize(node);
      return;
    }
    NdTensor scales = node.required(1, "the scale");
    Optional<NdTensor> zeros = zero(node, 2);
    if (in.dequantized() || node.type(in.tensor()).isFloat()) {
      throw new NotNativeException("dequantises " + in.type());
    }
    if (scales.elements() == 1 && in.type().bits() <= 16) {
      IntegerFormat format = node.type(in.tensor()).quantization().format();
      Quantization read = quantization(scales, zeros, format);
      node.put(0, new LoweredValue(labelled(node, in, read), in.dims(), NdType.FLOAT, true));
      return;
    }
    boolean shifted =
        zeros.isPresent() && Arrays.stream(zeros.get().integers()).anyMatch(zero -> zero != 0);
    node.put(
        0,
        scales.elements() == 1 && !shifted
            ? scaled(node, in, scales)
            : ChannelCodes.dequantized(node, in));
  }

  /** Codes of 32 bits. */
  private static LoweredValue scaled(LoweringNode node, LoweredValue in, NdTensor scales) {
    IntegerFormat format = node.type(in.tensor()).quantization().format();
    int from = labelled(node, in, new Quantization(format, 1, 0));
    TensorType type = node.type(from);
    TensorType to = TensorType.floats(type.channels(), type.height(), type.width());
    int made = node.add(new ScaledCodes(node.unique(), from, to, scales.floats(), new float[0]));
    return new LoweredValue(made, in.dims(), NdType.FLOAT);
  }

  /** The tensor of a value, read by a quantisation: a layer where it is another one. */
  static int labelled(LoweringNode node, LoweredValue in, Quantization read) {
    TensorType type = node.type(in.tensor());
    return type.quantization().equals(read)
        ? in.tensor()
        : node.add(new Relabel(node.unique("codes"), in.tensor(), labelled(type, read)));
  }

  private static TensorType labelled(TensorType type, Quantization read) {
    return new TensorType(type.channels(), type.height(), type.width(), read);
  }

  private static long axis(LoweringNode node) {
    return node.attributes().integer("axis", 1);
  }

  private static long block(LoweringNode node) {
    return node.attributes().integer("block_size", 0);
  }

  /** A constant quantised: codes of its numbers. */
  private static NdTensor codes(LoweringNode node, NdTensor numbers, NdTensor scales, NdType type)
      throws NotNativeException {
    int[] places =
        scales.elements() == 1
            ? new int[numbers.elements()]
            : QuantizedConstant.places(numbers.dims(), scales, axis(node), block(node));
    Optional<NdTensor> zeros = zero(node, 2);
    float[] given = numbers.floats();
    float[] scale = scales.floats();
    long[] codes = new long[given.length];
    IntegerFormat format = format(type);
    for (int i = 0; i < codes.length; i++) {
      long zero =
          zeros.isEmpty() ? 0 : zeros.get().integers()[zeros.get().elements() == 1 ? 0 : places[i]];
      Quantization each = new Quantization(format, scale[places[i]], Axes.word(zero));
      codes[i] = CodeTarget.linear(each, type).code(given[i]);
    }
    return NdTensor.ofIntegers(type, codes, numbers.dims());
  }

  /** The zero point, if the node gives one. */
  static Optional<NdTensor> zero(LoweringNode node, int input) throws NotNativeException {
    return node.has(input) ? Optional.of(node.required(input, "the zero point")) : Optional.empty();
  }

  /** How codes read that have one scale. */
  static Quantization quantization(NdTensor scale, Optional<NdTensor> zero, IntegerFormat format)
      throws NotNativeException {
    float number = scale.floats()[0];
    if (!(number > 0) || Float.isInfinite(number)) {
      throw new NotNativeException("the scale is " + number);
    }
    int zeroPoint = zero.isPresent() ? Axes.word(zero.get().integers()[0]) : 0;
    return new Quantization(format, number, zeroPoint);
  }

  private static NdType type(LoweringNode node) throws NotNativeException {
    int wanted = node.attributes().int32("output_dtype", 0);
    Optional<NdTensor> zero = zero(node, 2);
    if (zero.isPresent()) {
      return zero.get().type();
    }
    return wanted == 0
        ? NdType.UINT8
        : NdType.of(wanted)
            .orElseThrow(() -> new IllegalArgumentException("no element type " + wanted));
  }

  static IntegerFormat format(NdType type) throws NotNativeException {
    if (!type.isInteger() || type.bits() > 32) {
      throw new NotNativeException("no layer quantises to " + type);
    }
    return new IntegerFormat(type.bits(), type.isSigned());
  }
}
