package dev.narrows.core.dot;

/**
 * What happened in floating-point registers. Counts of disjoint sets of dot products add.
 *
 * @param products quantised products: K per dot product
 * @param productUnderflows non-zero products that became 0
 * @param productOverflows products that were clamped
 * @param steps quantised sums: one per product, and one per chunk result that joins the total
 * @param sumUnderflows non-zero sums that became 0
 * @param sumOverflows sums that were clamped
 * @param swamps steps whose addend (quantised product, or chunk result) was not 0 and that left the
 *     register unchanged, for whatever reason
 */
public record FloatEvents(
    long products,
    long productUnderflows,
    long productOverflows,
    long steps,
    long sumUnderflows,
    long sumOverflows,
    long swamps) {
  private static final FloatEvents NONE = new FloatEvents(0, 0, 0, 0, 0, 0, 0);

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
        swamps + other.swamps);
  }
}
