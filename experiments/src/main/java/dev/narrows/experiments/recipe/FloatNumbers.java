package dev.narrows.experiments.recipe;

import dev.narrows.experiments.recipe.IntegerNumbers.Excluded;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Weights and activations that stay floating-point numbers.
 *
 * @param weights the format they are rounded to; empty: binary32
 * @param activations the format that what dot layers multiply is rounded to; empty: binary32
 * @param exclude layers that keep binary32 numbers and an exact register
 */
public record FloatNumbers(
    Optional<SmallFloat> weights, Optional<SmallFloat> activations, Set<Excluded> exclude)
    implements Numbers {
  /** What a recipe writes for binary32. */
  public static final String BINARY32 = "float";

  /** Copies the set. */
  public FloatNumbers {
    exclude = Set.copyOf(exclude);
  }

  /**
   * Weights and activations in these formats, no layer excluded.
   *
   * @param weights {@code float} for binary32, or a format such as {@code m4e3}
   * @param activations the same
   * @throws IllegalArgumentException naming the key if a format is not understood
   */
  public static FloatNumbers of(String weights, String activations) {
    return new FloatNumbers(
        format("quantization.weights", weights),
        format("quantization.activations", activations),
        Set.of());
  }

  private static Optional<SmallFloat> format(String key, String text) {
    try {
      return text.equals(BINARY32) ? Optional.empty() : Optional.of(SmallFloat.parse(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Optional<Constraint> constraint() {
    return Optional.empty();
  }

  /**
   * A floating-point format whose exponent bias follows each tensor's largest magnitude, as FP8 has
   * it in LBA (arXiv 2401.14110).
   *
   * @param mantissaBits 1 to 10
   * @param exponentBits 2 to 8
   */
  public record SmallFloat(int mantissaBits, int exponentBits) {
    private static final Pattern FORM = Pattern.compile("m(\\d{1,2})e(\\d)");

    /** Checks the ranges. */
    public SmallFloat {
      if (mantissaBits < 1 || mantissaBits > 10 || exponentBits < 2 || exponentBits > 8) {
        throw new IllegalArgumentException(
            "a stored number has 1 to 10 mantissa bits and 2 to 8 exponent bits, got m%de%d"
                .formatted(mantissaBits, exponentBits));
      }
    }

    /** Reads {@code m4e3}; the bias is not written, it follows the tensor. */
    public static SmallFloat parse(String text) {
      Matcher form = FORM.matcher(text);
      if (!form.matches()) {
        throw new IllegalArgumentException(
            "expected float or m<bits>e<bits> without a bias, such as m4e3, found \""
                + text
                + "\"");
      }
      return new SmallFloat(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)));
    }

    @Override
    public String toString() {
      return "m" + mantissaBits + "e" + exponentBits;
    }
  }
}
