package dev.narrows.data;

import java.util.List;

/**
 * The shape of the inputs that a network takes, against which arrays are read.
 *
 * @param channels C, 1 or more
 * @param height H; 1 for inputs without a spatial extent
 * @param width W; 1 for inputs without a spatial extent
 * @param own one input's dimensions in the order of the network's own file, channels last
 */
public record InputShape(int channels, int height, int width, List<Integer> own) {
  /** Copies the dimensions. */
  public InputShape {
    own = List.copyOf(own);
  }

  /** C·H·W. */
  public int elements() {
    return channels * height * width;
  }

  /** Whether an array holds a row of elements for each input of several rows or columns. */
  public boolean isRows(List<Integer> array) {
    return array.size() == 2 && array.get(1) == elements() && channels > 1 && elements() > channels;
  }

  /**
   * Whether an array [N, …] holds inputs of this shape: in layout NHWC in the network's own
   * dimensions, in NCHW with channels first, in either as rows of elements.
   */
  public boolean describes(List<Integer> array, Layout layout) {
    if (array.size() < 2) {
      return false;
    }
    List<Integer> input = array.subList(1, array.size());
    return input.equals(List.of(elements()))
        || switch (layout) {
          case NHWC -> input.equals(own);
          case NCHW -> width == 1 && input.equals(List.of(channels, height));
        };
  }
}
