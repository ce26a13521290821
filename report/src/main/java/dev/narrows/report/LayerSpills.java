package dev.narrows.report;

import java.util.List;
import java.util.Locale;

/**
 * How often a spilling register of one layer spilled.
 *
 * @param name of the layer
 * @param register in text form
 * @param terms K: how many products one sum adds
 * @param dots dot products summed
 * @param spilling dot products that spilled at least once
 * @param spills additions to the wide register
 * @param predictedSpilling {@code spilling} as the profile of exact sums says
 * @param leastSpills the fewest that the profile says are needed
 */
public record LayerSpills(
    String name,
    String register,
    int terms,
    long dots,
    long spilling,
    long spills,
    long predictedSpilling,
    long leastSpills) {
  /** How often registers spilled, a layer a row. */
  static Table table(String accumulator, List<LayerSpills> layers) {
    Table table =
        new Table(
            "Spills of " + accumulator + ", predicted from the widths of exact sums",
            List.of(
                "layer",
                "register",
                "K",
                "dots",
                "spilling %",
                "predicted %",
                "spills",
                "at least",
                "spills a dot"));
    for (LayerSpills layer : layers) {
      table.row(
          layer.name(),
          layer.register(),
          layer.terms(),
          layer.dots(),
          Table.percent(layer.share(layer.spilling())),
          Table.percent(layer.share(layer.predictedSpilling())),
          layer.spills(),
          layer.leastSpills(),
          String.format(Locale.ROOT, "%.3f", layer.share(layer.spills()) / 100));
    }
    return table;
  }

  private double share(long count) {
    return dots == 0 ? 0 : 100.0 * count / dots;
  }
}
