package dev.narrows.network.onnx.edit;

import java.util.Optional;

/**
 * Where the constants of a layer lie.
 *
 * @param weights the constant that has all of them
 * @param elements of it, by the layer's weight, [channels][K]
 * @param negated channels whose weights and bias the reader negates
 * @param bias the constant that has the bias, if one does
 * @param biasElements of it, by channel
 */
record LayerOrigin(
    ConstantSlot weights,
    int[] elements,
    boolean[] negated,
    Optional<ConstantSlot> bias,
    int[] biasElements) {
  int channels() {
    return negated.length;
  }

  int terms() {
    return elements.length / Math.max(1, negated.length);
  }

  /** The axis of the constant along which channels lie, one an index; −1 if there is none. */
  int channelAxis() {
    for (int axis = 0; axis < weights.codes().rank(); axis++) {
      boolean fits = weights.codes().dims().get(axis) == channels();
      int[] at = new int[channels()];
      boolean[] taken = new boolean[channels()];
      for (int i = 0; fits && i < elements.length; i++) {
        int channel = i / terms();
        int index = weights.index(elements[i], axis);
        if (i % terms() == 0) {
          fits = !taken[index];
          taken[index] = true;
          at[channel] = index;
        }
        fits &= at[channel] == index;
      }
      if (fits) {
        return axis;
      }
    }
    return -1;
  }
}
