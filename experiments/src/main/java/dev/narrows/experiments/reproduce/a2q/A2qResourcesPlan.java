package dev.narrows.experiments.reproduce.a2q;

import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.TestBed;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is trained for {@link A2qResources}: operands of 4 bits, whose codes take 15 thresholds, and
 * of 6, whose codes take 63.
 *
 * @param registers for each width of weights and activations those that limit, around the narrowest
 *     that costs no accuracy
 * @param narrower further ones, for sign-sum and repair, which keep their accuracy longest
 */
record A2qResourcesPlan(
    TestBed bed,
    int epochs,
    SortedMap<Integer, List<Integer>> registers,
    Map<Integer, List<Integer>> narrower) {
  static A2qResourcesPlan of(Scale scale, TestBed bed) {
    return switch (scale) {
      case SMOKE ->
          new A2qResourcesPlan(
              bed, 1, new TreeMap<>(Map.of(4, List.of(14), 6, List.of(16))), Map.of());
      case TWO_CORE ->
          new A2qResourcesPlan(
              bed,
              3,
              new TreeMap<>(Map.of(4, List.of(13, 12), 6, List.of(16, 15))),
              Map.of(6, List.of(14, 13)));
    };
  }

  Set<Integer> operands() {
    return registers.keySet();
  }
}
