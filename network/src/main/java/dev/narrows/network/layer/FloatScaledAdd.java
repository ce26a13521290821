package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/**
 * The sum of two tensors of codes as ONNX Runtime's QLinearAdd has it on x86-64: code = a·leftRatio
 * + (b·rightRatio + offset), rounded half to even and clamped to [min, max]. a and b are stored
 * codes; each product and addition is one fused step of binary32.
 *
 * @param leftRatio left scale / output scale; finite and not negative
 * @param rightRatio right scale / output scale; finite and not negative
 * @param leftZero the left tensor's zero point
 * @param rightZero the right tensor's zero point
 * @param min at least the output format's smallest code
 * @param max at most the output format's largest code
 * @see <a
 *     href="https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md">QLinearAdd</a>
 */
public record FloatScaledAdd(
    String name,
    int left,
    int right,
    TensorType output,
    float leftRatio,
    float rightRatio,
    int leftZero,
    int rightZero,
    int min,
    int max)
    implements CodePair {
  public FloatScaledAdd {
    LayerChecks.range(output, min, max);
    LayerChecks.ratio(leftRatio);
    LayerChecks.ratio(rightRatio);
  }

  /** What is left of a sum of zero points: the output's less those of the inputs, in binary32. */
  public float offset() {
    return output.quantization().zeroPoint() - (leftRatio * leftZero + rightRatio * rightZero);
  }

  @Override
  public int apply(int leftValue, int rightValue) {
    float right = Math.fma((float) (rightValue + rightZero), rightRatio, offset());
    double sum = Math.fma((float) (leftValue + leftZero), leftRatio, right);
    return (int) Math.clamp(Math.rint(sum), (double) min, (double) max);
  }

  /** Always: binary32 holds what is computed of codes of 16 bits, and is monotone. */
  @Override
  public boolean fits(IntegerRange leftValues, IntegerRange rightValues) {
    return true;
  }

  @Override
  public String kind() {
    return "floatScaledAdd";
  }

  @Override
  public void check(List<TensorType> sources) {
    LayerChecks.floatScaled(sources, output);
    Checks.require(
        sources.get(0).quantization().zeroPoint() == leftZero
            && sources.get(1).quantization().zeroPoint() == rightZero,
        "zero points must be the inputs', got %d and %d",
        leftZero,
        rightZero);
  }
}
