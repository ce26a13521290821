package dev.narrows.data;

import java.util.Arrays;

/**
 * The numbers of images or features of one size, example after example: 8-bit pixels, which are
 * kept as bytes, or floats.
 *
 * <p>The arrays are handed over, not copied, and nobody writes to them afterwards.
 */
public sealed interface Elements {
  /** How many numbers there are. */
  int size();

  /** Number {@code index}: a float as it is, a pixel from 0 to 255. */
  float number(int index);

  /** What the greatest number of a kind is divided by to be 1: 255 of pixels, 1 of floats. */
  float unit();

  /** The numbers of some examples, each of {@code length} numbers, in the order of the indices. */
  Elements select(int[] indices, int length);

  /** Unsigned bytes. */
  record PixelElements(byte[] pixels) implements Elements {
    @Override
    public int size() {
      return pixels.length;
    }

    @Override
    public float number(int index) {
      return pixels[index] & 0xFF;
    }

    @Override
    public float unit() {
      return 255;
    }

    @Override
    public PixelElements select(int[] indices, int length) {
      byte[] chosen = new byte[product(indices.length, length)];
      for (int i = 0; i < indices.length; i++) {
        System.arraycopy(pixels, indices[i] * length, chosen, i * length, length);
      }
      return new PixelElements(chosen);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof PixelElements that && Arrays.equals(pixels, that.pixels);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(pixels);
    }
  }

  /** Finite floats. */
  record FloatElements(float[] numbers) implements Elements {
    @Override
    public int size() {
      return numbers.length;
    }

    @Override
    public float number(int index) {
      return numbers[index];
    }

    @Override
    public float unit() {
      return 1;
    }

    @Override
    public FloatElements select(int[] indices, int length) {
      float[] chosen = new float[product(indices.length, length)];
      for (int i = 0; i < indices.length; i++) {
        System.arraycopy(numbers, indices[i] * length, chosen, i * length, length);
      }
      return new FloatElements(chosen);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof FloatElements that && Arrays.equals(numbers, that.numbers);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(numbers);
    }
  }

  private static int product(int examples, int length) {
    long size = (long) examples * length;
    if (size > Integer.MAX_VALUE - 8) {
      throw new DataException(examples + " examples of " + length + " numbers exceed 2^31");
    }
    return (int) size;
  }
}
