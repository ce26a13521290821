package dev.narrows.experiments.evaluate;

import dev.narrows.core.dot.AccumulatorTextException;
import dev.narrows.core.dot.Summation;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Several widths in one text: {@code int8-20:saturate} is thirteen accumulators. */
public final class AccumulatorRange {
  private static final Pattern RANGE = Pattern.compile("int(\\d{1,2})-(\\d{1,2})(:.*)");

  private AccumulatorRange() {}

  /** The accumulators that a text names, narrowest first. */
  public static List<Summation> expand(String text) {
    Matcher range = RANGE.matcher(text);
    if (!range.matches()) {
      return List.of(Summation.parse(text));
    }
    int from = Integer.parseInt(range.group(1));
    int to = Integer.parseInt(range.group(2));
    if (from > to) {
      throw new AccumulatorTextException(
          text, "a range of widths runs upwards, as in int8-20:saturate");
    }
    return IntStream.rangeClosed(from, to)
        .mapToObj(bits -> Summation.parse("int" + bits + range.group(3)))
        .toList();
  }
}
