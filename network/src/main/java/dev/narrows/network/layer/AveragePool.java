package dev.narrows.network.layer;

import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.quantize.IntegerMean;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/**
 * The sum of (code − zero point) over each window, then requantised: a dot product with weights 1
 * and K = taps of the window. A window of the tensor's size is global pooling.
 *
 * <p>Padding contributes zero, and the divisor is the one inside the requantisation, the same for
 * every window. Or only what is {@code inside} the image counts: then padding is no term, and the
 * divisor is the number of taps inside.
 *
 * @param zero what the file's own register sums: codes less zero point, or (TFLite) the codes
 * @param inside whether padding is left out of sum and divisor; needs an {@link IntegerMean}
 */
public record AveragePool(
    String name,
    int input,
    TensorType output,
    Window window,
    Requantization requantization,
    ZeroPointConvention zero,
    boolean inside)
    implements SummingLayer {
  /** Every window has the same divisor. */
  public AveragePool(
      String name,
      int input,
      TensorType output,
      Window window,
      Requantization requantization,
      ZeroPointConvention zero) {
    this(name, input, output, window, requantization, zero, false);
  }

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

  /** The requantisation of a window with this many taps inside the image. */
  public Requantization requantization(int taps) {
    return inside && requantization instanceof IntegerMean mean ? mean.of(taps) : requantization;
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
    Checks.require(
        !inside || requantization instanceof IntegerMean,
        "a divisor that changes needs an integer mean, got %s",
        requantization.getClass().getSimpleName());
  }
}
