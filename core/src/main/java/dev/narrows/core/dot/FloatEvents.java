package dev.narrows.core.dot;

/**
 * What happened in floating-point registers. Counts of disjoint sets of dot products add.
 *
 * @param products quantised products: K per dot product
 * @param productUnderflows non-zero products that became 0; in registers that take groups, by the
 *     rounding of an operand
 * @param productOverflows products that were clamped, or became infinite; in registers that take
 *     groups, those with an operand beyond its format
 * @param steps addends: one per product, and one per chunk result that joins the total
 * @param sumUnderflows non-zero sums that became 0
 * @param sumOverflows sums that were clamped, or became infinite
 * @param swamps steps whose addend (quantised product, or chunk result) was not 0 and that left the
 *     register unchanged, for whatever reason; in registers that take groups, products of which no
 *     bit is left when they are shifted to the group's exponent
 * @param productCuts products that lost bits by rounding, or by the shift to their group's exponent
 * @param sumCuts sums that lost bits by rounding; both are counted but in registers that truncate
 *     term by term, where they are 0
 */
public record FloatEvents(
    long products,
    long productUnderflows,
    long productOverflows,
    long steps,
    long sumUnderflows,
    long sumOverflows,
    long swamps,
    long productCuts,
    long sumCuts) {
  private static final FloatEvents NONE = new FloatEvents(0, 0, 0, 0, 0, 0, 0);

  /** Of registers that do not count what is cut. */
  public FloatEvents(
      long products,
      long productUnderflows,
      long productOverflows,
      long steps,
      long sumUnderflows,
      long sumOverflows,
      long swamps) {
    this(
        products,
        productUnderflows,
        productOverflows,
        steps,
        sumUnderflows,
        sumOverflows,
        swamps,
        0,
        0);
  }

  /** Of no dot product. */
  public static FloatEvents none() {
    return NONE;
  }

  /** The events of both. */
  public FloatEvents plus(FloatEvents other) {
    return new FloatEvents(
        products + other.products,
        productUnderflows + other.productUnderflows,
        productOverflows + other.productOverflows,
        steps + other.steps,
        sumUnderflows + other.sumUnderflows,
        sumOverflows + other.sumOverflows,
        swamps + other.swamps,
        productCuts + other.productCuts,
        sumCuts + other.sumCuts);
  }
}
