package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.tensor.ImageTensor;
import java.util.List;

/**
 * A layer that computes codes without a register: each output column is a function of one input
 * column, in integers, the same bits everywhere. A column is the channels of one position.
 */
public sealed interface CodeFunction extends FunctionLayer
    permits IntegerSoftmax,
        IntegerLogSoftmax,
        WideSoftmax,
        TableSoftmax,
        CodeTable,
        UnitLength,
        IntegerSigmoid {
  /** The tensor read. */
  int input();

  /** The codes that the layer can make. */
  IntegerRange codes();

  /** Replaces the input codes of a column by its output codes. */
  void apply(int[] column);

  @Override
  default IntegerRange codes(List<TensorRange> in) {
    return codes();
  }

  @Override
  default int[] run(List<ImageTensor> in) {
    ImageTensor from = in.getFirst();
    return ImageTensor.fill(
        output(),
        (c, y, x) -> {
          int[] column = from.column(y, x);
          apply(column);
          return column[c];
        });
  }

  @Override
  default List<Integer> inputs() {
    return List.of(input());
  }
}
