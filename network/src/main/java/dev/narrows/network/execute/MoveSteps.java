package dev.narrows.network.execute;

import dev.narrows.network.layer.ChannelPad;
import dev.narrows.network.layer.Clamp;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rescale;
import dev.narrows.network.layer.Subsample;
import dev.narrows.network.tensor.TensorType;
import java.util.Arrays;

/** Layers that take each output element from one input element. */
final class MoveSteps {
  private MoveSteps() {}

  static Step of(int index, Clamp clamp) {
    int elements = clamp.output().elements();
    int min = clamp.min();
    int max = clamp.max();
    return (workspace, tensors, batch) -> {
      int[] in = tensors[clamp.input()];
      int[] out = tensors[index];
      for (int i = 0; i < elements * batch; i++) {
        out[i] = Math.max(min, Math.min(max, in[i]));
      }
    };
  }

  static Step of(int index, Rescale rescale, TensorType from) {
    int zero = from.quantization().zeroPoint();
    return (workspace, tensors, batch) -> {
      int count = from.positions() * batch;
      for (int c = 0; c < from.channels(); c++) {
        Requantizer.apply(
            rescale.requantization(),
            c,
            tensors[rescale.input()],
            c * count,
            -(long) zero,
            tensors[index],
            c * count,
            count);
      }
    };
  }

  static Step of(int index, Subsample sub, TensorType from) {
    TensorType to = sub.output();
    return (workspace, tensors, batch) -> {
      int[] in = tensors[sub.input()];
      int[] out = tensors[index];
      int next = 0;
      for (int c = 0; c < to.channels(); c++) {
        for (int y = 0; y < to.height(); y++) {
          int row = (c * from.height() + y * sub.strideHeight()) * from.width();
          for (int x = 0; x < to.width(); x++) {
            System.arraycopy(in, (row + x * sub.strideWidth()) * batch, out, next, batch);
            next += batch;
          }
        }
      }
    };
  }

  static Step of(int index, ChannelPad pad, TensorType from) {
    int zero = from.zeroWord();
    return (workspace, tensors, batch) -> {
      int[] out = tensors[index];
      int before = pad.before() * from.positions() * batch;
      int inside = from.elements() * batch;
      Arrays.fill(out, 0, before, zero);
      System.arraycopy(tensors[pad.input()], 0, out, before, inside);
      Arrays.fill(out, before + inside, pad.output().elements() * batch, zero);
    };
  }

  /** Elements in their own order: mostly the input's own buffer, where there is nothing to do. */
  static Step kept(int index, Rearrange moved) {
    int elements = moved.output().elements();
    return (workspace, tensors, batch) -> {
      int[] in = tensors[moved.inputs().getFirst()];
      if (in != tensors[index]) {
        System.arraycopy(in, 0, tensors[index], 0, elements * batch);
      }
    };
  }
}
