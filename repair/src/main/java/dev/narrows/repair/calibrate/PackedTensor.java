package dev.narrows.repair.calibrate;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.tensor.TensorType;

/** The words of one tensor for a number of images, in as few bytes as its codes take. */
final class PackedTensor {
  private final TensorType type;
  private final byte[][] bytes;
  private final short[][] shorts;
  private final int[][] ints;
  private final long least;

  PackedTensor(TensorType type, int images) {
    this.type = type;
    int size = wordBytes(type);
    this.least = size == Integer.BYTES ? 0 : type.quantization().format().min();
    this.bytes = new byte[size == Byte.BYTES ? images : 0][];
    this.shorts = new short[size == Short.BYTES ? images : 0][];
    this.ints = new int[size == Integer.BYTES ? images : 0][];
  }

  /** Bytes of a word. */
  static int wordBytes(TensorType type) {
    if (type.isFloat()) {
      return Integer.BYTES;
    }
    IntegerRange codes = IntegerRange.of(type.quantization().format());
    long count = codes.max() - codes.min();
    return count < 1 << Byte.SIZE ? Byte.BYTES : count < 1 << Short.SIZE ? Short.BYTES : 4;
  }

  TensorType type() {
    return type;
  }

  /** Keeps an image's words. */
  void put(int image, int[] words, int from) {
    int elements = type.elements();
    if (bytes.length > 0) {
      byte[] packed = new byte[elements];
      for (int i = 0; i < elements; i++) {
        packed[i] = (byte) (words[from + i] - least);
      }
      bytes[image] = packed;
    } else if (shorts.length > 0) {
      short[] packed = new short[elements];
      for (int i = 0; i < elements; i++) {
        packed[i] = (short) (words[from + i] - least);
      }
      shorts[image] = packed;
    } else {
      int[] packed = new int[elements];
      System.arraycopy(words, from, packed, 0, elements);
      ints[image] = packed;
    }
  }

  /** Writes an image's words to {@code words} from {@code to}. */
  void get(int image, int[] words, int to) {
    int elements = type.elements();
    int first = (int) least;
    if (bytes.length > 0) {
      byte[] packed = bytes[image];
      for (int i = 0; i < elements; i++) {
        words[to + i] = (packed[i] & 0xff) + first;
      }
    } else if (shorts.length > 0) {
      short[] packed = shorts[image];
      for (int i = 0; i < elements; i++) {
        words[to + i] = (packed[i] & 0xffff) + first;
      }
    } else {
      System.arraycopy(ints[image], 0, words, to, elements);
    }
  }
}
