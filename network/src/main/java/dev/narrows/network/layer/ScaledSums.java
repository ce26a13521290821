package dev.narrows.network.layer;

import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.Arrays;
import java.util.List;

/**
 * Numbers from sums of integers whose scale is known only in the call: (s − zero · correction[c]) ·
 * scale · weight scale[c] + bias[c], the integers in 32 bits that wrap, each other operation
 * rounded to binary32, as TFLite's hybrid kernels have it.
 *
 * @param sums the tensor of sums, which stand for themselves
 * @param scale the tensor of scales of groups of positions ({@link DynamicScale})
 * @param weightScale per channel
 * @param correction per channel what the zero point was multiplied with, the sum of the weights;
 *     empty where the sums have no zero point in them
 * @param bias per channel
 * @param weightScaleFirst whether the sum is multiplied with the weight scale and then the scale;
 *     otherwise with their product
 */
public record ScaledSums(
    String name,
    int sums,
    int scale,
    TensorType output,
    float[] weightScale,
    int[] correction,
    float[] bias,
    boolean weightScaleFirst)
    implements FloatFunction {
  public ScaledSums {
    int channels = output.channels();
    Checks.require(
        weightScale.length == channels && bias.length == channels,
        "need %d scales and biases, got %d and %d",
        channels,
        weightScale.length,
        bias.length);
    Checks.require(
        correction.length == 0 || correction.length == channels,
        "need %d corrections or none, got %d",
        channels,
        correction.length);
    Checks.finite("scales", weightScale);
    Checks.finite("bias values", bias);
  }

  @Override
  public List<Integer> inputs() {
    return List.of(sums, scale);
  }

  @Override
  public int[] run(List<ImageTensor> in) {
    int[] words = in.get(0).words();
    int[] scales = in.get(1).words();
    int groups = in.get(1).type().height();
    int positions = output.positions();
    int[] made = new int[words.length];
    Arrays.setAll(
        made,
        i -> {
          int group = DynamicScale.group(i % positions, positions, groups);
          float zero = Words.number(scales[DynamicScale.ZERO * groups + group]);
          float factor = Words.number(scales[DynamicScale.SCALE * groups + group]);
          return Words.of(number(words[i], i / positions, zero, factor));
        });
    return made;
  }

  private float number(int sum, int channel, float zero, float factor) {
    float exact = correction.length == 0 ? sum : sum - (int) zero * correction[channel];
    float scaled =
        weightScaleFirst
            ? exact * weightScale[channel] * factor
            : exact * (factor * weightScale[channel]);
    return scaled + bias[channel];
  }

  @Override
  public String kind() {
    return "scaledSums";
  }

  @Override
  public void check(List<TensorType> sources) {
    LayerChecks.two(sources);
    Quantization codes = sources.get(0).quantization();
    Checks.require(
        codes.scale() == 1 && codes.zeroPoint() == 0,
        "sums must stand for themselves, got %s",
        codes);
    LayerChecks.floats(output);
    LayerChecks.sameShape(sources.get(0), output);
    DynamicCodes.scales(sources.get(1), output);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ScaledSums that
        && name.equals(that.name)
        && sums == that.sums
        && scale == that.scale
        && output.equals(that.output)
        && Arrays.equals(weightScale, that.weightScale)
        && Arrays.equals(correction, that.correction)
        && Arrays.equals(bias, that.bias)
        && weightScaleFirst == that.weightScaleFirst;
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(weightScale);
  }
}
