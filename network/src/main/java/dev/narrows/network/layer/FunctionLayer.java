package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.tensor.ImageTensor;
import java.util.List;

/** A layer without a register: its output is a function of its inputs, the same in every run. */
public sealed interface FunctionLayer extends Layer
    permits FloatFunction,
        PointwiseLayer,
        CodeFunction,
        CodePair,
        DynamicCodes,
        Constant,
        MaxPool,
        Extremum,
        ExtremumIndex,
        Choose,
        Resize,
        Subsample,
        ChannelPad,
        Flatten,
        MovingLayer,
        TakeAlong,
        TopIndex,
        RunningSum,
        IntegerElementwise {
  /**
   * The words of the output, [C][H][W], before floats are rounded to the format they are stored in.
   * Plain code: a faster step must give the same bits, and a layer without one runs by this.
   *
   * @param in one image's tensors, as {@link #inputs()} lists them
   */
  int[] run(List<ImageTensor> in);

  /**
   * Codes that hold all it can make of inputs in these ranges; not asked of layers that make
   * floats. Without better knowledge: all codes of the output's format.
   *
   * @param in as {@link #inputs()} lists them
   */
  default IntegerRange codes(List<TensorRange> in) {
    return IntegerRange.of(output().quantization().format());
  }
}
