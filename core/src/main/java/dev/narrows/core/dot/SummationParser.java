package dev.narrows.core.dot;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.accumulator.Resolved;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.accumulator.Wrapping;
import dev.narrows.core.dot.SummationOrder.Ascending;
import dev.narrows.core.dot.SummationOrder.Chunked;
import dev.narrows.core.dot.SummationOrder.Reversed;
import dev.narrows.core.dot.SummationOrder.Sequential;
import dev.narrows.core.dot.SummationOrder.SignDirected;
import dev.narrows.core.dot.SummationOrder.Sorted;
import dev.narrows.core.dot.SummationOrder.SortedTiles;
import dev.narrows.core.format.FloatingFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the text form of a {@link Summation}; strict, so that a typing error never goes unseen. */
final class SummationParser {
  private static final Pattern WIDTH = Pattern.compile("int(\\d{1,9})");
  private static final Pattern PART = Pattern.compile("([a-z-]+)(?:\\(([a-z0-9,]*)\\))?");
  private static final Pattern FORMAT = Pattern.compile("m(\\d{1,3})e(\\d{1,3})\\((-?\\d{1,4})\\)");
  private static final Pattern WITHOUT_BIAS = Pattern.compile("m\\d{1,3}e\\d{1,3}");
  static final String FLOAT_ORDERS = "sequential, reversed, chunk(n), ascending";
  private static final String FLOAT_FORMS =
      "m7e4(12)/m7e4(10) (mantissa and exponent bits and bias of products and sums), one format for"
          + " both, or one of "
          + String.join(", ", FloatingAccumulator.named().keySet());
  private static final String FORMS =
      "exact, int<P>:wrap, int<P>:saturate or int<P>:resolved, then an order and conventions,"
          + " such as int12:saturate:sorted; or for float operands "
          + FLOAT_FORMS
          + ", then an order or no-underflow";
  private static final String FLOAT_PARTS = "an order (" + FLOAT_ORDERS + ") or no-underflow";
  private static final String ORDERS =
      "an order (reversed, chunk(n), chunk(n,int32), ascending, sorted, sorted(r), tiles(T,r),"
          + " sign-directed) or a convention (zero(raw|offset), bias(after|preload))";

  private final String text;
  private final List<String> parts;

  SummationParser(String text) {
    this.text = text;
    this.parts = new ArrayList<>(List.of(text.strip().split(":", -1)));
  }

  Summation parse() {
    try {
      return read();
    } catch (IllegalArgumentException e) {
      if (e instanceof AccumulatorTextException own) {
        throw own;
      }
      throw new AccumulatorTextException(text, String.valueOf(e.getMessage()));
    }
  }

  private Summation read() {
    Optional<FloatingAccumulator> floating = floating(parts.getFirst());
    if (floating.isPresent()) {
      parts.removeFirst();
      return floating(floating.get());
    }
    Accumulator accumulator = accumulator();
    Optional<SummationOrder> order = Optional.empty();
    Optional<ZeroPointConvention> zero = Optional.empty();
    Optional<BiasPlacement> bias = Optional.empty();
    for (String part : parts) {
      Matcher matcher = PART.matcher(part);
      if (!matcher.matches()) {
        throw unexpected(part, ORDERS);
      }
      String name = matcher.group(1);
      String arguments = matcher.group(2) == null ? "" : matcher.group(2);
      boolean bare = matcher.group(2) == null;
      switch (name) {
        case "zero" -> zero = once(zero, zero(part, arguments), "zero-point convention");
        case "bias" -> bias = once(bias, bias(part, arguments), "bias placement");
        default -> order = once(order, order(part, name, bare, arguments, ORDERS), "order");
      }
    }
    return new Summation(accumulator, order.orElseGet(Sequential::new), zero, bias);
  }

  private Summation floating(FloatingAccumulator named) {
    FloatingAccumulator accumulator = named;
    Optional<SummationOrder> order = Optional.empty();
    for (String part : parts) {
      Matcher matcher = PART.matcher(part);
      if (part.equals("no-underflow") && accumulator.underflow()) {
        accumulator = accumulator.withoutUnderflow();
      } else if (part.equals("no-underflow")) {
        throw new AccumulatorTextException(text, "says no-underflow more than once");
      } else if (matcher.matches()) {
        boolean bare = matcher.group(2) == null;
        String arguments = bare ? "" : matcher.group(2);
        order = once(order, order(part, matcher.group(1), bare, arguments, FLOAT_PARTS), "order");
      } else {
        throw unexpected(part, FLOAT_PARTS);
      }
    }
    return new Summation(accumulator, order.orElse(Summation.defaultOrder(accumulator)));
  }

