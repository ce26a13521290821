package dev.narrows.core.accumulator;

import dev.narrows.core.format.FloatingFormat;
import dev.narrows.core.format.Truncation;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A fused multiply-add of few bits: register ← Q_sum(Q_product(x·w) + register), each Q a
 * truncation toward zero. Float operands only.
 *
 * <p>Product and sum are each computed in binary32, rounded to nearest even, before Q truncates.
 *
 * @param product what products are quantised to
 * @param sum what the register holds
 * @param underflow when false, magnitudes below 2^−b keep their mantissa bits ("no-underflow"); it
 *     ends where binary32's normal numbers do, at 2^−126
 * @see "docs/accumulators.md, Floating-point registers; LBA, arXiv 2401.14110"
 */
public record FloatingAccumulator(FloatingFormat product, FloatingFormat sum, boolean underflow)
    implements Accumulator {
  /** Terms of a chunk where nothing else is said. */
  public static final int CHUNK = 16;

  private static final Map<String, FloatingAccumulator> PRESETS = presets();

  /** One format for products and sums, with underflow. */
  public static FloatingAccumulator of(FloatingFormat both) {
    return new FloatingAccumulator(both, both, true);
  }

  /**
   * The named registers. m7e4 is LBA's 12-bit format, products 2^−12 to below 2^4, sums 2^−10 to
   * below 2^6; the five-bit exponents give each range 8 exponents more at either end (our choice);
   * fp16 and bf16 have the biases of their namesakes, e8m13 that of bf16.
   */
  private static Map<String, FloatingAccumulator> presets() {
    Map<String, FloatingAccumulator> named = new LinkedHashMap<>();
    named.put("m7e4", pair(7, 4, 12, 10));
    for (int mantissa = 10; mantissa >= 6; mantissa--) {
      named.put("m" + mantissa + "e5", pair(mantissa, 5, 20, 18));
    }
    named.put("fp16", pair(10, 5, 15, 15));
    named.put("bf16", pair(7, 8, 127, 127));
    named.put("e8m13", pair(13, 8, 127, 127));
    return Collections.unmodifiableMap(named);
  }

  private static FloatingAccumulator pair(int m, int e, int productBias, int sumBias) {
    return new FloatingAccumulator(
        new FloatingFormat(m, e, productBias), new FloatingFormat(m, e, sumBias), true);
  }

  /** All named registers, in the order in which documents list them. */
  public static Map<String, FloatingAccumulator> named() {
    return PRESETS;
  }

  /** The register of a name such as {@code m7e4} or {@code bf16}. */
  public static Optional<FloatingAccumulator> named(String name) {
    return Optional.ofNullable(PRESETS.get(name));
  }

  /** The width of the register: that of the sum's format. */
  @Override
  public int bits() {
    return sum.bits();
  }

  /**
   * This register, if it has that width.
   *
   * @throws IllegalArgumentException otherwise: its width is that of its formats
   */
  @Override
  public FloatingAccumulator withBits(int bits) {
    if (bits != bits()) {
      throw new IllegalArgumentException(
          "%s has %d bits; a floating-point register of another width is another pair of formats, not %d bits"
              .formatted(formats(), bits(), bits));
    }
    return this;
  }

  @Override
  public boolean takesIntegers() {
    return false;
  }

  @Override
  public boolean takesFloats() {
    return true;
  }

  @Override
  public Optional<String> noOuterRegister() {
    return Optional.of(
        "a floating-point register adds chunk results in its own format and takes no outer"
            + " register: chunk(n)");
  }

  /** The same formats without underflow. */
  public FloatingAccumulator withoutUnderflow() {
    return new FloatingAccumulator(product, sum, false);
  }

  /** Q of a product. */
  public Truncation productTruncation() {
    return product.truncation(underflow);
  }

  /** Q of a sum. */
  public Truncation sumTruncation() {
    return sum.truncation(underflow);
  }

  /**
   * ε = 2^−m of the sum: a step is swamped if it moves the register by less than ε times the
   * product.
   */
  public float epsilon() {
    return Math.scalb(1f, -sum.mantissaBits());
  }

  /** What a user should know: a format that cannot represent 1 has an unusual bias. */
  public Optional<String> warning() {
    return warning("product", product).or(() -> warning("sum", sum));
  }

  private static Optional<String> warning(String what, FloatingFormat format) {
    return format.represents(1f)
        ? Optional.empty()
        : Optional.of(
            "the %s format %s cannot represent 1.0: its magnitudes are 0 and %s"
                .formatted(what, format, format.range()));
  }

  @Override
  public String toString() {
    return formats() + (underflow ? "" : ":no-underflow");
  }

  /** Both formats as text, {@code m7e4(12)/m7e4(10)}; one if they are the same. */
  public String formats() {
    return product.equals(sum) ? sum.toString() : product + "/" + sum;
  }
}
