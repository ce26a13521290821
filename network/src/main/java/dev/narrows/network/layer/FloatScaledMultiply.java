package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/**
 * The product of two tensors of codes as ONNX Runtime's QLinearMul has it on x86-64: the integer
 * product of the values (codes less zero points) times a ratio plus the output's zero point, each
 * step rounded to binary32, then rounded half to even and clamped to [min, max].
 *
 * @param ratio left scale · right scale / output scale; finite and not negative
 * @param min at least the output format's smallest code
 * @param max at most the output format's largest code
 * @see <a
 *     href="https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md">QLinearMul</a>
 */
public record FloatScaledMultiply(
    String name, int left, int right, TensorType output, float ratio, int min, int max)
    implements CodePair {
  public FloatScaledMultiply {
    LayerChecks.range(output, min, max);
    LayerChecks.ratio(ratio);
  }

  @Override
  public int apply(int leftValue, int rightValue) {
    float scaled = (float) ((long) leftValue * rightValue) * ratio;
    double code = scaled + output.quantization().zeroPoint();
    return (int) Math.clamp(Math.rint(code), (double) min, (double) max);
  }

  /** Always: binary32 holds what is computed of codes of 16 bits, and is monotone. */
  @Override
  public boolean fits(IntegerRange leftValues, IntegerRange rightValues) {
    return true;
  }

  @Override
  public String kind() {
    return "floatScaledMultiply";
  }

  @Override
  public void check(List<TensorType> sources) {
    LayerChecks.floatScaled(sources, output);
  }
}