  /** A name, one format or two; empty if the text begins as an integer register does. */
  private Optional<FloatingAccumulator> floating(String first) {
    Optional<FloatingAccumulator> named = FloatingAccumulator.named(first);
    if (named.isPresent() || !first.startsWith("m")) {
      return named;
    }
    String[] formats = first.split("/", -1);
    if (formats.length > 2) {
      throw unexpected(first, FLOAT_FORMS);
    }
    return Optional.of(
        new FloatingAccumulator(format(formats[0]), format(formats[formats.length - 1]), true));
  }

  private FloatingFormat format(String format) {
    if (WITHOUT_BIAS.matcher(format).matches()) {
      throw unexpected(
          format, "its exponent bias with it, as %s(12), or ".formatted(format) + FLOAT_FORMS);
    }
    Matcher matcher = FORMAT.matcher(format);
    if (!matcher.matches()) {
      throw unexpected(format, FLOAT_FORMS);
    }
    return new FloatingFormat(
        Integer.parseInt(matcher.group(1)),
        Integer.parseInt(matcher.group(2)),
        Integer.parseInt(matcher.group(3)));
  }

  private Accumulator accumulator() {
    String first = parts.removeFirst();
    if (first.equals("exact")) {
      return new Exact();
    }
    Matcher width = WIDTH.matcher(first);
    if (!width.matches()) {
      throw unexpected(first, FORMS);
    }
    int bits = Integer.parseInt(width.group(1));
    String policy = parts.isEmpty() ? "" : parts.removeFirst();
    return switch (policy) {
      case "wrap" -> new Wrapping(bits);
      case "saturate" -> new Saturating(bits);
      case "resolved" -> new Resolved(bits, false);
      case "resolved(transient)" -> new Resolved(bits, true);
      default ->
          throw unexpected(
              policy, "wrap, saturate, resolved or resolved(transient) after int" + bits);
    };
  }

  private SummationOrder order(
      String part, String name, boolean bare, String arguments, String expected) {
    if (bare) {
      return switch (name) {
        case "sequential" -> new Sequential();
        case "reversed" -> new Reversed();
        case "ascending" -> new Ascending();
        case "sign-directed" -> new SignDirected();
        case "sorted" -> Sorted.all();
        default -> throw unexpected(part, expected);
      };
    }
    String[] list = arguments.split(",", -1);
    return switch (name + "/" + list.length) {
      case "sorted/1" -> Sorted.rounds(number(part, list[0]));
      case "chunk/1" -> new Chunked(number(part, list[0]));
      case "chunk/2" ->
          new Chunked(number(part, list[0]), OptionalInt.of(outerBits(part, list[1])));
      case "tiles/1" -> new SortedTiles(number(part, list[0]), OptionalInt.empty());
      case "tiles/2" ->
          new SortedTiles(number(part, list[0]), OptionalInt.of(number(part, list[1])));
      default -> throw unexpected(part, expected);
    };
  }

  private int outerBits(String part, String outer) {
    Matcher width = WIDTH.matcher(outer);
    if (!width.matches()) {
      throw unexpected(part, "chunk(n,int<P>)");
    }
    return Integer.parseInt(width.group(1));
  }

  private ZeroPointConvention zero(String part, String argument) {
    return switch (argument) {
      case "raw" -> ZeroPointConvention.RAW;
      case "offset" -> ZeroPointConvention.OFFSET;
      default -> throw unexpected(part, "zero(raw) or zero(offset)");
    };
  }

  private BiasPlacement bias(String part, String argument) {
    return switch (argument) {
      case "after" -> BiasPlacement.AFTER;
      case "preload" -> BiasPlacement.PRELOAD;
      default -> throw unexpected(part, "bias(after) or bias(preload)");
    };
  }

  private int number(String part, String digits) {
    if (!digits.matches("\\d{1,9}")) {
      throw unexpected(part, "a whole number of at most nine digits in the brackets");
    }
    return Integer.parseInt(digits);
  }

  private <T> Optional<T> once(Optional<T> before, T value, String what) {
    if (before.isPresent()) {
      throw new AccumulatorTextException(text, "names more than one " + what);
    }
    return Optional.of(value);
  }

  private AccumulatorTextException unexpected(String part, String expected) {
    return new AccumulatorTextException(text, "found \"" + part + "\", expected " + expected);
  }
}
