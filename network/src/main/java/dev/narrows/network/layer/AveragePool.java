package dev.narrows.network.layer;

import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/**
 * The sum of (code − zero point) over each window, then requantised: a dot product with weights 1
 * and K = taps of the window. Padding contributes zero, and the divisor is the one inside the
 * requantisation, the same for every window. A window of the tensor's size is global pooling.
 *
 * @param zero what the file's own register sums: codes less zero point, or (TFLite) the codes
 */
public record AveragePool(
    String name,
    int input,
    TensorType output,
    Window window,
    Requantization requantization,
    ZeroPointConvention zero)
    implements SummingLayer {
  /** Our own networks' convention: offset-in. */
  public AveragePool(
      String name, int input, TensorType output, Window window, Requantization requantization) {
    this(name, input, output, window, requantization, ZeroPointConvention.OFFSET);
  }

  @Override
  public List<Integer> inputs() {
    return List.of(input);
  }

  @Override
  public ZeroPointConvention registerZero() {
    return zero;
  }

  @Override
  public boolean isFloat() {
    return false;
  }

  @Override
  public int terms(TensorType first) {
    return terms();
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
    TensorType source = LayerChecks.only(sources);
    LayerChecks.channels(output, source.channels());
    LayerChecks.summable(source);
    LayerChecks.pooled(source, output, window);
    LayerChecks.requantization(requantization, output);
  }
}
