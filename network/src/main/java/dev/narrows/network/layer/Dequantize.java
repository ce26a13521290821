package dev.narrows.network.layer;

import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/** Codes as the real numbers they stand for: in binary64, rounded once to binary32. */
public record Dequantize(String name, int input, TensorType output) implements FloatLayer {
  /** The number that a code of the input stands for. */
  public static float number(Quantization quantization, int code) {
    return (float) quantization.dequantize(code);
  }

  @Override
  public List<Integer> inputs() {
    return List.of(input);
  }

  @Override
  public String kind() {
    return "dequantize";
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = LayerChecks.only(sources);
    source.quantization();
    LayerChecks.floats(output);
    LayerChecks.sameShape(source, output);
  }
}
