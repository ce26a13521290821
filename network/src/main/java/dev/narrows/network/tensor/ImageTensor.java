package dev.narrows.network.tensor;

/**
 * The tensor of one image, for plain computing element by element.
 *
 * @param words [C][H][W], codes or the bits of binary32 numbers; shared, do not modify
 */
public record ImageTensor(TensorType type, int[] words) {
  /** What an element of a tensor is. */
  public interface Element {
    /** The word of an element. */
    int at(int channel, int row, int column);
  }

  /** The words of a tensor, [C][H][W], an element at a time. */
  public static int[] fill(TensorType type, Element element) {
    int[] words = new int[type.elements()];
    for (int c = 0; c < type.channels(); c++) {
      for (int y = 0; y < type.height(); y++) {
        for (int x = 0; x < type.width(); x++) {
          words[type.at(c, y, x)] = element.at(c, y, x);
        }
      }
    }
    return words;
  }

  /** The word of an element. */
  public int word(int channel, int row, int column) {
    return words[type.at(channel, row, column)];
  }

  /** The code of an element less the zero point. */
  public int value(int channel, int row, int column) {
    return word(channel, row, column) - type.quantization().zeroPoint();
  }

  /** The number of an element of a float tensor. */
  public float number(int channel, int row, int column) {
    return Words.number(word(channel, row, column));
  }

  /** The words of all channels at a position. */
  public int[] column(int row, int column) {
    int[] channels = new int[type.channels()];
    for (int c = 0; c < channels.length; c++) {
      channels[c] = word(c, row, column);
    }
    return channels;
  }
}
