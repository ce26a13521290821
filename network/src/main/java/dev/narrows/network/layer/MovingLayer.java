package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import java.util.Arrays;
import java.util.List;

/**
 * A layer that moves, repeats or leaves out elements, but changes none: each output element is one
 * input element or real zero.
 */
public sealed interface MovingLayer extends FunctionLayer permits Rearrange, Pick {
  /**
   * [C][H][W]: where each output element comes from in the row of the inputs, which are laid one
   * after the other, each [C][H][W]; −1 for real zero.
   */
  int[] places();

  /** Whether some output elements are real zero. */
  boolean padded();

  @Override
  default int[] run(List<ImageTensor> in) {
    int[] row = in.stream().flatMapToInt(input -> Arrays.stream(input.words())).toArray();
    int zero = in.getFirst().type().zeroWord();
    return Arrays.stream(places()).map(place -> place < 0 ? zero : row[place]).toArray();
  }

  @Override
  default IntegerRange codes(List<TensorRange> in) {
    IntegerRange all = padded() ? in.getFirst().padded() : in.getFirst().codes();
    for (TensorRange input : in) {
      all = all.union(input.codes());
    }
    return all;
  }

  /**
   * The number of elements in the row of inputs.
   *
   * @throws IllegalArgumentException if there are no inputs, or one is of another kind than the
   *     output
   */
  static long available(List<TensorType> sources, TensorType output) {
    Checks.require(!sources.isEmpty(), "needs an input");
    long available = 0;
    for (TensorType source : sources) {
      LayerChecks.sameKind(source, output);
      available += source.elements();
    }
    return available;
  }
}
