package dev.narrows.network.parts;

import dev.narrows.network.execute.ImageSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.IntStream;

/** Images in memory, in as many bytes a word as their greatest difference needs: 1, 2 or 4. */
public final class PackedImages implements TravellingSource {
  private static final long serialVersionUID = 1L;

  private final int[] numbers;
  private final int elements;
  private final int least;
  private final int width;
  private final byte[] words;

  private PackedImages(int[] numbers, int elements, int least, int width, byte[] words) {
    this.numbers = numbers;
    this.elements = elements;
    this.least = least;
    this.width = width;
    this.words = words;
  }

  /**
   * Reads images.
   *
   * @param elements words of an image
   * @param images by their place among all
   * @throws IllegalArgumentException if they take 2^31 bytes or more: then in smaller parts
   */
  public static PackedImages of(ImageSource source, int elements, int[] images) {
    int[] all = new int[size(images.length, elements)];
    int[] one = new int[elements];
    for (int i = 0; i < images.length; i++) {
      source.read(images[i], 1, one);
      System.arraycopy(one, 0, all, i * elements, elements);
    }
    int least = Integer.MAX_VALUE;
    int most = Integer.MIN_VALUE;
    for (int word : all) {
      least = Math.min(least, word);
      most = Math.max(most, word);
    }
    long range = all.length == 0 ? 0 : (long) most - least;
    int width = range < 1 << 8 ? 1 : range < 1 << 16 ? 2 : 4;
    ByteBuffer packed = ByteBuffer.allocate(size(all.length, width)).order(ByteOrder.LITTLE_ENDIAN);
    for (int word : all) {
      int offset = word - least; // as 32 bits without a sign
      switch (width) {
        case 1 -> packed.put((byte) offset);
        case 2 -> packed.putShort((short) offset);
        default -> packed.putInt(offset);
      }
    }
    int[] numbers = IntStream.of(images).map(source::number).toArray();
    return new PackedImages(numbers, elements, least, width, packed.array());
  }

  private static int size(int count, int each) {
    long size = (long) count * each;
    if (size > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "%d times %d numbers in one part are 2^31 or more: ask for more parts"
              .formatted(count, each));
    }
    return (int) size;
  }

  @Override
  public int images() {
    return numbers.length;
  }

  @Override
  public int number(int image) {
    return numbers[image];
  }

  @Override
  public void read(int first, int count, int[] codes) {
    ByteBuffer packed =
        ByteBuffer.wrap(words).order(ByteOrder.LITTLE_ENDIAN).position(first * elements * width);
    for (int i = 0; i < count * elements; i++) {
      int offset =
          switch (width) {
            case 1 -> packed.get() & 0xFF;
            case 2 -> packed.getShort() & 0xFFFF;
            default -> packed.getInt();
          };
      codes[i] = least + offset;
    }
  }
}
