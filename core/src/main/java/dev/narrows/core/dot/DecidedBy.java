package dev.narrows.core.dot;

/**
 * What told the result of a dot product in its register, or its class, from the cheapest argument
 * to the dearest.
 *
 * @see "docs/accumulators.md, Writes and classes"
 */
public enum DecidedBy {
  /** The exact sum is the answer: of exact and resolved registers, and of those that wrap. */
  EXACT_SUM("the exact sum"),

  /** No input of the block can take the channel out of the register (its sign-sum bound). */
  CHANNEL_BOUND("the channel's bound"),

  /** Every term fits, so the order is never transient: theorem A of docs/accumulators.md. */
  FITTING_TERMS("theorem A: every term fits"),

  /**
   * The sums of the dot product's own positive and negative terms, which bound its writes in every
   * order, or its final sum, if that alone says the class.
   */
  OWN_SUMS("its own sums by sign"),

  /** Every step, in an order that does not depend on the terms. */
  STEPS("every step in turn"),

  /** Its terms, brought into the order that depends on them, and every step. */
  ARRANGED_TERMS("arranging its terms"),

  /** The scalar reference: what no fast kernel covers. */
  REFERENCE("the scalar reference");

  private final String text;

  DecidedBy(String text) {
    this.text = text;
  }

  /** As in {@code 37 % by every step in turn}. */
  @Override
  public String toString() {
    return text;
  }
}
