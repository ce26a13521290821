package dev.narrows.network;

import java.util.List;

/**
 * The mean of each window, padding left out of sum and divisor: the elements are added in binary64
 * by ascending row and column, divided by their number and rounded once to binary32.
 */
public record MeanPool(String name, int input, TensorType output, Window window)
    implements RealLayer {
  @Override
  public List<Integer> inputs() {
    return List.of(input);
  }

  @Override
  public String kind() {
    return "meanPool";
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = Checks.only(sources);
    Checks.real(source);
    Checks.real(output);
    Checks.channels(output, source.channels());
    Checks.pooled(source, output, window);
  }
}
