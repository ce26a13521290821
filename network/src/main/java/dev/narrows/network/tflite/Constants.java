package dev.narrows.network.tflite;

import dev.narrows.network.NetworkFileException;

/** Constant tensors as arrays, as many as the file's size pays for. */
final class Constants {
  private static final long ALLOWANCE = 1 << 21;

  private long left;

  /**
   * @param size of the file in bytes; decoded weights take four times theirs
   */
  Constants(long size) {
    this.left = 4 * size + ALLOWANCE;
  }

  /** Takes memory for {@code count} values of {@code bytes} each. */
  void take(TensorEntry tensor, long count, int bytes) throws NetworkFileException {
    left -= count * bytes;
    if (left < 0) {
      throw tensor.bad("the file is too small for all the constants that its operators read");
    }
  }

  /** The integers of a tensor less {@code zero}. */
  int[] integers(TensorEntry tensor, int zero) throws NetworkFileException {
    int count = count(tensor);
    take(tensor, count, Integer.BYTES);
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      values[i] =
          switch (tensor.type()) {
            case INT8 -> tensor.data().i8(i) - zero;
            case UINT8 -> (tensor.data().i8(i) & 0xFF) - zero;
            case INT32 -> words(tensor, Integer.BYTES).i32(i) - zero;
            default -> throw tensor.bad("expected integers of 8 or 32 bits, got " + tensor.type());
          };
    }
    return values;
  }

  /** The numbers of a float32 tensor. */
  float[] floats(TensorEntry tensor) throws NetworkFileException {
    if (tensor.type() != ElementType.FLOAT32) {
      throw tensor.bad("expected FLOAT32, got " + tensor.type());
    }
    int count = count(tensor);
    take(tensor, count, Float.BYTES);
    FlatVector words = words(tensor, Float.BYTES);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = words.f32(i);
    }
    return values;
  }

  private static FlatVector words(TensorEntry tensor, int size) {
    FlatVector data = tensor.data();
    return new FlatVector(data.bytes(), data.place(), data.at(), data.count() / size, size);
  }

  private static int count(TensorEntry tensor) {
    return tensor.data().count() / tensor.type().bytes();
  }
}
