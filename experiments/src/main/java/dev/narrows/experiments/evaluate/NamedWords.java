package dev.narrows.experiments.evaluate;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.data.Inputs;
import dev.narrows.data.PixelArrays;
import dev.narrows.data.Preprocessing;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.Network;
import dev.narrows.network.execute.InputQuantizer;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.Optional;
import java.util.function.Function;

/**
 * An array's elements as an input's words.
 *
 * @param words sample by sample in [C][H][W]
 * @param note what was inferred
 */
record NamedWords(int[] words, String note) {
  private static final String AS_THEY_ARE = "floats are taken as they are";

  /**
   * The words of an array.
   *
   * @param first whether the network's stored preprocessing is of this input
   * @param bad makes an error of a problem
   */
  static NamedWords of(
      Network network,
      NamedArray array,
      boolean first,
      NamedChoices.ArrayChoice choice,
      Function<String, BadInputException> bad) {
    Reader reader = new Reader(array, array.type(), bad);
    if (choice.pixels().isPresent()) {
      return reader.preprocessed(choice.pixels().get());
    }
    if (choice.asTheyAre()) {
      return reader.asTheyAre();
    }
    Optional<NamedPixels> pixels = NamedPixels.of(network, array.type(), first, array.array());
    if (pixels.isPresent()) {
      return reader.pixels(pixels.get());
    }
    if (array.floating() && !array.type().isFloat() && array.type().positions() > 1) {
      InferredInputs.requirePlausible(
          "%s: input \"%s\"".formatted(array.file(), array.name()),
          array.name() + "=",
          array.floats(),
          array.type().quantization(),
          PixelCodes.stored(network).filter(_ -> first));
    }
    return reader.own(false);
  }

  /** The words of an array that holds an input's codes, or numbers. */
  static NamedWords own(NamedArray array, Function<String, BadInputException> bad) {
    return new Reader(array, array.type(), bad).own(false);
  }

  private record Reader(
      NamedArray array, TensorType type, Function<String, BadInputException> bad) {
    NamedWords pixels(NamedPixels pixels) {
      int[] words = new int[array.elements()];
      for (int i = 0; i < words.length; i++) {
        int[] table = pixels.tables()[i % type.elements() / type.positions()];
        words[i] = table[(int) array.integer(i)];
      }
      return new NamedWords(words, pixels.note());
    }

    NamedWords preprocessed(Preprocessing how) {
      String name = "\"%s\" of %s".formatted(array.name(), array.file());
      PixelArrays pixels;
      try {
        pixels =
            array.floating()
                ? pixels(name, finite().reals(), how)
                : pixels(name, array.integers(), how);
      } catch (ArithmeticException e) {
        throw bad.apply(
            "\"" + array.name() + "\" holds integers of more than 32 bits, expected pixels");
      }
      float[] values = pixels.inputs().values();
      return new NamedWords(
          type.isFloat() ? Words.of(values) : new InputQuantizer(type.quantization()).codes(values),
          String.join("; ", pixels.notes()));
    }

    private static PixelArrays pixels(String name, Inputs.Floats floats, Preprocessing how) {
      return BroughtInputs.asked(floats, how, known -> PixelArrays.of(name, floats, known));
    }

    private static PixelArrays pixels(String name, Inputs.InputCodes codes, Preprocessing how) {
      return BroughtInputs.asked(codes, how, known -> PixelArrays.of(name, codes, known));
    }

    NamedWords asTheyAre() {
      return own(true);
    }

    /** Integers as codes, floats as numbers. */
    NamedWords own(boolean said) {
      int[] words = new int[array.elements()];
      if (type.isFloat()) {
        if (!array.floating() && !said) {
          throw bad.apply(
              "\"%s\" takes real numbers (float32), got integers; --preprocess %s=none takes them as its numbers"
                  .formatted(array.name(), array.name()));
        }
        for (int i = 0; i < words.length; i++) {
          words[i] = Words.of((float) finite(i));
        }
        return new NamedWords(
            words, array.floating() ? AS_THEY_ARE : "integers are taken as its numbers");
      }
      Quantization codes = type.quantization();
      for (int i = 0; i < words.length; i++) {
        words[i] = array.floating() ? (int) codes.quantize(finite(i)) : code(i, codes.format());
      }
      return new NamedWords(
          words,
          array.floating()
              ? "floats are quantised by its scale " + codes.scale()
              : "integers are taken as its codes");
    }

    private int code(int element, IntegerFormat format) {
      long code = array.integer(element);
      if (code < format.min() || code > format.max()) {
        throw bad.apply(
            "\"%s\" takes integers of %d to %d, got %d"
                .formatted(array.name(), format.min(), format.max(), code));
      }
      return (int) code;
    }

    private NamedArray finite() {
      for (int i = 0; i < array.elements(); i++) {
        finite(i);
      }
      return array;
    }

    private double finite(int element) {
      double number = array.floating() ? array.real(element) : array.integer(element);
      if (!Float.isFinite((float) number)) {
        throw bad.apply(
            "\"%s\" holds %s, expected %s"
                .formatted(
                    array.name(),
                    number,
                    Double.isFinite(number)
                        ? "numbers of at most 3.4E38: networks carry them in binary32"
                        : "finite numbers"));
      }
      return number;
    }
  }
}
