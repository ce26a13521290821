package dev.narrows.core.accumulator;

import dev.narrows.core.format.FloatQuantizer;
import dev.narrows.core.format.FloatingFormat;
import dev.narrows.core.format.RegisterRounding;
import dev.narrows.core.format.Truncation;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A multiply-add of few bits: register ← Q_sum(Q_product(x·w) + register). Float operands only.
 * Each Q truncates toward zero, as LBA's does, or rounds to nearest even.
 *
 * <p>Product and sum are each computed in binary32, rounded to nearest even, before Q is applied.
 * For {@link RegisterRounding#IEEE} formats of at most 16 bits that changes nothing: rounding twice
 * is rounding once where the first has at least twice as many bits and two more (Figueroa 1995),
 * for sums always and for products of operands that are in the format.
 *
 * @param product what products are quantised to
 * @param sum what the register holds
 * @param underflow when false, magnitudes below 2^−b keep their mantissa bits ("no-underflow"); it
 *     ends where binary32's normal numbers do, at 2^−126
 * @param rounding of both
 * @see "docs/accumulators.md, Floating-point registers; LBA, arXiv 2401.14110"
 */
public record FloatingAccumulator(
    FloatingFormat product, FloatingFormat sum, boolean underflow, RegisterRounding rounding)
    implements FloatAccumulator {
  /** Terms of a chunk where nothing else is said. */
  public static final int CHUNK = 16;

  /** The formats of IEEE 754 and bfloat16, by name. */
  private static final Map<String, FloatingFormat> IEEE_FORMATS = ieeeFormats();

  private static final Map<String, FloatingAccumulator> PRESETS = presets();

  public FloatingAccumulator {
    if (rounding == RegisterRounding.IEEE && (!underflow || !isIeee(product) || !isIeee(sum))) {
      throw new IllegalArgumentException(
          "registers of IEEE 754 hold %s, with subnormals, got %s and %s"
              .formatted(String.join(", ", IEEE_FORMATS.keySet()), product, sum));
    }
  }

  /** A register that truncates. */
  public FloatingAccumulator(FloatingFormat product, FloatingFormat sum, boolean underflow) {
    this(product, sum, underflow, RegisterRounding.TOWARD_ZERO);
  }

  /** One format for products and sums, with underflow. */
  public static FloatingAccumulator of(FloatingFormat both) {
    return new FloatingAccumulator(both, both, true);
  }

  /**
   * The named registers. Those of IEEE 754 round to nearest. m7e4 is LBA's 12-bit format, products
   * 2^−12 to below 2^4, sums 2^−10 to below 2^6; the five-bit exponents give each range 8 exponents
   * more at either end (our choice); e8m13 has the bias of bf16.
   */
  private static Map<String, FloatingAccumulator> presets() {
    Map<String, FloatingAccumulator> named = new LinkedHashMap<>();
    named.put("m7e4", pair(7, 4, 12, 10));
    for (int mantissa = 10; mantissa >= 6; mantissa--) {
      named.put("m" + mantissa + "e5", pair(mantissa, 5, 20, 18));
    }
    IEEE_FORMATS.forEach((name, format) -> named.put(name, ieee(format, format)));
    named.put("e8m13", pair(13, 8, 127, 127));
    return Collections.unmodifiableMap(named);
  }

  private static Map<String, FloatingFormat> ieeeFormats() {
    Map<String, FloatingFormat> named = new LinkedHashMap<>();
    named.put("fp16", new FloatingFormat(10, 5, 15));
    named.put("bf16", new FloatingFormat(7, 8, 127));
    named.put("fp32", new FloatingFormat(23, 8, 127));
    return Collections.unmodifiableMap(named);
  }

  private static boolean isIeee(FloatingFormat format) {
    return IEEE_FORMATS.containsValue(format);
  }

  /** The format of IEEE 754, or bfloat16, of a name. */
  static Optional<FloatingFormat> ieeeFormat(String name) {
    return Optional.ofNullable(IEEE_FORMATS.get(name));
  }

  /** Products and sums as IEEE 754 has them. */
  static FloatingAccumulator ieee(FloatingFormat product, FloatingFormat sum) {
    return new FloatingAccumulator(product, sum, true, RegisterRounding.IEEE);
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

  /** {@link #CHUNK} in LBA's formats; registers of IEEE 754 add one by one. */
  @Override
  public OptionalInt chunk() {
    return rounding == RegisterRounding.IEEE ? OptionalInt.empty() : OptionalInt.of(CHUNK);
  }

  @Override
  public int mantissaBits() {
    return sum.mantissaBits();
  }

  @Override
  public Optional<String> noOuterRegister() {
    return Optional.of(
        "a floating-point register adds chunk results in its own format and takes no outer"
            + " register: chunk(n), or in binary32, chunk(n,fp32)");
  }

  /** The same formats without underflow. */
  public FloatingAccumulator withoutUnderflow() {
    return new FloatingAccumulator(product, sum, false, rounding);
  }

  /**
   * The same formats, rounded to nearest even.
   *
   * @throws IllegalArgumentException if they are rounded so already
   */
  public FloatingAccumulator nearest() {
    if (rounding != RegisterRounding.TOWARD_ZERO) {
      throw new IllegalArgumentException(this + " rounds to nearest already");
    }
    return new FloatingAccumulator(product, sum, underflow, RegisterRounding.NEAREST);
  }

  /** Whether both Q truncate. */
  public boolean truncates() {
    return rounding == RegisterRounding.TOWARD_ZERO;
  }

  /** Q of a product. */
  public FloatQuantizer productQuantizer() {
    return product.quantizer(rounding, underflow);
  }

  /** Q of a sum. */
  public FloatQuantizer sumQuantizer() {
    return sum.quantizer(rounding, underflow);
  }

  /** Q of a product, where it {@link #truncates}. */
  public Truncation productTruncation() {
    return truncation(product);
  }

  /** Q of a sum, where it {@link #truncates}. */
  public Truncation sumTruncation() {
    return truncation(sum);
  }

  private Truncation truncation(FloatingFormat format) {
    if (!truncates()) {
      throw new IllegalStateException(this + " does not truncate");
    }
    return format.truncation(underflow);
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
    return formats()
        + (rounding == RegisterRounding.NEAREST ? ":nearest" : "")
        + (underflow ? "" : ":no-underflow");
  }

  /** Both formats as text, {@code m7e4(12)/m7e4(10)}; one if they are the same. */
  public String formats() {
    return product.equals(sum) ? text(sum) : text(product) + "/" + text(sum);
  }

  private String text(FloatingFormat format) {
    return rounding != RegisterRounding.IEEE
        ? format.toString()
        : IEEE_FORMATS.entrySet().stream()
            .filter(named -> named.getValue().equals(format))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("checked when it was made: " + format));
  }
}
