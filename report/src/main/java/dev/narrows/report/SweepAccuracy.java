package dev.narrows.report;

/**
 * A trial's network in one register.
 *
 * @param accumulator in text form
 * @param bits P of the register
 * @param accuracy on the test images, in percent
 * @param validation accuracy on the validation images, in percent
 * @param differing test predictions unlike the exact ones
 */
public record SweepAccuracy(
    String accumulator, int bits, double accuracy, double validation, int differing) {
  /** How it sums, whatever the width: {@code saturate:sorted} of {@code int9:saturate:sorted}. */
  public String way() {
    return accumulator.replaceFirst("^int\\d+:", "");
  }
}
