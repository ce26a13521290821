package dev.narrows.network;

import dev.narrows.core.quantize.Requantization;
import java.util.List;

/**
 * The sum of (code − zero point) over each window, then requantised: a dot product with weights 1
 * and K = taps of the window. Padding contributes zero, and the divisor is the one inside the
 * requantisation, the same for every window. A window of the tensor's size is global pooling.
 */
public record AveragePool(
    String name, int input, TensorType output, Window window, Requantization requantization)
    implements Layer {
  @Override
  public List<Integer> inputs() {
    return List.of(input);
  }

  @Override
  public String kind() {
    return "averagePool";
  }

  /** K, the number of terms of each sum. */
  public int terms() {
    return window.taps();
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = Checks.only(sources);
    Checks.channels(output, source.channels());
    Checks.summable(source);
    Checks.pooled(source, output, window);
    Checks.requantization(requantization, output);
  }
}
