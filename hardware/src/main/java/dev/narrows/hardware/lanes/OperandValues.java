package dev.narrows.hardware.lanes;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What one operand of a product can be: stored codes in a range, without some, plus an offset.
 *
 * @param codes as they are stored; their ends occur
 * @param excluded codes inside the range that never occur, ascending
 * @param offset added to a code before it is multiplied
 */
public record OperandValues(IntegerRange codes, List<Long> excluded, long offset) {
  private static final Pattern TEXT =
      Pattern.compile(
          "(?:(int|uint|i|s|u)(\\d{1,2})|(-?\\d{1,12})(?:\\.\\.(-?\\d{1,12}))?)"
              + "(?: ?([+-]\\d{1,12}))?(?: ?(?:except|without) ?(-?\\d{1,12}(?: ?, ?-?\\d{1,12})*))?");

  /**
   * Moves the ends of the range inwards past excluded codes.
   *
   * @throws IllegalArgumentException if nothing is left
   */
  public OperandValues {
    TreeSet<Long> never = new TreeSet<>(excluded);
    long low = codes.min();
    long high = codes.max();
    while (low <= high && never.contains(low)) {
      low++;
    }
    while (low <= high && never.contains(high)) {
      high--;
    }
    if (low > high) {
      throw new IllegalArgumentException("every code of %s is excluded".formatted(codes));
    }
    codes = new IntegerRange(low, high);
    IntegerRange kept = codes;
    excluded = never.stream().filter(kept::contains).toList();
  }

  /** All codes of a range. */
  public static OperandValues of(IntegerRange codes) {
    return new OperandValues(codes, List.of(), 0);
  }

  /**
   * Reads the text form: a type or a range, perhaps an offset, perhaps exclusions, such as {@code
   * u8}, {@code -127..127}, {@code s8+128} or {@code s8 except -128}.
   *
   * @throws IllegalArgumentException saying what was found and expected
   */
  public static OperandValues parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip().replaceAll("\\s+", " "));
    if (text.length() > 1000 || !matcher.matches()) {
      throw new IllegalArgumentException(
          "expected a type or a range, perhaps an offset and codes that never occur, such as u8,"
              + " -127..127, s8+128 or \"s8 except -128\", found \"%s\"".formatted(text));
    }
    IntegerRange codes;
    if (matcher.group(1) != null) {
      codes =
          IntegerRange.of(
              new IntegerFormat(
                  Integer.parseInt(matcher.group(2)), !matcher.group(1).startsWith("u")));
    } else {
      long low = Long.parseLong(matcher.group(3));
      codes =
          new IntegerRange(low, matcher.group(4) == null ? low : Long.parseLong(matcher.group(4)));
    }
    List<Long> excluded =
        Optional.ofNullable(matcher.group(6))
            .map(list -> Arrays.stream(list.split(",", -1)).map(String::strip).map(Long::valueOf))
            .map(Stream::toList)
            .orElse(List.of());
    long offset = Optional.ofNullable(matcher.group(5)).map(Long::parseLong).orElse(0L);
    return new OperandValues(codes, excluded, offset);
  }

  /** The values that are multiplied lie in this range, and its ends occur. */
  public IntegerRange values() {
    return codes.minus(-offset);
  }

  /** Whether a value can be multiplied. */
  public boolean contains(long value) {
    long code = value - offset;
    return codes.contains(code) && !excluded.contains(code);
  }

  /** The value next to 0. */
  public long nearestZero() {
    long near = Math.clamp(0L, values().min(), values().max());
    for (long distance = 0; ; distance++) { // ends after the excluded codes at the latest
      if (contains(near + distance)) {
        return near + distance;
      }
      if (contains(near - distance)) {
        return near - distance;
      }
    }
  }

  /**
   * Rejects values that an instruction's operand cannot have.
   *
   * @param what the operand's name
   */
  void requireWithin(IntegerFormat type, String what) {
    IntegerRange held = IntegerRange.of(type);
    if (!held.contains(values().min()) || !held.contains(values().max())) {
      throw new IllegalArgumentException(
          "%s: values %s are out of range: the instruction multiplies %s, %s"
              .formatted(what, values(), type, held));
    }
  }

  /** The text form. */
  @Override
  public String toString() {
    String moved = offset == 0 ? "" : (offset > 0 ? "+" : "") + offset;
    String without =
        excluded.isEmpty()
            ? ""
            : " except " + String.join(",", excluded.stream().map(String::valueOf).toList());
    return codes.min() + ".." + codes.max() + moved + without;
  }
}
