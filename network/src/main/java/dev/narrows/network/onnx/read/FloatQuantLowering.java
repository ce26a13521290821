package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.Elementwise.Operation;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.RoundTo;
import dev.narrows.network.layer.RoundToFloat;
import dev.narrows.network.layer.RoundToFloat.Beyond;
import dev.narrows.network.layer.RoundedQuantize.Rounding;
import dev.narrows.network.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * QONNX's FloatQuant: a number over its scale, rounded to a floating-point grid, times the scale;
 * both steps in binary32. A grid that {@link RoundTo} has is read as that.
 *
 * <p>QONNX's executor takes ⌊log₂|x|⌋ of a logarithm in binary32, which is one too large for
 * numbers within some 2^−22 of the power of two above them. Rounding to nearest hides that; the
 * exact exponent is taken here. The executor also makes NaN of an infinite number, which lies
 * beyond the largest here.
 */
final class FloatQuantLowering {
  /** Exponents of binary32, which carries the numbers. */
  private static final int LEAST = -126;

  private static final int GREATEST = 127;

  private FloatQuantLowering() {}

  static void lower(LoweringNode node) throws NotNativeException {
    NdTensor scales = node.required(1, "the scale");
    for (float scale : scales.floats()) {
      if (!(scale > 0) || Float.isInfinite(scale)) {
        throw new NotNativeException("a scale is " + scale);
      }
    }
    RoundToFloat grid = grid(node);
    Optional<NdTensor> constant = node.constant(0);
    if (constant.isPresent()) {
      node.put(0, constant(constant.get(), scales, grid));
      return;
    }
    LoweredValue in = node.floats(0);
    boolean plain = scales.elements() == 1 && scales.floats()[0] == 1;
    if (plain) {
      node.putAs(0, rounded(node, in, grid, node.unique()));
      return;
    }
    LoweredValue scale = NumberLayers.constant(node, "scaling", scales.floats(), scales.dims());
    LoweredValue steps = SumLayers.pair(node, "inSteps", Operation.DIVIDE, in, scale);
    if (!steps.dims().equals(in.dims())) {
      throw new NotNativeException(
          "a scale of %s does not fit numbers of %s".formatted(scales.dims(), in.dims()));
    }
    LoweredValue made = rounded(node, steps, grid, node.unique("rounded"));
    node.putAs(0, SumLayers.pair(node, Operation.MULTIPLY, made, scale, node.unique()));
  }

  /** The grid as a layer that reads nothing yet. */
  private static RoundToFloat grid(LoweringNode node) throws NotNativeException {
    int exponentBits = whole(node, 2, "the exponent's bit width", 1, 8);
    int mantissa = whole(node, 3, "the mantissa's bit width", 0, 23);
    int bias = whole(node, 4, "the exponent's bias", -GREATEST, 1 - LEAST + GREATEST);
    double most = one(node, 5, "the largest number");
    double all = (2 - Math.scalb(1.0, -mantissa)) * Math.scalb(1.0, (1 << exponentBits) - 1 - bias);
    float largest = (float) Math.min(all, most);
    int least = Math.max(LEAST, 1 - bias);
    if (!(largest > 0) || Float.isInfinite(largest) || least > GREATEST) {
      throw new NotNativeException(
          "no layer rounds to numbers of at most %s with a bias of %d".formatted(most, bias));
    }
    Rounding rounding = QonnxLowering.rounding(node);
    return new RoundToFloat(
        "grid", 0, TensorType.floats(1, 1, 1), mantissa, least, largest, rounding, beyond(node));
  }

  private static Beyond beyond(LoweringNode node) throws NotNativeException {
    if (node.attributes().integer("saturation", 1) != 0) {
      return Beyond.LARGEST;
    }
    if (node.attributes().integer("has_inf", 0) != 0) {
      return Beyond.INFINITE;
    }
    if (node.attributes().integer("has_nan", 0) != 0) {
      return Beyond.NAN;
    }
    throw new NotNativeException(
        "it does not saturate and has neither infinities nor NaN for larger numbers");
  }

  private static double one(LoweringNode node, int input, String what) throws NotNativeException {
    NdTensor number = node.required(input, what);
    if (number.elements() != 1) {
      throw new NotNativeException("%s is %s".formatted(what, number.describe()));
    }
    return number.doubles()[0];
  }

  private static int whole(LoweringNode node, int input, String what, int min, int max)
      throws NotNativeException {
    double number = one(node, input, what);
    if (number != Math.rint(number) || number < min || number > max) {
      throw new NotNativeException("%s is %s, expected %d to %d".formatted(what, number, min, max));
    }
    return (int) number;
  }

  private static NdTensor constant(NdTensor numbers, NdTensor scales, RoundToFloat grid)
      throws NotNativeException {
    List<Integer> dims = numbers.dims();
    if (!Places.broadcast(dims, scales.dims()).equals(dims)) {
      throw new NotNativeException(
          "a scale of %s does not fit numbers of %s".formatted(scales.dims(), dims));
    }
    float[] scale = scales.floats();
    int[] places =
        scale.length == 1
            ? new int[numbers.elements()]
            : Places.of(scales.dims()).expanded(dims).at();
    float[] made = numbers.floats().clone();
    for (int i = 0; i < made.length; i++) {
      made[i] = grid.apply(made[i] / scale[places[i]]) * scale[places[i]];
    }
    return NdTensor.of(made, dims.stream().mapToInt(dim -> dim).toArray());
  }

  private static LoweredValue rounded(
      LoweringNode node, LoweredValue in, RoundToFloat grid, String name) {
    TensorType type = node.type(in.tensor());
    Optional<RoundTo.RoundingGrid> known = known(grid);
    Layer layer =
        known.isPresent()
            ? new RoundTo(name, in.tensor(), type, known.get(), grid.beyond() == Beyond.LARGEST)
            : new RoundToFloat(
                name,
                in.tensor(),
                type,
                grid.mantissa(),
                grid.leastExponent(),
                grid.largest(),
                grid.rounding(),
                grid.beyond());
    return new LoweredValue(node.add(layer), in.dims(), NdType.FLOAT);
  }

  /** The type whose numbers a grid's are, by the same rounding. */
  private static Optional<RoundTo.RoundingGrid> known(RoundToFloat grid) {
    for (RoundTo.RoundingGrid type :
        List.of(
            RoundTo.RoundingGrid.FLOAT16,
            RoundTo.RoundingGrid.BFLOAT16,
            RoundTo.RoundingGrid.FLOAT8E4M3FN,
            RoundTo.RoundingGrid.FLOAT8E5M2)) {
      boolean same =
          grid.rounding() == Rounding.HALF_EVEN
              && grid.mantissa() == type.mantissa()
              && grid.leastExponent() == type.leastExponent()
              && grid.largest() == type.largest()
              && (grid.beyond() == Beyond.LARGEST
                  || grid.beyond() == (type.infinite() ? Beyond.INFINITE : Beyond.NAN));
      if (same) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
