package dev.narrows.experiments.evaluate;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.data.ImageSet;
import dev.narrows.data.Inputs;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.tensor.TensorType;
import java.util.Arrays;
import java.util.IntSummaryStatistics;
import java.util.List;

/** What the integers of an array are to a network. */
enum ArrayMeaning {
  /** Its own input codes. */
  CODES,
  /** Pixels of 8 bits, as images have them. */
  PIXELS;

  private static final int BRIGHTEST = 255;

  /**
   * What integers mean where the user says nothing: codes where they can be, pixels otherwise.
   * Unsigned bytes are pixels to a network that says how it takes them. Otherwise they are codes
   * only to an unsigned input, since a signed one takes pixels shifted.
   *
   * @param stated whether the network says how pixels are preprocessed
   * @throws BadInputException if they can be neither
   */
  static ArrayMeaning of(TensorType input, boolean stated, String name, Inputs.InputCodes array) {
    if (array.origin() == Inputs.ArrayOrigin.PIXELS || stated && array.bytes()) {
      return PIXELS;
    }
    IntSummaryStatistics values = Arrays.stream(array.values()).summaryStatistics();
    boolean pixels = values.getMin() >= 0 && values.getMax() <= BRIGHTEST;
    if (input.isFloat()) {
      if (array.bytes() || pixels && input.positions() > 1) {
        return PIXELS;
      }
      throw new BadInputException(
          "%s: holds integers of %d … %d, the network takes real numbers (float32); --preprocess none takes them as its numbers"
              .formatted(name, values.getMin(), values.getMax()));
    }
    IntegerFormat format = input.quantization().format();
    boolean codes = values.getMin() >= format.min() && values.getMax() <= format.max();
    boolean signedBytes = array.bytes() && format.min() < 0;
    return codes && !signedBytes || !pixels ? CODES : PIXELS;
  }

  /**
   * Pixels in an array as the images that they are.
   *
   * @param array of numbers from 0 to 255
   */
  static Inputs.Images images(String name, Inputs.InputCodes array) {
    int[] values = array.values();
    byte[] pixels = new byte[values.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) values[i];
    }
    int[] labels = array.labels().orElseGet(() -> new int[array.count()]);
    ImageSet set =
        new ImageSet(
            name,
            array.channels(),
            array.height(),
            array.width(),
            Arrays.stream(labels).max().orElse(0) + 1,
            pixels,
            labels,
            List.of());
    return new Inputs.Images(set, array.labels().isPresent());
  }
}
