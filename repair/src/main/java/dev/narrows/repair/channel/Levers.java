package dev.narrows.repair.channel;

/**
 * What a repair may do to a channel.
 *
 * @param growth let the scale grow, so that the integers become smaller
 * @param threshold take away from every weight of a sign that is over its budget
 * @param feedback round weight by weight, each within what is left of the budget, and spread what
 *     that leaves over the weights still to come
 * @param correctBias take out of the bias what the new weights add on average
 */
public record Levers(boolean growth, boolean threshold, boolean feedback, boolean correctBias) {
  /** Everything. */
  public static Levers all() {
    return new Levers(true, true, true, true);
  }
}
