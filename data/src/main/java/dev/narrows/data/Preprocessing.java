package dev.narrows.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How an 8-bit pixel becomes the real number that a network takes.
 *
 * <p>Text form: {@code none} of arrays that hold a network's own numbers, {@code raw}, {@code
 * unit}, or {@code mean=…,std=…} with one number for all channels or one per channel, as in {@code
 * mean=0.485,0.456,0.406,std=0.229,0.224,0.225}. Mean and standard deviation are in units of the
 * whole pixel range, as everywhere in PyTorch: the pixel is divided by 255 first. Results are
 * computed in double and rounded once to float.
 */
public sealed interface Preprocessing {
  /** The text that {@link #parse} reads back to an equal value. */
  String text();

  /** What {@code pixel} (0 to 255, whole or not) in {@code channel} (0 to C − 1) becomes. */
  double number(double pixel, int channel);

  /** {@link #number} of a whole pixel, rounded once to float. */
  default float value(int pixel, int channel) {
    return (float) number(pixel, channel);
  }

  /** Throws unless this fits images of that many channels. */
  void requireChannels(int channels);

  /** The pixel as it is, 0 to 255. */
  record Raw() implements Preprocessing {
    @Override
    public String text() {
      return "raw";
    }

    @Override
    public double number(double pixel, int channel) {
      return pixel;
    }

    @Override
    public void requireChannels(int channels) {}
  }

  /** Nothing: floats of an array are the network's own numbers. */
  record AsTheyAre() implements Preprocessing {
    @Override
    public String text() {
      return "none";
    }

    @Override
    public double number(double pixel, int channel) {
      return pixel;
    }

    @Override
    public void requireChannels(int channels) {}
  }

  /** pixel / 255, 0 to 1. */
  record Unit() implements Preprocessing {
    @Override
    public String text() {
      return "unit";
    }

    @Override
    public double number(double pixel, int channel) {
      return pixel / 255.0;
    }

    @Override
    public void requireChannels(int channels) {}
  }

  /**
   * (pixel / 255 − mean) / std.
   *
   * @param mean one number for all channels, or one per channel; finite
   * @param std likewise; finite and positive
   */
  record Normalized(List<Double> mean, List<Double> std) implements Preprocessing {
    /** Checks the numbers. */
    public Normalized {
      mean = List.copyOf(mean);
      std = List.copyOf(std);
      if (mean.isEmpty() || std.isEmpty()) {
        throw new DataException("preprocessing needs at least one number for mean and for std");
      }
      if (mean.size() > 1 && std.size() > 1 && mean.size() != std.size()) {
        throw new DataException(
            "preprocessing has %d means but %d standard deviations"
                .formatted(mean.size(), std.size()));
      }
      for (double m : mean) {
        if (!Double.isFinite(m)) {
          throw new DataException("preprocessing mean must be finite, got " + m);
        }
      }
      for (double s : std) {
        if (!Double.isFinite(s) || s <= 0) {
          throw new DataException("preprocessing std must be finite and positive, got " + s);
        }
      }
    }

    @Override
    public String text() {
      return "mean=" + join(mean) + ",std=" + join(std);
    }

    @Override
    public double number(double pixel, int channel) {
      double m = mean.get(mean.size() == 1 ? 0 : channel);
      double s = std.get(std.size() == 1 ? 0 : channel);
      return (pixel / 255.0 - m) / s;
    }

    @Override
    public void requireChannels(int channels) {
      int given = Math.max(mean.size(), std.size());
      if (given != 1 && given != channels) {
        throw new DataException(
            "preprocessing "
                + text()
                + " is for "
                + given
                + " channels, the images have "
                + channels);
      }
    }

    private static String join(List<Double> numbers) {
      return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
  }

  /** Reads the text form; throws {@link DataException} with what was expected. */
  static Preprocessing parse(String text) {
    String trimmed = text.strip().toLowerCase(Locale.ROOT);
    return switch (trimmed) {
      case "raw" -> new Raw();
      case "unit" -> new Unit();
      case "none" -> new AsTheyAre();
      default -> parseNormalized(text, trimmed);
    };
  }

  private static Preprocessing parseNormalized(String original, String text) {
    List<Double> mean = new ArrayList<>();
    List<Double> std = new ArrayList<>();
    List<Double> current = List.of();
    for (String part : text.split(",", -1)) {
      String number = part.strip();
      // A part with a key opens a list; the parts after it, up to the next key, go on with it.
      if (number.startsWith("mean=") && mean.isEmpty()) {
        current = mean;
        number = number.substring("mean=".length());
      } else if (number.startsWith("std=") && std.isEmpty()) {
        current = std;
        number = number.substring("std=".length());
      } else if (mean.isEmpty() && std.isEmpty()) {
        throw unknown(original);
      }
      try {
        current.add(Double.valueOf(number));
      } catch (NumberFormatException notANumber) {
        throw unknown(original);
      }
    }
    if (mean.isEmpty() || std.isEmpty()) {
      throw unknown(original);
    }
    return new Normalized(mean, std);
  }

  private static DataException unknown(String text) {
    return new DataException(
        "unknown preprocessing '"
            + text
            + "', expected raw, unit or mean=…,std=… (numbers separated by commas)");
  }

  /** The 256 floats that the pixels 0 to 255 of {@code channel} become. */
  default float[] table(int channel) {
    float[] table = new float[256];
    for (int pixel = 0; pixel < 256; pixel++) {
      table[pixel] = value(pixel, channel);
    }
    return table;
  }

  /** {@link #table} of every channel: {@code [channels][256]}. */
  default float[][] tables(int channels) {
    requireChannels(channels);
    float[][] tables = new float[channels][];
    for (int c = 0; c < channels; c++) {
      tables[c] = table(c);
    }
    return tables;
  }

  /** All images of {@code set} as floats, same layout. */
  default float[] apply(ImageSet set) {
    float[] out = new float[set.pixels().length];
    apply(tables(set.channels()), set.height() * set.width(), set.pixels(), 0, out, 0, out.length);
    return out;
  }

  /**
   * Converts whole images through the {@link #tables}: the inner loop of a data loader.
   *
   * @param tables one table of 256 floats per channel
   * @param plane H·W
   * @param pixels images, each CHW; read from {@code from}
   * @param out floats in the same layout; written from {@code outFrom}
   * @param length the number of pixels, a multiple of C·H·W
   */
  static void apply(
      float[][] tables, int plane, byte[] pixels, int from, float[] out, int outFrom, int length) {
    for (int i = 0; i < length; ) {
      for (float[] table : tables) {
        for (int end = i + plane; i < end; i++) {
          out[outFrom + i] = table[pixels[from + i] & 0xFF];
        }
      }
    }
  }
}
