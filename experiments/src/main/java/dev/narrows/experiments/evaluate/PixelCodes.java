package dev.narrows.experiments.evaluate;

import dev.narrows.data.Preprocessing;
import dev.narrows.network.FileTensors;
import dev.narrows.network.Network;
import dev.narrows.network.execute.InputQuantizer;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.Arrays;
import java.util.Optional;

/** The word that a network takes for each value of a pixel. */
final class PixelCodes {
  /** What to say where integers could be codes but are taken as pixels. */
  static final String AS_CODES = " (--preprocess none takes them as they are)";

  private PixelCodes() {}

  /** How the network takes pixels, if it says. */
  static Optional<String> stored(Network network) {
    return Optional.ofNullable(network.metadata().get(NetworkInputs.PREPROCESS));
  }

  /** Whoever quantised a file for pixels made its 8-bit codes the pixels, shifted if signed. */
  static boolean areInputs(Network network, TensorType type) {
    return FileTensors.of(network).isPresent()
        && !type.isFloat()
        && type.quantization().format().bits() == 8;
  }

  /**
   * The word of each pixel value, per channel of an input.
   *
   * @param told how pixels are preprocessed, if anybody says
   */
  static int[][] tables(Network network, TensorType type, Optional<Preprocessing> told) {
    return told.isEmpty() && areInputs(network, type)
        ? codes(type)
        : tables(told.orElseGet(() -> Preprocessing.parse("unit")), type);
  }

  /** The code of each pixel value where pixels are codes, per channel. */
  private static int[][] codes(TensorType type) {
    int[] table = new int[256];
    Arrays.setAll(table, pixel -> pixel + (int) type.quantization().format().min());
    int[][] tables = new int[type.channels()][];
    Arrays.fill(tables, table);
    return tables;
  }

  /** The word of each pixel value, per channel. */
  private static int[][] tables(Preprocessing preprocessing, TensorType type) {
    float[][] reals = preprocessing.tables(type.channels());
    int[][] tables = new int[type.channels()][];
    for (int c = 0; c < tables.length; c++) {
      tables[c] =
          type.isFloat()
              ? Words.of(reals[c])
              : new InputQuantizer(type.quantization()).codes(reals[c]);
    }
    return tables;
  }
}
