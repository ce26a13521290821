package dev.narrows.network.onnx.read;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.Choose;
import dev.narrows.network.layer.Clamp;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.IntegerElementwise;
import dev.narrows.network.layer.IntegerElementwise.IntegerOperation;
import dev.narrows.network.layer.IntegerFunction;
import dev.narrows.network.layer.Relabel;
import dev.narrows.network.layer.RoundedQuantize;
import dev.narrows.network.layer.RoundedQuantize.Rounding;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/**
 * Codes whose scale and zero point are computed while a network runs. Their dot products are of the
 * codes less the zero point, which is what registers sum; the zero point itself is in no tensor's
 * type.
 *
 * @param codes unsigned, of 8 bits
 * @param scale one number
 * @param zero one code
 */
record ComputedCodes(LoweredValue codes, LoweredValue scale, LoweredValue zero) {
  private static final int MOST = 255;

  /** Room for a code less another, or a number of steps before it is clipped. */
  private static final Quantization WIDE = new Quantization(IntegerFormat.signed(10), 1, 0);

  /**
   * DynamicQuantizeLinear: scale = (max − min) / 255 with 0 among the numbers, 1 where all are 0;
   * zero point = −min / scale, rounded half to even; each step in binary32.
   */
  static ComputedCodes of(LoweringNode node, LoweredValue x) throws NotNativeException {
    int[] all = Axes.all(x.rank());
    LoweredValue none = NumberLayers.constant(node, "none", 0);
    LoweredValue least =
        pair(node, "least", Elementwise.Operation.MINIMUM, one(node, "min", x, all, true), none);
    LoweredValue most =
        pair(node, "most", Elementwise.Operation.MAXIMUM, one(node, "max", x, all, false), none);
    LoweredValue span = pair(node, "span", Elementwise.Operation.SUBTRACT, most, least);
    LoweredValue steps = NumberLayers.constant(node, "steps", MOST);
    LoweredValue whole = pair(node, "whole", Elementwise.Operation.DIVIDE, span, steps);
    LoweredValue flat = pair(node, "flat", Elementwise.Operation.EQUAL, span, none);
    LoweredValue unit = NumberLayers.constant(node, "unit", 1);
    TensorType number = TensorType.floats(1, 1, 1);
    int chosen =
        node.add(
            new Choose(node.unique("scale"), flat.tensor(), unit.tensor(), whole.tensor(), number));
    LoweredValue scale = new LoweredValue(chosen, List.of(), NdType.FLOAT);
    LoweredValue below = pair(node, "below", Elementwise.Operation.DIVIDE, least, scale);
    LoweredValue above = pair(node, "above", Elementwise.Operation.SUBTRACT, none, below);
    LoweredValue zero = rounded(node, "zero", above, unsigned(), 0, MOST, NdType.UINT8);
    LoweredValue in = pair(node, "inSteps", Elementwise.Operation.DIVIDE, x, scale);
    LoweredValue near = rounded(node, "rounded", in, WIDE, -MOST, MOST, NdType.INT16);
    LoweredValue wide = sum(node, "codes", IntegerOperation.ADD, near, zero);
    TensorType type = node.type(wide.tensor());
    int clipped = node.add(new Clamp(node.unique("clip"), wide.tensor(), type, 0, MOST));
    int made =
        node.add(
            new IntegerFunction(
                node.unique(),
                clipped,
                new TensorType(type.channels(), type.height(), type.width(), unsigned()),
                IntegerFunction.IntegerRule.KEEP,
                true));
    return new ComputedCodes(new LoweredValue(made, x.dims(), NdType.UINT8), scale, zero);
  }

  private static Quantization unsigned() {
    return new Quantization(IntegerFormat.unsigned(8), 1, 0);
  }

  private static LoweredValue one(
      LoweringNode node, String name, LoweredValue x, int[] axes, boolean least) {
    LoweredValue found = SpanLayers.extremum(node, node.unique(name), x, axes, least);
    return MoveLayers.shaped(found, List.of());
  }

  private static LoweredValue pair(
      LoweringNode node,
      String name,
      Elementwise.Operation operation,
      LoweredValue left,
      LoweredValue right) {
    return SumLayers.pair(node, name, operation, left, right);
  }

  private static LoweredValue rounded(
      LoweringNode node,
      String name,
      LoweredValue in,
      Quantization to,
      int min,
      int max,
      NdType type) {
    TensorType from = node.type(in.tensor());
    TensorType made = new TensorType(from.channels(), from.height(), from.width(), to);
    int tensor =
        node.add(
            new RoundedQuantize(
                node.unique(name), in.tensor(), made, Rounding.HALF_EVEN, false, min, max));
    return new LoweredValue(tensor, in.dims(), type);
  }

  /** Codes and one code, added or subtracted, with room for the result. */
  private static LoweredValue sum(
      LoweringNode node,
      String name,
      IntegerOperation operation,
      LoweredValue codes,
      LoweredValue one) {
    LoweredValue each = MoveLayers.expanded(node, one, codes.dims());
    TensorType made = new TensorType(codes.elements(), 1, 1, WIDE);
    int tensor =
        node.add(
            new IntegerElementwise(
                node.unique(name),
                SumLayers.flat(node, codes),
                SumLayers.flat(node, each),
                made,
                operation,
                true));
    return new LoweredValue(tensor, codes.dims(), NdType.INT16);
  }

  /** The codes less their zero point: what is multiplied. */
  LoweredValue values(LoweringNode node) {
    return values(node, codes, zero);
  }

  /** Codes of 8 bits less a zero point that is computed too. */
  static LoweredValue values(LoweringNode node, LoweredValue codes, LoweredValue zero) {
    return sum(node, "values", IntegerOperation.SUBTRACT, plain(node, codes), plain(node, zero));
  }

  /** Codes of scale 1 and zero point 0, whatever they stand for. */
  private static LoweredValue plain(LoweringNode node, LoweredValue codes) {
    TensorType type = node.type(codes.tensor());
    Quantization read = new Quantization(type.quantization().format(), 1, 0);
    return type.quantization().equals(read)
        ? codes
        : new LoweredValue(
            node.add(
                new Relabel(
                    node.unique("plain"),
                    codes.tensor(),
                    new TensorType(type.channels(), type.height(), type.width(), read))),
            codes.dims(),
            codes.type());
  }
}
