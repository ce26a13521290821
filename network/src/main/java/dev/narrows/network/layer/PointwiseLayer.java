package dev.narrows.network.layer;

import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/**
 * A layer whose every output element is a function of the input element at its place. With {@link
 * #apply} and {@link #check} a record of this kind runs, is analysed and verified.
 */
public sealed interface PointwiseLayer extends FunctionLayer
    permits Clamp,
        Rescale,
        Quantize,
        Dequantize,
        Activation,
        ShapedActivation,
        IntegerFunction,
        RoundTo,
        RoundToFloat,
        Store,
        Relabel,
        ScaledCodes,
        RoundedQuantize {
  /** The tensor read. */
  int input();

  /**
   * The output word of an input word.
   *
   * @param from the type of the input
   */
  int apply(TensorType from, int channel, int word);

  @Override
  default List<Integer> inputs() {
    return List.of(input());
  }

  @Override
  default int[] run(List<ImageTensor> in) {
    ImageTensor from = in.getFirst();
    return ImageTensor.fill(output(), (c, y, x) -> apply(from.type(), c, from.word(c, y, x)));
  }
}
