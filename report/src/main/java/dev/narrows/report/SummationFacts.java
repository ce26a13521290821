package dev.narrows.report;

import dev.narrows.core.dot.Summation;
import java.util.Optional;

/**
 * What tables and charts ask of an accumulator that a result names by its text. Results of older
 * versions have the text alone: then these facts are derived when the result is read.
 *
 * @param family {@code int}, {@code float} or {@code exact}
 * @param policy the accumulator without its width, such as {@code saturate}
 * @param bits P, its width
 * @param order in text form, {@code sequential} included
 * @param way the text without the width, such as {@code saturate:sorted}
 * @param words the way as a phrase for people, such as {@code saturating, sorted}
 */
public record SummationFacts(
    String family, String policy, int bits, String order, String way, String words) {

  /** The facts of a summation. */
  public static SummationFacts of(Summation summation) {
    boolean integers = summation.accumulator().takesIntegers();
    boolean floats = summation.accumulator().takesFloats();
    return new SummationFacts(
        integers && floats ? "exact" : floats ? "float" : "int",
        summation.accumulator().policy(),
        summation.accumulator().bits(),
        summation.order().toString(),
        summation.way(),
        summation.wayInWords());
  }

  /** The facts of a text; empty where it names no single summation, as {@code … and per layer}. */
  static Optional<SummationFacts> of(String text) {
    return summation(text).map(SummationFacts::of);
  }

  /** The summation that a text names; empty where it names no single one. */
  static Optional<Summation> summation(String text) {
    try {
      return Optional.of(Summation.parse(text));
    } catch (IllegalArgumentException mixed) {
      return Optional.empty();
    }
  }

  /** Whether a text names exact registers. */
  static boolean exact(String text) {
    return text.equals(Summation.exact().toString());
  }

  /** A way as a phrase for people; as it is where it names no summation. */
  static String words(String way, int bits) {
    try {
      return Summation.parseWay(way, bits).wayInWords();
    } catch (IllegalArgumentException other) {
      return way;
    }
  }
}
