package dev.narrows.network.tflite;

import dev.narrows.network.NetworkFileException;
import java.util.Arrays;

/**
 * What a constant tensor is to hold.
 *
 * @param data as many bytes as it has
 * @param scales as many as it has
 */
record TensorContent(byte[] data, float[] scales) {
  /** What a tensor holds. */
  static TensorContent of(TfliteTensorEntry tensor) throws NetworkFileException {
    byte[] data = new byte[tensor.data().count()];
    for (int i = 0; i < data.length; i++) {
      data[i] = tensor.data().i8(i);
    }
    float[] scales = new float[tensor.scales().count()];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = tensor.scales().f32(i);
    }
    return new TensorContent(data, scales);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TensorContent that
        && Arrays.equals(data, that.data)
        && Arrays.equals(scales, that.scales);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(data) + Arrays.hashCode(scales);
  }

  @Override
  public String toString() {
    return "TensorContent[%d bytes, %d scales]".formatted(data.length, scales.length);
  }
}
