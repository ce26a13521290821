package dev.narrows.core.dot;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.Resolved;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.accumulator.Wrapping;
import java.util.Optional;

/**
 * An accumulator, the order it is fed in, and the conventions of the run: what the text form {@code
 * int12:saturate:sorted:bias(preload)} says.
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
  }

  public Summation(Accumulator accumulator, SummationOrder order) {
    this(accumulator, order, Optional.empty(), Optional.empty());
  }

  /** The exact sum in index order, with the network's own conventions. */
  public static Summation exact() {
    return new Summation(new Exact(), new SummationOrder.Sequential());
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
            });
    if (!(order instanceof SummationOrder.Sequential)) {
      text.append(':').append(order);
    }
    zero.ifPresent(z -> text.append(":zero(").append(z).append(')'));
    bias.ifPresent(b -> text.append(":bias(").append(b).append(')'));
    return text.toString();
  }
}
