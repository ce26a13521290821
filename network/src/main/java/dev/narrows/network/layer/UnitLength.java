package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/**
 * TFLite's L2_NORMALIZATION of 8-bit codes: the channels of a position divided by their length, in
 * 32-bit fixed point. The output's scale is 1/128, real zero in the middle of its codes.
 *
 * @param zero the input's zero point
 */
public record UnitLength(String name, int input, TensorType output, int zero)
    implements CodeFunction {
  private static final int OUTPUT_SHIFT = 7;
  private static final int MOST_CHANNELS = 1 << 15; // squares of 16 bits in a sum of 31

  @Override
  public IntegerRange codes() {
    return IntegerRange.of(output.quantization().format());
  }

  @Override
  public void apply(int[] column) {
    int squares = 0;
    for (int code : column) {
      squares += (code - zero) * (code - zero);
    }
    InverseRoot root = InverseRoot.of(squares);
    IntegerFormat format = output.quantization().format();
    for (int c = 0; c < column.length; c++) {
      int value = column[c] - zero;
      // signed codes are scaled by one shift, unsigned ones before the multiplication
      int scaled =
          format.signed()
              ? new FixedPoint(root.multiplier(), root.shift() + OUTPUT_SHIFT).multiply(value)
              : new FixedPoint(root.multiplier(), root.shift()).multiply(value << OUTPUT_SHIFT);
      column[c] = (int) format.clamp(scaled + output.quantization().zeroPoint());
    }
  }

  @Override
  public String kind() {
    return "unitLength";
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = LayerChecks.only(sources);
    LayerChecks.sameShape(source, output);
    Checks.require(
        source.quantization().format().bits() == 8
            && source.quantization().format().equals(output.quantization().format())
            && source.quantization().zeroPoint() == zero,
        "takes and makes codes of 8 bits, the zero point %d, got %s to %s",
        zero,
        source.quantization(),
        output.quantization());
    Checks.require(
        source.channels() <= MOST_CHANNELS,
        "takes at most %d channels, got %d",
        MOST_CHANNELS,
        source.channels());
  }
}
