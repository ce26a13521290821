package dev.narrows.core.accumulator;

import dev.narrows.core.accumulator.TextForm.FixedWord;
import dev.narrows.core.accumulator.TextForm.FormReading;
import dev.narrows.core.accumulator.TextForm.WholeNumber;
import dev.narrows.core.format.FloatingFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The registry of accumulators as text: what the parser reads, help texts list and error messages
 * expect. A new policy of integer registers is a record and a line here.
 *
 * @see "docs/accumulators.md, Registers"
 */
public final class AccumulatorForms {
  /** The policies of integer registers: what follows {@code int<P>:}. */
  private static final List<TextForm<IntFunction<Accumulator>>> POLICIES =
      List.of(
          TextForm.of("wrap", Wrapping::new),
          TextForm.of("saturate", Saturating::new),
          TextForm.of("resolved", bits -> new Resolved(bits, false)),
          new TextForm<>(
              "resolved",
              List.of(new FixedWord("transient")),
              none -> bits -> new Resolved(bits, true)),
          new TextForm<>(
              "spill",
              List.of(new WholeNumber("Q")),
              wide -> bits -> new Spilling(bits, wide.getFirst())));

  private static final Pattern FORMAT = Pattern.compile("m(\\d{1,3})e(\\d{1,3})\\((-?\\d{1,4})\\)");
  private static final Pattern WITHOUT_BIAS = Pattern.compile("m\\d{1,3}e\\d{1,3}");

  /** What an exact accumulator is called. */
  public static final String EXACT = new Exact().toString();

  private AccumulatorForms() {}

  /** What reading came to: an accumulator, or what was expected instead of which part. */
  public record AccumulatorReading(
      Optional<Accumulator> accumulator, String found, String expected) {
    static AccumulatorReading of(Accumulator accumulator) {
      return new AccumulatorReading(Optional.of(accumulator), "", "");
    }

    static AccumulatorReading failed(String found, String expected) {
      return new AccumulatorReading(Optional.empty(), found, expected);
    }
  }

  /**
   * The register of a policy.
   *
   * @param policy such as {@code saturate}
   * @throws IllegalArgumentException if there is no register of this width
   */
  public static AccumulatorReading ofPolicy(String policy, int bits) {
    FormReading<IntFunction<Accumulator>> read =
        TextForm.read(policy, POLICIES, either(policies().toList()) + " after int" + bits);
    return read.value()
        .map(make -> AccumulatorReading.of(make.apply(bits)))
        .orElseGet(() -> AccumulatorReading.failed(policy, read.expected()));
  }

  /** Whether a text begins as one of a floating-point register does. */
  public static boolean isFloating(String text) {
    return text.startsWith("m")
        || FusedForms.begins(text)
        || FloatingAccumulator.named(text.split("/", -1)[0]).isPresent();
  }

  /**
   * The floating-point register of a name, or of one format or two.
   *
   * @throws IllegalArgumentException if a format has a field out of range
   */
  public static AccumulatorReading ofFormats(String text) {
    Optional<FloatingAccumulator> named = FloatingAccumulator.named(text);
    if (named.isPresent()) {
      return AccumulatorReading.of(named.get());
    }
    String[] formats = text.split("/", -1);
    if (formats.length > 2) {
      return AccumulatorReading.failed(text, floatForms());
    }
    Optional<FloatingFormat> product = FloatingAccumulator.ieeeFormat(formats[0]);
    Optional<FloatingFormat> sum = FloatingAccumulator.ieeeFormat(formats[formats.length - 1]);
    if (product.isPresent() && sum.isPresent()) {
      return AccumulatorReading.of(FloatingAccumulator.ieee(product.get(), sum.get()));
    }
    for (String format : formats) {
      if (WITHOUT_BIAS.matcher(format).matches()) {
        return AccumulatorReading.failed(
            format, "its exponent bias with it, as %s(12), or ".formatted(format) + floatForms());
      }
      if (!FORMAT.matcher(format).matches()) {
        return AccumulatorReading.failed(format, floatForms());
      }
    }
    return AccumulatorReading.of(
        new FloatingAccumulator(format(formats[0]), format(formats[formats.length - 1]), true));
  }

  private static FloatingFormat format(String text) {
    Matcher matcher = FORMAT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalStateException("checked above: " + text);
    }
    return new FloatingFormat(
        Integer.parseInt(matcher.group(1)),
        Integer.parseInt(matcher.group(2)),
        Integer.parseInt(matcher.group(3)));
  }

  private static Stream<String> policies() {
    return POLICIES.stream().map(TextForm::toString);
  }

  /** The accumulators of integers: {@code exact, int<P>:wrap, … or int<P>:spill(Q)}. */
  public static String integerForms() {
    return either(
        Stream.concat(Stream.of(EXACT), policies().map(policy -> "int<P>:" + policy)).toList());
  }

  /** The registers of floats. */
  public static String floatForms() {
    return "m7e4(12)/m7e4(10) (mantissa and exponent bits and bias of products and sums), one"
        + " format for both, or one of "
        + FloatingAccumulator.named().keySet().stream().collect(Collectors.joining(", "))
        + "; or "
        + FusedForms.forms();
  }

  /** {@code a, b or c}. */
  private static String either(List<String> all) {
    return String.join(", ", all.subList(0, all.size() - 1)) + " or " + all.getLast();
  }
}
