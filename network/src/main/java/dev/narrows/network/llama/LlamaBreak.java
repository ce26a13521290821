package dev.narrows.network.llama;

/**
 * Where a register failed one token.
 *
 * @param product the layer that sums, by the names of {@link LlamaModel#network}
 * @param prediction the token's number among all that are run, from 0
 */
public record LlamaBreak(BreakKind kind, String product, int prediction) {
  /** What happened. */
  public enum BreakKind {
    /** A sum of the product, or an operand of it, is infinite or not a number. */
    NOT_FINITE,
    /** The token looks at an earlier one of its window whose key or value is not finite. */
    CARRIED,
    /** A product or a sum was clamped, or became infinite: the first of all tokens. */
    OVERFLOW
  }
}
