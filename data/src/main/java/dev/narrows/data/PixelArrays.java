package dev.narrows.data;

import java.util.List;
import java.util.Optional;

/**
 * Arrays for which a user asks for a preprocessing: their numbers are pixels then, 0 to 255, or
 * fractions of 255, 0 to 1 or −1 to 1.
 *
 * @param inputs what the network takes
 * @param notes what was inferred, in lines for the user
 */
public record PixelArrays(Inputs.Floats inputs, List<String> notes) {
  private static final int BRIGHTEST = 255;

  /** Copies the notes. */
  public PixelArrays {
    notes = List.copyOf(notes);
  }

  /**
   * Whole pixels.
   *
   * @throws DataException if an integer is no pixel, or the preprocessing does not fit the channels
   */
  public static PixelArrays of(String name, Inputs.InputCodes pixels, Preprocessing how) {
    how.requireChannels(pixels.channels());
    int plane = pixels.height() * pixels.width();
    float[] values = new float[pixels.values().length];
    for (int i = 0; i < values.length; i++) {
      int pixel = pixels.values()[i];
      if (pixel < 0 || pixel > BRIGHTEST) {
        throw new DataException(
            "element %d of %s is %d, expected pixels from 0 to 255".formatted(i, name, pixel));
      }
      values[i] = how.value(pixel, i / plane % pixels.channels());
    }
    return new PixelArrays(
        floats(pixels, pixels.targets(), values),
        List.of("integers are taken as pixels from 0 to 255, preprocessed as " + how.text()));
  }

  /**
   * Pixels, or fractions of the brightest one where none is above 1: from 0 to 1, or from −1 to 1
   * where some are negative.
   *
   * @throws DataException if a number is neither, or the preprocessing does not fit the channels
   */
  public static PixelArrays of(String name, Inputs.Floats pixels, Preprocessing how) {
    return of(name, pixels, how, least(pixels.values()), greatest(pixels.values()));
  }

  /**
   * {@link #of(String, Inputs.Floats, Preprocessing)} for a part of numbers that reach from {@code
   * least} to {@code greatest} as a whole.
   */
  public static PixelArrays of(
      String name, Inputs.Floats pixels, Preprocessing how, float least, float greatest) {
    how.requireChannels(pixels.channels());
    boolean signed = least < 0 && least >= -1 && greatest <= 1;
    if (least < 0 && !signed || greatest > BRIGHTEST) {
      throw new DataException(
          "%s holds numbers from %s to %s, expected pixels from 0 to 255, from 0 to 1, or from -1 to 1"
              .formatted(name, least, greatest));
    }
    double unit = greatest > 1 ? 1 : BRIGHTEST;
    int plane = pixels.height() * pixels.width();
    float[] values = new float[pixels.values().length];
    for (int i = 0; i < values.length; i++) {
      double fraction = signed ? (pixels.values()[i] + 1.0) / 2 : pixels.values()[i];
      values[i] = (float) how.number(fraction * unit, i / plane % pixels.channels());
    }
    return new PixelArrays(
        floats(pixels, pixels.targets(), values),
        List.of(
            "floats are taken as pixels from %s, preprocessed as %s"
                .formatted(
                    signed
                        ? "-1 to 1 (pixel / 127.5 - 1)"
                        : greatest > 1 ? "0 to 255" : "0 to 1 (pixel / 255)",
                    how.text())));
  }

  /** Integers as the numbers they are. */
  public static Inputs.Floats numbers(Inputs.InputCodes codes) {
    float[] values = new float[codes.values().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = codes.values()[i];
    }
    return floats(codes, codes.targets(), values);
  }

  private static Inputs.Floats floats(Inputs like, Optional<Targets> targets, float[] values) {
    return new Inputs.Floats(
        like.count(), like.channels(), like.height(), like.width(), values, targets);
  }

  /** The least of some numbers. */
  public static float least(float[] values) {
    float least = Float.POSITIVE_INFINITY;
    for (float value : values) {
      least = Math.min(least, value);
    }
    return least;
  }

  /** The greatest of some numbers. */
  public static float greatest(float[] values) {
    float greatest = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      greatest = Math.max(greatest, value);
    }
    return greatest;
  }
}
