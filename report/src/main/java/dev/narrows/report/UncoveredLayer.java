package dev.narrows.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A layer of a network that a result says nothing of: a certificate promises nothing of it, a
 * target has no register for it, or its order was not looked at.
 *
 * @param name of the layer
 * @param kind averagePool, add, …
 * @param reason why, in words
 */
public record UncoveredLayer(String name, String kind, String reason) {
  /**
   * One row for every reason.
   *
   * @param outside what is done to the sums of covered layers that is not covered either
   */
  static Table table(List<UncoveredLayer> layers, List<String> outside) {
    Map<String, List<String>> byReason = new LinkedHashMap<>();
    for (UncoveredLayer layer : layers) {
      byReason.computeIfAbsent(layer.reason(), reason -> new ArrayList<>()).add(layer.name());
    }
    Table table = new Table("Not covered", List.of("why", "layers"));
    byReason.forEach((reason, names) -> table.row(reason, String.join(", ", names)));
    for (String what : outside) {
      table.row("behind the sum, outside the register", what);
    }
    return table;
  }
}
