package dev.narrows.experiments.recipe;

import java.util.Optional;
import java.util.Set;

/**
 * How weights and activations become integers.
 *
 * @param weights W, 2 to 8 bits, signed, symmetric, per output channel
 * @param activations A, 2 to 8 bits, unsigned after a ReLU, else signed
 * @param firstLast W and A of the first and the last dot layer, 2 to 8 bits
 * @param exclude layers that keep an exact register, dense weights and are reported so
 * @param constraint a norm limit on the weights of the other layers; needs learned scales
 * @param start a network of the same layers in integers (.narrows), such as a repaired one, whose
 *     integers and scales training begins with; needs learned scales
 */
public record IntegerNumbers(
    int weights,
    int activations,
    Scales scales,
    RangeObserver observer,
    int firstLast,
    Set<Excluded> exclude,
    Optional<Constraint> constraint,
    Optional<String> start)
    implements Numbers {
  /**
   * Copies the set.
   *
   * @throws IllegalArgumentException naming the key if a width is not 2 to 8 bits
   */
  public IntegerNumbers {
    RecipeRange.OPERAND_BITS.require("quantization.weights", weights);
    RecipeRange.OPERAND_BITS.require("quantization.activations", activations);
    RecipeRange.OPERAND_BITS.require("quantization.firstLast", firstLast);
    exclude = Set.copyOf(exclude);
  }

  /**
   * What a recipe means that says no more: learned scales, observed by least squared error, first
   * and last layer 8 bits on exact registers, no limit.
   */
  public static IntegerNumbers of(int weights, int activations) {
    return new IntegerNumbers(
        weights,
        activations,
        Scales.LEARNED,
        RangeObserver.MSE,
        8,
        Set.of(Excluded.values()),
        Optional.empty(),
        Optional.empty());
  }

  /** The same with ranges chosen otherwise. */
  public IntegerNumbers withObserver(RangeObserver other) {
    return new IntegerNumbers(
        weights, activations, scales, other, firstLast, exclude, constraint, start);
  }

  /** The same with other bits of the first and the last layer. */
  public IntegerNumbers withFirstLast(int bits) {
    return new IntegerNumbers(
        weights, activations, scales, observer, bits, exclude, constraint, start);
  }

  /** The same with other layers on exact registers. */
  public IntegerNumbers withExclude(Set<Excluded> layers) {
    return new IntegerNumbers(
        weights, activations, scales, observer, firstLast, layers, constraint, start);
  }

  /** The same under a norm limit. */
  public IntegerNumbers withConstraint(Constraint limit) {
    return new IntegerNumbers(
        weights, activations, scales, observer, firstLast, exclude, Optional.of(limit), start);
  }

  /** The same, begun from integers that are there. */
  public IntegerNumbers withStart(String network) {
    return new IntegerNumbers(
        weights,
        activations,
        scales,
        observer,
        firstLast,
        exclude,
        constraint,
        Optional.of(network));
  }

  /** Where scales come from. */
  public enum Scales {
    /** Trained with the weights, from what the observer saw first. */
    LEARNED,
    /** What the observer sees. */
    OBSERVED
  }

  /** How a range is chosen from observed values. */
  public enum RangeObserver {
    /** The least and the greatest value. */
    MIN_MAX,
    /** A high percentile of the magnitudes. */
    PERCENTILE,
    /** The range with the least mean squared error. */
    MSE
  }

  /** A layer that is treated with more care than the others. */
  public enum Excluded {
    /** The dot layer nearest to the input. */
    FIRST,
    /** The dot layer nearest to the output. */
    LAST
  }
}
