package dev.narrows.network.layer;

import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.List;

/** Codes as the real numbers they stand for: in binary64, rounded once to binary32. */
public record Dequantize(String name, int input, TensorType output)
    implements FloatFunction, PointwiseLayer {
  /** The number that a code of the input stands for. */
  public static float number(Quantization quantization, int code) {
    return (float) quantization.dequantize(code);
  }

  @Override
  public int apply(TensorType from, int channel, int word) {
    return Words.of(number(from.quantization(), word));
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
