package dev.narrows.experiments.reproduce.a2q;

import dev.narrows.experiments.reproduce.a2q.A2qTrials.LimitMethod;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.TestBed;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is trained for {@link A2qPareto}.
 *
 * @param registers for each width of weights and activations those that limit: from where a limit
 *     begins to press on layers of a few hundred terms, downwards
 * @param signSum the same of registers that only {@link LimitMethod#SIGN_SUM} is tried in
 */
record A2qParetoPlan(
    TestBed bed,
    int epochs,
    SortedMap<Integer, List<Integer>> registers,
    Map<Integer, List<Integer>> signSum) {
  static A2qParetoPlan of(Scale scale, TestBed bed) {
    return switch (scale) {
      case SMOKE ->
          new A2qParetoPlan(bed, 1, registers(List.of(14, 11), List.of(18, 15)), Map.of());
      case TWO_CORE ->
          bed.isLarge()
              ? new A2qParetoPlan(bed, 3, registers(List.of(15, 14, 13, 12), List.of(16)), Map.of())
              : new A2qParetoPlan(
                  bed, 3, registers(List.of(13, 12, 11, 10), List.of(16)), Map.of(8, List.of(17)));
    };
  }

  private static SortedMap<Integer, List<Integer>> registers(
      List<Integer> four, List<Integer> eight) {
    return new TreeMap<>(Map.of(4, four, 8, eight));
  }

  Set<Integer> operands() {
    return registers.keySet();
  }
}
