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
 */
public record Quantization(
    int weights,
    int activations,
    Scales scales,
    Observer observer,
    int firstLast,
    Set<Excluded> exclude,
    Optional<Constraint> constraint)
    implements Numbers {
  /** Copies the set. */
  public Quantization {
    exclude = Set.copyOf(exclude);
  }

  /** Where scales come from. */
  public enum Scales {
    /** Trained with the weights, from what the observer saw first. */
    LEARNED,
    /** What the observer sees. */
    OBSERVED
  }

  /** How a range is chosen from observed values. */
  public enum Observer {
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
