package dev.narrows.network.execute;

import dev.narrows.network.layer.CodeFunction;
import dev.narrows.network.layer.CodePair;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.FunctionLayer;
import dev.narrows.network.tensor.TensorType;
import java.util.Arrays;
import java.util.List;

/** Layers that move elements freely, and functions of codes; tensors are [C][H][W][batch]. */
final class CodeSteps {
  private CodeSteps() {}

  static Step of(int index, CodeFunction function) {
    TensorType type = function.output();
    int stride = type.positions();
    return (workspace, tensors, batch) -> {
      int[] in = tensors[function.input()];
      int[] out = tensors[index];
      int[] column = new int[type.channels()];
      for (int i = 0; i < stride * batch; i++) {
        for (int c = 0; c < column.length; c++) {
          column[c] = in[c * stride * batch + i];
        }
        function.apply(column);
        for (int c = 0; c < column.length; c++) {
          out[c * stride * batch + i] = column[c];
        }
      }
    };
  }

  static Step of(int index, CodePair pair, TensorType left, TensorType right) {
    int elements = pair.output().elements();
    int leftZero = left.quantization().zeroPoint();
    int rightZero = right.quantization().zeroPoint();
    return (workspace, tensors, batch) -> {
      int[] a = tensors[pair.left()];
      int[] b = tensors[pair.right()];
      int[] out = tensors[index];
      for (int i = 0; i < elements * batch; i++) {
        out[i] = pair.apply(a[i] - leftZero, b[i] - rightZero);
      }
    };
  }

  static Step of(int index, Constant constant) {
    int[] words = constant.words();
    return (workspace, tensors, batch) -> {
      for (int e = 0; e < words.length; e++) {
        Arrays.fill(tensors[index], e * batch, (e + 1) * batch, words[e]);
      }
    };
  }

  /**
   * Elements that come from these places of the inputs, one after the other.
   *
   * @param places −1 for real zero
   */
  static Step moved(int index, FunctionLayer moved, int[] places, List<TensorType> sources) {
    int[] starts = new int[moved.inputs().size()]; // of each input in the row of all
    for (int i = 1; i < starts.length; i++) {
      starts[i] = starts[i - 1] + sources.get(i - 1).elements();
    }
    int zero = sources.getFirst().zeroWord();
    return (workspace, tensors, batch) -> {
      int[] out = tensors[index];
      for (int e = 0; e < places.length; e++) {
        if (places[e] < 0) {
          Arrays.fill(out, e * batch, (e + 1) * batch, zero);
        } else {
          int input = starts.length - 1;
          while (places[e] < starts[input]) {
            input--;
          }
          int[] in = tensors[moved.inputs().get(input)];
          System.arraycopy(in, (places[e] - starts[input]) * batch, out, e * batch, batch);
        }
      }
    };
  }
}
