package dev.narrows.training.optimize;

/**
 * A range of the flat parameter array whose values are updated by the same rule.
 *
 * @param kind what the values are: decides decay, rule and rate
 */
public record Slot(int offset, int length, ParameterKind kind) {
  /** Which rule updates a slot. */
  public enum ParameterKind {
    /** Weights of dot layers: the phase's rule, with weight decay. */
    WEIGHT,
    /** Biases and batch norm: the phase's rule, no decay. */
    OTHER,
    /**
     * log2 scales of quantisers: always Adam at a rate of their own, because their gradient's size
     * follows the number of values quantised (Jain et al. 2020, arXiv 1903.08066, use the same
     * remedy).
     */
    LOG_SCALE
  }
}
