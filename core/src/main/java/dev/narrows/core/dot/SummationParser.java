package dev.narrows.core.dot;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.AccumulatorForms;
import dev.narrows.core.accumulator.AccumulatorForms.AccumulatorReading;
import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.accumulator.FusedForms;
import dev.narrows.core.accumulator.TextForm.FormReading;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Reads the text form of a {@link Summation}; strict, so that a typing error never goes unseen. */
final class SummationParser {
  private static final Pattern WIDTH = Pattern.compile("int(\\d{1,9})");
  private static final Pattern WIDTHS = Pattern.compile("int(\\d{1,9})-(\\d{1,9})");
  private static final Pattern CONVENTION = Pattern.compile("(zero|bias)(?:\\(([a-z]*)\\))?");

  /** Between parts: not in brackets, where a reduction has colons of its own. */
  private static final Pattern COLON = Pattern.compile(":(?![^(]*\\))");

  private static final String NO_UNDERFLOW = "no-underflow";
  private static final String NEAREST = "nearest";
  private static final String FORMS =
      AccumulatorForms.integerForms()
          + ", then an order and conventions, such as int12:saturate:sorted; or for float operands "
          + AccumulatorForms.floatForms()
          + ", then an order, "
          + NEAREST
          + " or "
          + NO_UNDERFLOW;
  private static final String FLOAT_PARTS =
      "an order (" + OrderForms.forFloats() + "), " + NEAREST + " or " + NO_UNDERFLOW;
  private static final String PARTS =
      "an order (" + OrderForms.all() + ") or a convention (zero(raw|offset), bias(after|preload))";

  private final String text;
  private final List<String> parts;

  SummationParser(String text) {
    this.text = text;
    this.parts = new ArrayList<>(List.of(COLON.split(text.strip(), -1)));
    String hardware = FusedForms.named().get(parts.getFirst());
    if (hardware != null) {
      parts.removeFirst();
      parts.addAll(0, List.of(COLON.split(hardware, -1)));
    }
  }

  Summation parse() {
    return quoted(() -> read(accumulator()));
  }

  /** The order and conventions alone, in a given register. */
  Summation parseIn(Accumulator accumulator) {
    return quoted(() -> read(accumulator));
  }

  /** A text without its width. */
  Summation parseWay(int bits) {
    String first = parts.getFirst();
    return first.equals(AccumulatorForms.EXACT) || AccumulatorForms.isFloating(first)
        ? parse()
        : quoted(() -> read(integer(bits)));
  }

  /** One summation, or those of every width of a range, narrowest first. */
  List<Summation> parseWidths() {
    Matcher widths = WIDTHS.matcher(parts.getFirst());
    if (!widths.matches()) {
      return List.of(parse());
    }
    int from = Integer.parseInt(widths.group(1));
    int to = Integer.parseInt(widths.group(2));
    if (from > to) {
      throw new AccumulatorTextException(
          text, "a range of widths runs upwards, as in int8-20:saturate");
    }
    return quoted(() -> {
      parts.removeFirst();
      Summation first = read(integer(from));
      Accumulator.requireWidth(to);
      return IntStream.rangeClosed(from, to)
          .mapToObj(bits -> first.with(first.accumulator().withBits(bits)))
          .toList();
    });
  }

  private <T> T quoted(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (IllegalArgumentException e) {
      if (e instanceof AccumulatorTextException own) {
        throw own;
      }
      throw new AccumulatorTextException(text, String.valueOf(e.getMessage()));
    }
  }

  private Accumulator accumulator() {
    if (FusedForms.begins(parts.getFirst())) {
      return found(FusedForms.take(parts));
    }
    String first = parts.removeFirst();
    if (first.equals(AccumulatorForms.EXACT)) {
      return new Exact();
    }
    if (AccumulatorForms.isFloating(first)) {
      return found(AccumulatorForms.ofFormats(first));
    }
    Matcher width = WIDTH.matcher(first);
    if (!width.matches()) {
      throw unexpected(first, FORMS);
    }
    return integer(Integer.parseInt(width.group(1)));
  }

  private Accumulator integer(int bits) {
    return found(AccumulatorForms.ofPolicy(parts.isEmpty() ? "" : parts.removeFirst(), bits));
  }

  private Accumulator found(AccumulatorReading reading) {
    return reading.accumulator().orElseThrow(() -> unexpected(reading.found(), reading.expected()));
  }

  private Summation read(Accumulator named) {
    Accumulator accumulator = named;
    Optional<SummationOrder> order = Optional.empty();
    Optional<ZeroPointConvention> zero = Optional.empty();
    Optional<BiasPlacement> bias = Optional.empty();
    for (String part : parts) {
      Matcher convention = CONVENTION.matcher(part);
      if (part.equals(NO_UNDERFLOW) && accumulator instanceof FloatingAccumulator floating) {
        if (!floating.underflow()) {
          throw new AccumulatorTextException(text, "says no-underflow more than once");
        }
        accumulator = floating.withoutUnderflow();
      } else if (part.equals(NEAREST) && accumulator instanceof FloatingAccumulator floating) {
        accumulator = floating.nearest();
      } else if (convention.matches() && accumulator.takesIntegers()) {
        String argument = convention.group(2) == null ? "" : convention.group(2);
        switch (convention.group(1)) {
          case "zero" -> zero = once(zero, zero(part, argument), "zero-point convention");
          case "bias" -> bias = once(bias, bias(part, argument), "bias placement");
          default -> throw new IllegalStateException("no such convention: " + part);
        }
      } else {
        order = once(order, order(accumulator, part), "order");
      }
    }
    return new Summation(
        accumulator, order.orElse(Summation.defaultOrder(accumulator)), zero, bias);
  }

  private SummationOrder order(Accumulator accumulator, String part) {
    if (OrderForms.namesOuterRegister(part)) {
      accumulator
          .noOuterRegister()
          .ifPresent(why -> {
            throw new AccumulatorTextException(text, "found \"" + part + "\", but " + why);
          });
    }
    FormReading<SummationOrder> read =
        OrderForms.read(part, accumulator.takesIntegers() ? PARTS : FLOAT_PARTS);
    return read.value().orElseThrow(() -> unexpected(part, read.expected()));
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
