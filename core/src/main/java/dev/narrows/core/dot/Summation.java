package dev.narrows.core.dot;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.Exact;
import java.util.List;
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
    if (order.outerBits().isPresent()) {
      accumulator
          .noOuterRegister()
          .ifPresent(why -> {
            throw new IllegalArgumentException(why);
          });
    }
    if (!order.forIntegers() && accumulator.takesIntegers()) {
      throw new IllegalArgumentException(
          accumulator
              .noOuterRegister()
              .orElse(
                  "chunk sums of integers are added in a register of integers: an integer register"
                      + " int<P> in the brackets, as in chunk(n,int32)"));
    }
    if (accumulator.takesGroups() && !order.forGroups()) {
      throw new IllegalArgumentException(
          "%s adds groups of terms, in one of the orders %s, not %s"
              .formatted(accumulator, OrderForms.forGroups(), order));
    }
    if (order.lanes().isPresent()) {
      accumulator
          .noLanes()
          .ifPresent(why -> {
            throw new IllegalArgumentException(why);
          });
    }
    if (!accumulator.takesIntegers()) {
      if (!order.forFloats()) {
        throw noFloatOrder(order);
      }
      if (zero.isPresent() || bias.isPresent()) {
        throw new IllegalArgumentException(
            "a floating-point register has no conventions: float operands have no zero point, and"
                + " their bias is added afterwards");
      }
    }
  }

  static IllegalArgumentException noFloatOrder(SummationOrder order) {
    return new IllegalArgumentException(
        "a floating-point register takes its terms in one of the orders %s, not %s"
            .formatted(OrderForms.forFloats(), order));
  }

  /** An accumulator and an order, without conventions for zero points and bias. */
  public Summation(Accumulator accumulator, SummationOrder order) {
    this(accumulator, order, Optional.empty(), Optional.empty());
  }

  /** The exact sum in index order, with the network's own conventions. */
  public static Summation exact() {
    return new Summation(new Exact(), new SummationOrder.Sequential());
  }

  /**
   * In index order, in chunks where the accumulator has a number of terms for them: {@link
   * Accumulator#chunk}.
   */
  public static SummationOrder defaultOrder(Accumulator accumulator) {
    OptionalInt chunk = accumulator.chunk();
    return chunk.isPresent()
        ? new SummationOrder.Chunked(chunk.getAsInt())
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

  /**
   * Whether no dot product of terms of {@code termBits} bits is transient, whatever the terms and
   * their number: theorem A of docs/accumulators.md. A preloaded bias must fit as well.
   *
   * @param termBits width of the widest term that can occur
   */
  public boolean neverTransient(int termBits) {
    return order.neverTransientWhenTermsFit() && termBits <= accumulator.bits();
  }

  /**
   * Whether every dot product of terms of {@code termBits} bits ends at clamp(exact sum, L, U),
   * with [L, U] = [−2^(P−1), 2^(P−1) − 1]: by definition, or by theorem A of docs/accumulators.md,
   * equation (6). A preloaded bias must fit as well. False where that is not known, so also with an
   * outer register, which holds the final sum instead of this one.
   *
   * @param termBits width of the widest term that can occur
   */
  public boolean isClampOfExactSum(int termBits) {
    return !order.severalRegisters() && accumulator.clampsExactSum(neverTransient(termBits));
  }

  /**
   * Reads the text form, or that of a range of widths: {@code int8-20:saturate} is thirteen
   * summations.
   *
   * @return narrowest first
   * @throws IllegalArgumentException as {@link #parse}
   */
  public static List<Summation> parseWidths(String text) {
    return new SummationParser(text).parseWidths();
  }

  /**
   * Reads what follows an accumulator in the text form: an order, conventions, or both, such as
   * {@code sorted:bias(preload)}.
   *
   * @throws IllegalArgumentException as {@link #parse}
   */
  public static Summation parseIn(Accumulator accumulator, String text) {
    return new SummationParser(text).parseIn(accumulator);
  }

  /**
   * Reads what {@link #way} gives.
   *
   * @param bits P; not used where the way names a register's formats, or exact sums
   * @throws IllegalArgumentException as {@link #parse}
   */
  public static Summation parseWay(String way, int bits) {
    return new SummationParser(way).parseWay(bits);
  }

  /**
   * The same in a register of {@code bits} bits.
   *
   * @throws IllegalArgumentException if there is no such register
   */
  public Summation withBits(int bits) {
    return with(accumulator.withBits(bits));
  }

  /**
   * The same with the order that it is for dot products of so many terms.
   *
   * @param terms K
   */
  public Summation over(int terms) {
    return new Summation(accumulator, order.over(terms), zero, bias);
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
    return accumulator + suffix();
  }

  /**
   * How it sums, whatever the width: {@code saturate:sorted} of {@code int9:saturate:sorted}. What
   * the points of a curve over widths have in common.
   */
  public String way() {
    return accumulator.policy() + suffix();
  }

  /**
   * The order as a phrase for people, such as {@code natural order} or {@code sorted}; conventions
   * that are named follow.
   */
  public String orderInWords() {
    String named = suffix();
    if (!named.isEmpty()) {
      return named.substring(1);
    }
    return order.equals(new SummationOrder.Sequential()) ? "natural order" : order.toString();
  }

  /** The way of summing as a phrase for people, such as {@code saturating, natural order}. */
  public String wayInWords() {
    boolean said = suffix().isEmpty() && (accumulator.orderFree() || !accumulator.takesIntegers());
    return accumulator.policyInWords() + (said ? "" : ", " + orderInWords());
  }

  private String suffix() {
    StringBuilder text = new StringBuilder();
    if (!order.equals(defaultOrder(accumulator))) {
      text.append(':').append(order);
    }
    zero.ifPresent(z -> text.append(":zero(").append(z).append(')'));
    bias.ifPresent(b -> text.append(":bias(").append(b).append(')'));
    return text.toString();
  }
}
