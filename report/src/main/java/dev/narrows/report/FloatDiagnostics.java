package dev.narrows.report;

import java.util.List;
import java.util.Optional;

/**
 * What a floating-point register did to the sums of one layer. Rates are percentages: of products,
 * or of steps, which are additions to a register.
 *
 * @param name of the layer
 * @param terms K: how many products one sum adds
 * @param order of the sum, with its chunk
 * @param dots dot products summed
 * @param productUnderflows non-zero products that became 0
 * @param productOverflows products that were clamped
 * @param sumUnderflows non-zero sums that became 0
 * @param sumOverflows sums that were clamped
 * @param swamped steps whose non-zero addend left the register unchanged
 * @param cutProducts products that lost bits: by rounding, or by the shift to the exponent of their
 *     group; absent where registers do not count it
 * @param cutSums sums that lost bits by rounding, likewise
 * @param signalToNoise of the sums against exact sums of the same operands, in decibels; absent
 *     where there is no noise, or no signal
 * @param mantissaNeeded bits that the variance retention ratio asks for at this K and chunk; absent
 *     where it is not defined
 */
public record FloatDiagnostics(
    String name,
    int terms,
    String order,
    long dots,
    double productUnderflows,
    double productOverflows,
    double sumUnderflows,
    double sumOverflows,
    double swamped,
    Optional<Double> cutProducts,
    Optional<Double> cutSums,
    Optional<Double> signalToNoise,
    Optional<Integer> mantissaNeeded) {
  /** What a register did, a layer a row. */
  static Table table(String accumulator, List<FloatDiagnostics> layers) {
    Table table =
        new Table(
            "Registers of " + accumulator + ", in percent of products and of steps",
            List.of(
                "layer",
                "K",
                "order",
                "product underflow",
                "product overflow",
                "sum underflow",
                "sum overflow",
                "swamped",
                "product bits cut",
                "sum bits cut",
                "signal to noise dB",
                "mantissa asked for"));
    for (FloatDiagnostics layer : layers) {
      table.row(
          layer.name(),
          layer.terms(),
          layer.order(),
          Table.percent(layer.productUnderflows()),
          Table.percent(layer.productOverflows()),
          Table.percent(layer.sumUnderflows()),
          Table.percent(layer.sumOverflows()),
          Table.percent(layer.swamped()),
          layer.cutProducts().map(Table::percent).orElse(""),
          layer.cutSums().map(Table::percent).orElse(""),
          layer.signalToNoise().map(Table::percent).orElse(""),
          layer.mantissaNeeded().map(String::valueOf).orElse(""));
    }
    return table.withoutEmpty("product bits cut").withoutEmpty("sum bits cut");
  }
}
