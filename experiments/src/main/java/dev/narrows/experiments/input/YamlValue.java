package dev.narrows.experiments.input;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A value of a YAML document and where it stands. Scalars stay text until a reader asks. */
public sealed interface YamlValue {
  /** Where the value stands. */
  YamlPlace place();

  /**
   * A single text, number or word.
   *
   * @param content as written, without quotes; empty for a key that was given no value
   */
  record Scalar(YamlPlace place, String content) implements YamlValue {}

  /** {@code [a, b]} or lines that begin with a dash. */
  record Sequence(YamlPlace place, List<YamlValue> items) implements YamlValue {
    /** Copies the items. */
    public Sequence {
      items = List.copyOf(items);
    }
  }

  /** {@code key: value} pairs; see {@link YamlMap}. */
  record Mapping(YamlPlace place, YamlMap map) implements YamlValue {}

  /** The text of a scalar, which must not be empty. */
  default String text() {
    if (this instanceof Scalar(YamlPlace place, String text)) {
      if (text.isBlank()) {
        throw place.error("expected a value, found nothing");
      }
      return text;
    }
    throw place().error("expected a single value, found " + kind());
  }

  /** A text that can be a folder's name. */
  default String name() {
    String name = text();
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")) {
      throw place()
          .error("expected letters, digits, dots, dashes and underscores, found \"" + name + "\"");
    }
    return name;
  }

  /** Whether this is the single word {@code word}. */
  default boolean is(String word) {
    return this instanceof Scalar scalar && scalar.content().equals(word);
  }

  /** A whole number in [min, max]. */
  default long integer(long min, long max) {
    String text = text();
    long value;
    try {
      value = Long.parseLong(text);
    } catch (NumberFormatException notWhole) {
      throw place().error("expected a whole number, found \"" + text + "\"");
    }
    if (value < min || value > max) {
      throw place().error("must be in [" + min + ", " + max + "], got " + value);
    }
    return value;
  }

  /** A finite number in [min, max]. */
  default double number(double min, double max) {
    String text = text();
    double value;
    try {
      value = Double.parseDouble(text);
    } catch (NumberFormatException notNumber) {
      throw place().error("expected a number, found \"" + text + "\"");
    }
    if (!(value >= min && value <= max)) {
      throw place().error("must be in [" + min + ", " + max + "], got " + text);
    }
    return value;
  }

  /** {@code true} or {@code false}. */
  default boolean flag() {
    return switch (text()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw place().error("expected true or false, found \"" + text() + "\"");
    };
  }

  /** The constant of {@code type} whose name, in lower case with dashes, is written here. */
  default <E extends Enum<E>> E choice(Class<E> type) {
    String text = text();
    for (E constant : type.getEnumConstants()) {
      if (word(constant).equals(text)) {
        return constant;
      }
    }
    StringBuilder known = new StringBuilder();
    for (E constant : type.getEnumConstants()) {
      known.append(known.isEmpty() ? "" : ", ").append(word(constant));
    }
    throw place().error("expected one of " + known + ", found \"" + text + "\"");
  }

  /** Every item of a sequence, read by {@code reader}. */
  default <T> List<T> items(Function<YamlValue, T> reader) {
    if (this instanceof Sequence(YamlPlace place, List<YamlValue> items)) {
      return items.stream().map(reader).toList();
    }
    throw place().error("expected a list such as [a, b], found " + kind());
  }

  /** The pairs of a mapping. */
  default YamlMap map() {
    if (this instanceof Mapping(YamlPlace place, YamlMap map)) {
      return map;
    }
    throw place().error("expected keys and values, found " + kind());
  }

  /** The same value with every single text in it replaced. */
  default YamlValue withTexts(UnaryOperator<Scalar> replacement) {
    return switch (this) {
      case Scalar scalar -> replacement.apply(scalar);
      case Sequence(YamlPlace place, List<YamlValue> items) ->
          new Sequence(place, items.stream().map(item -> item.withTexts(replacement)).toList());
      case Mapping(YamlPlace place, YamlMap map) -> new Mapping(place, map.withTexts(replacement));
    };
  }

  /** The value in one line. */
  default String shown() {
    return switch (this) {
      case Scalar scalar -> scalar.content();
      case Sequence(YamlPlace place, List<YamlValue> items) ->
          items.stream().map(YamlValue::shown).toList().toString();
      case Mapping(YamlPlace place, YamlMap map) -> map.toString();
    };
  }

  /**
   * What {@code reader} makes of the text; an {@link IllegalArgumentException} or other input error
   * it throws is reported with this place.
   */
  default <T> T parsed(Function<String, T> reader) {
    String text = text();
    try {
      return reader.apply(text);
    } catch (BadInputException own) {
      throw own;
    } catch (RuntimeException e) {
      throw place().error(String.valueOf(e.getMessage()));
    }
  }

  /** The word of a constant: {@code PRUNE_THEN_QUANTIZE} is {@code prune-then-quantize}. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private String kind() {
    return switch (this) {
      case Scalar(YamlPlace p, String text) -> text.isBlank() ? "nothing" : "\"" + text + "\"";
      case Sequence s -> "a list";
      case Mapping m -> "keys and values";
    };
  }
}
