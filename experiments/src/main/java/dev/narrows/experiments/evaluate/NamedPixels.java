package dev.narrows.experiments.evaluate;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.data.Preprocessing;
import dev.narrows.data.file.NpyArray;
import dev.narrows.data.file.NpyType;
import dev.narrows.network.Network;
import dev.narrows.network.tensor.TensorType;
import java.util.Optional;

/**
 * What an array of pixels is to one of several inputs: recognised as {@link ArrayMeaning} does for
 * the only input, but that integers of other than 8 bits are ids or masks, so codes, and so is a
 * row of integers that are no bytes.
 *
 * @param tables the word of each pixel value, per channel
 * @param note what was inferred
 */
record NamedPixels(int[][] tables, String note) {
  private static final int BRIGHTEST = 255;

  /**
   * The pixels of an array.
   *
   * @param first whether the network's stored preprocessing is of this input
   * @return empty if the elements are no pixels
   */
  static Optional<NamedPixels> of(Network network, TensorType type, boolean first, NpyArray array) {
    if (array.type().isFloating()) {
      return Optional.empty();
    }
    long least = Long.MAX_VALUE;
    long greatest = Long.MIN_VALUE;
    for (int i = 0; i < array.elements(); i++) {
      least = Math.min(least, array.integer(i));
      greatest = Math.max(greatest, array.integer(i));
    }
    boolean bytes = array.type() == NpyType.UINT8;
    boolean image = bytes || type.positions() > 1;
    Optional<String> stored = PixelCodes.stored(network).filter(_ -> first);
    boolean stated = bytes && stored.isPresent();
    if (least < 0
        || greatest > BRIGHTEST
        || !image
        || !stated && areCodes(type, bytes, least, greatest)) {
      return Optional.empty();
    }
    String how =
        stored
            .map(text -> "preprocessed as the network says: " + text + PixelCodes.AS_CODES)
            .orElse(
                PixelCodes.areInputs(network, type)
                    ? "which are its codes, counted from the smallest"
                    : "as unit (pixel / 255); the network does not say");
    return Optional.of(
        new NamedPixels(
            PixelCodes.tables(network, type, stored.map(Preprocessing::parse)),
            "integers of %d … %d are taken as pixels, %s; floats are taken as its numbers"
                .formatted(least, greatest, how)));
  }

  private static boolean areCodes(TensorType type, boolean bytes, long least, long greatest) {
    if (type.isFloat()) {
      return false;
    }
    IntegerFormat format = type.quantization().format();
    boolean shifted = bytes && format.min() < 0; // a signed input takes pixels shifted
    return format.bits() != 8 || least >= format.min() && greatest <= format.max() && !shifted;
  }
}
