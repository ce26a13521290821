package dev.narrows.network.execute;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.network.Network;
import dev.narrows.network.tensor.TensorType;

/**
 * What a block of samples is run on: rows that hold a sample's inputs one after the other, and the
 * states that every sample of the block begins with.
 *
 * @param rows [samples][{@link Network#inputElements()}]
 */
record SampleBlock(int[] rows, int samples, States states) {
  /**
   * Reads samples and checks them.
   *
   * @throws IllegalArgumentException naming the sample, if a code is not one of its input's format
   */
  static SampleBlock read(
      Network network, ImageSource source, int first, int samples, States states) {
    int[] rows = new int[samples * network.inputElements()];
    source.read(first, samples, rows);
    check(network, source, rows, first);
    return new SampleBlock(rows, samples, states);
  }

  /** Refuses a code that is not one of its input's format. */
  private static void check(Network network, ImageSource source, int[] rows, int first) {
    int offset = 0;
    int row = network.inputElements();
    for (int input : network.inputs()) {
      TensorType type = network.tensor(input);
      String which =
          network.inputs().size() == 1 ? "" : "input \"%s\", ".formatted(network.tensorName(input));
      if (!type.isFloat()) { // any number may be given
        for (int at = offset; at < rows.length; at += row) {
          check(
              type.quantization().format(),
              rows,
              at,
              type.elements(),
              which,
              source.number(first + at / row));
        }
      }
      offset += type.elements();
    }
  }

  private static void check(
      IntegerFormat format, int[] rows, int at, int elements, String which, int image) {
    for (int i = 0; i < elements; i++) {
      int code = rows[at + i];
      if (code < format.min() || code > format.max()) {
        throw new IllegalArgumentException(
            "image %d, %selement %d: code %d is not one of %s, [%d, %d]"
                .formatted(image, which, i, code, format, format.min(), format.max()));
      }
    }
  }

  /** Writes {@code elements} words of every row, from {@code offset} on, as [elements][samples]. */
  void interleave(int offset, int elements, int[] buffer) {
    int row = rows.length / samples;
    for (int sample = 0; sample < samples; sample++) {
      for (int e = 0; e < elements; e++) {
        buffer[e * samples + sample] = rows[sample * row + offset + e];
      }
    }
  }
}
