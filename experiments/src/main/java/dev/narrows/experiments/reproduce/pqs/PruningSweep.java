package dev.narrows.experiments.reproduce.pqs;

import static dev.narrows.experiments.reproduce.pqs.PqsFigure3.cell;

import dev.narrows.experiments.reproduce.figure.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** By setting (sparsity or rank), then by order. */
record PruningSweep(Map<Double, Map<String, PrunedOutcomes>> cells) {
  static Spread gain(Map<String, PrunedOutcomes> orders) {
    List<Double> gains = new ArrayList<>();
    List<PrunedOutcome> before = cell(orders, "P→Q").outcomes();
    List<PrunedOutcome> after = cell(orders, "Q→P").outcomes();
    for (int i = 0; i < before.size(); i++) {
      gains.add(before.get(i).exact() - after.get(i).exact()); // seeds are paired
    }
    return Spread.of(gains, Double::doubleValue);
  }
}
