package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/**
 * The larger or smaller of two codes that mean the same.
 *
 * @param least the smaller, not the larger
 */
public record CodeExtremum(String name, int left, int right, TensorType output, boolean least)
    implements CodePair {
  @Override
  public int min() {
    return (int) format().min();
  }

  @Override
  public int max() {
    return (int) format().max();
  }

  private IntegerFormat format() {
    return output.quantization().format();
  }

  @Override
  public int apply(int leftValue, int rightValue) {
    int value = least ? Math.min(leftValue, rightValue) : Math.max(leftValue, rightValue);
    return value + output.quantization().zeroPoint();
  }

  @Override
  public boolean fits(IntegerRange leftValues, IntegerRange rightValues) {
    return true;
  }

  @Override
  public String kind() {
    return least ? "smallerCode" : "largerCode";
  }

  @Override
  public void check(List<TensorType> sources) {
    LayerChecks.two(sources);
    for (TensorType source : sources) {
      LayerChecks.sameShape(source, output);
      LayerChecks.sameKind(source, output);
    }
  }
}
