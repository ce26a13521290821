package dev.narrows.network.onnx.write;

import dev.narrows.network.Network;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.InputLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.Pick;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.TakeAlong;
import java.util.Arrays;

/**
 * The batch of each tensor: any number of images, but one where it is the same for all of them.
 *
 * @param sizes by tensor
 */
record BatchSizes(long[] sizes) {
  /**
   * The batches of a network's tensors. All are 1 if it keeps a state, or if a layer joins a
   * constant with what the images make, as then a batch would have to repeat the constant.
   */
  static BatchSizes of(Network network) {
    long[] sizes = new long[network.tensors()];
    sizes[0] = OnnxValue.ANY;
    boolean one = !network.states().isEmpty();
    for (int i = 0; i < network.layers().size(); i++) {
      Layer layer = network.layers().get(i);
      long size = layer instanceof InputLayer ? OnnxValue.ANY : 1;
      for (int input : layer.inputs()) {
        size = Math.min(size, sizes[input]); // ANY is the least
      }
      for (int input : layer.inputs()) {
        one |= size == OnnxValue.ANY && sizes[input] == 1 && moves(layer);
      }
      sizes[i + 1] = layer instanceof Constant ? 1 : size;
    }
    one |= sizes[sizes.length - 1] == 1;
    if (one) {
      Arrays.fill(sizes, 1);
    }
    return new BatchSizes(sizes);
  }

  private static boolean moves(Layer layer) {
    return layer instanceof Rearrange || layer instanceof Pick || layer instanceof TakeAlong;
  }

  long size(int tensor) {
    return sizes[tensor];
  }
}
