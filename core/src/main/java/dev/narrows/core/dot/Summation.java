package dev.narrows.core.dot;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.accumulator.Resolved;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.accumulator.Wrapping;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An accumulator, the order it is fed in, and the conventions of the run: what the text form {@code
 * int12:saturate:sorted:bias(preload)} or {@code m7e4(12)/m7e4(10):chunk(32)} says.
 *
 * @param zero empty: the network's own
 * @param bias empty: the network's own
 */
public record Summation(
    Accumulator accumulator,
    SummationOrder order,
    Optional<ZeroPointConvention> zero,
    Optional<BiasPlacement> bias) {

  public Summation {
    if (accumulator instanceof Exact
        && order instanceof SummationOrder.Chunked chunked
        && chunked.outerBits().isPresent()) {
      throw new IllegalArgumentException("an exact accumulator has no outer register");
    }
    if (accumulator instanceof FloatingAccumulator) {
      requireForFloats(order);
      if (zero.isPresent() || bias.isPresent()) {
        throw new IllegalArgumentException(
            "a floating-point register has no conventions: float operands have no zero point, and"
                + " their bias is added afterwards");
      }
    }
  }

  private static void requireForFloats(SummationOrder order) {
    switch (order) {
      case SummationOrder.Chunked(int size, OptionalInt outerBits) -> {
        if (outerBits.isPresent()) {
          throw new IllegalArgumentException(
              "a floating-point register adds chunk results in its own format, not in int"
                  + outerBits.getAsInt());
        }
      }
      case SummationOrder.Sequential s -> {}
      case SummationOrder.Reversed r -> {}
      case SummationOrder.Ascending a -> {}
      case SummationOrder.Sorted s -> throw noFloatOrder(order);
      case SummationOrder.SortedTiles t -> throw noFloatOrder(order);
      case SummationOrder.SignDirected s -> throw noFloatOrder(order);
    }
  }

  static IllegalArgumentException noFloatOrder(SummationOrder order) {
    return new IllegalArgumentException(
        "a floating-point register takes its terms in one of the orders %s, not %s"
            .formatted(SummationParser.FLOAT_ORDERS, order));
  }

  public Summation(Accumulator accumulator, SummationOrder order) {
    this(accumulator, order, Optional.empty(), Optional.empty());
  }

  /** The exact sum in index order, with the network's own conventions. */
  public static Summation exact() {
    return new Summation(new Exact(), new SummationOrder.Sequential());
  }

  /**
   * In index order; a floating-point register takes chunks of {@link FloatingAccumulator#CHUNK}.
   */
  public static SummationOrder defaultOrder(Accumulator accumulator) {
    return accumulator instanceof FloatingAccumulator
        ? new SummationOrder.Chunked(FloatingAccumulator.CHUNK)
        : new SummationOrder.Sequential();
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException naming the text, the part that is wrong and what was expected
   */
  public static Summation parse(String text) {
    return new SummationParser(text).parse();
  }

  /** The same order and conventions in another accumulator. */
  public Summation with(Accumulator other) {
    return new Summation(other, order, zero, bias);
  }

  /**
   * The canonical text: defaults are left out, and {@link #parse} reads it back to an equal value.
   */
  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            switch (accumulator) {
              case Exact e -> "exact";
              case Wrapping(int bits) -> "int" + bits + ":wrap";
              case Saturating(int bits) -> "int" + bits + ":saturate";
              case Resolved(int bits, boolean transientOnly) ->
                  "int" + bits + ":resolved" + (transientOnly ? "(transient)" : "");
              case FloatingAccumulator floating ->
                  floating.formats() + (floating.underflow() ? "" : ":no-underflow");
            });
    if (!order.equals(defaultOrder(accumulator))) {
      text.append(':').append(order);
    }
    zero.ifPresent(z -> text.append(":zero(").append(z).append(')'));
    bias.ifPresent(b -> text.append(":bias(").append(b).append(')'));
    return text.toString();
  }
}
