package dev.narrows.network.layer;

import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.List;

/**
 * Real numbers to the output's codes, as TFLite has it: divided by the scale in binary32, rounded
 * half away from zero, plus the zero point, clamped. NaN, which TFLite leaves undefined, becomes
 * the zero point.
 */
public record Quantize(String name, int input, TensorType output) implements PointwiseLayer {
  /** The code of a number. */
  public int code(float real) {
    Quantization quantization = output.quantization();
    double steps = real / (float) quantization.scale();
    double rounded = Math.floor(Math.abs(steps) + 0.5); // a binary32 and a half fit binary64
    long code = (long) Math.copySign(rounded, steps);
    long bounded = Math.clamp(code, Integer.MIN_VALUE, Integer.MAX_VALUE);
    return (int) quantization.format().clamp(bounded + quantization.zeroPoint());
  }

  @Override
  public int apply(TensorType from, int channel, int word) {
    return code(Words.number(word));
  }

  @Override
  public String kind() {
    return "quantize";
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = LayerChecks.only(sources);
    LayerChecks.floats(source);
    LayerChecks.sameShape(source, output);
    output.quantization();
  }
}
