package dev.narrows.repair.channel;

/**
 * What a repair may do to a channel.
 *
 * @param growth let the scale grow, so that the integers become smaller
 * @param threshold take away from every weight of a sign that is over its budget
 * @param feedback round weight by weight, each within what is left of the budget, and spread what
 *     that leaves over the weights still to come
 * @param search make the error smaller step by step from what the others found, the scale with it
 * @param correctBias take out of the bias what the new weights add on average
 */
public record Levers(
    boolean growth, boolean threshold, boolean feedback, boolean search, boolean correctBias) {
  /** Search where there is feedback. */
  public Levers(boolean growth, boolean threshold, boolean feedback, boolean correctBias) {
    this(growth, threshold, feedback, feedback, correctBias);
  }

  /** Everything. */
  public static Levers all() {
    return new Levers(true, true, true, true, true);
  }

  /** The levers of docs/repair.md and no search. */
  public Levers withoutSearch() {
    return new Levers(growth, threshold, feedback, false, correctBias);
  }
}
