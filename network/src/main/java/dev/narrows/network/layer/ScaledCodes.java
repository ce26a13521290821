package dev.narrows.network.layer;

import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.Arrays;
import java.util.List;

/**
 * Codes as real numbers, channel by channel: code − zero point, rounded to binary32, times the
 * channel's scale, plus its offset, each step in binary32. So ONNX's DequantizeLinear reads sums of
 * 32 bits, and codes with a scale a channel. Unlike {@link Dequantize} it takes no account of the
 * input's own scale.
 *
 * @param scales [C] or [1]; finite
 * @param offsets [C], or empty for none; finite
 */
public record ScaledCodes(
    String name, int input, TensorType output, float[] scales, float[] offsets)
    implements FloatFunction, PointwiseLayer {
  public ScaledCodes {
    Checks.require(
        scales.length == 1 || scales.length == output.channels(),
        "need 1 or %d scales, got %d",
        output.channels(),
        scales.length);
    Checks.require(
        offsets.length == 0 || offsets.length == output.channels(),
        "need %d offsets or none, got %d",
        output.channels(),
        offsets.length);
    Checks.finite("scales", scales);
    Checks.finite("offsets", offsets);
  }

  @Override
  public int apply(TensorType from, int channel, int word) {
    long value = (long) word - from.quantization().zeroPoint();
    float number = value * scales[scales.length == 1 ? 0 : channel];
    return Words.of(offsets.length == 0 ? number : number + offsets[channel]);
  }

  @Override
  public String kind() {
    return "scaledCodes";
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = LayerChecks.only(sources);
    source.quantization();
    LayerChecks.floats(output);
    LayerChecks.sameShape(source, output);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ScaledCodes that
        && name.equals(that.name)
        && input == that.input
        && output.equals(that.output)
        && Arrays.equals(scales, that.scales)
        && Arrays.equals(offsets, that.offsets);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(scales);
  }
}
