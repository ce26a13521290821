package dev.narrows.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * What stands between a kernel and any speed: steps of some instruction mixes for each
 * multiply-accumulate, one after the other.
 *
 * @param steps vector steps of each mix for a vector of multiply-accumulates
 */
record PortLimit(Map<InstructionMix, Double> steps) {
  private static final int RUN = 16; // rows that a sorting network keeps in registers
  private static final int GREEN = 60; // comparators of its network for them
  private static final int CLEAN = 32; // of the last four steps of a merge of them

  /** One step for each vector of multiply-accumulates. */
  static PortLimit of(InstructionMix mix) {
    return new PortLimit(Map.of(mix, 1.0));
  }

  /** Several steps. */
  static PortLimit of(InstructionMix mix, double steps) {
    return new PortLimit(Map.of(mix, steps));
  }

  /**
   * A product, and the comparators of a network over {@code terms} rows; pairing and walking are
   * not counted.
   */
  static PortLimit sorting(InstructionMix product, InstructionMix comparators, int terms) {
    Map<InstructionMix, Double> steps = new LinkedHashMap<>();
    steps.put(product, 1.0);
    steps.put(comparators, (double) comparators(terms) / terms);
    return new PortLimit(steps);
  }

  /** Multiply-accumulates in a nanosecond, if each mix runs at a rate of steps a nanosecond. */
  double rate(ToDoubleFunction<InstructionMix> rates) {
    double time = 0;
    for (Map.Entry<InstructionMix, Double> step : steps.entrySet()) {
      InstructionMix mix = step.getKey();
      time += step.getValue() / (rates.applyAsDouble(mix) * mix.lanes());
    }
    return 1 / time;
  }

  Set<InstructionMix> mixes() {
    return steps.keySet();
  }

  /**
   * The instructions of a vector of multiply-accumulates, such as {@code 2 fma} or {@code 31 min}.
   */
  String words() {
    Map<String, Double> counts = new LinkedHashMap<>();
    // in the order of the enum: that of a map of several is not
    Arrays.stream(InstructionMix.values())
        .filter(steps::containsKey)
        .forEach(mix ->
            mix.instructions().forEach(one -> counts.merge(one, steps.get(mix), Double::sum)));
    List<String> words = new ArrayList<>();
    counts.forEach((one, count) -> words.add(count == 1 ? one : number(count) + " " + one));
    return words.stream().collect(Collectors.joining(", "));
  }

  private static String number(double count) {
    return count == Math.rint(count)
        ? Long.toString((long) count)
        : String.format(Locale.ROOT, "%.1f", count);
  }

  /**
   * Comparators of a bitonic network over rows, of which runs of sixteen are sorted by Green's:
   * pairs of two runs are flipped, halved down to sixteen and cleaned.
   */
  static int comparators(int rows) {
    int padded = (rows + RUN - 1) / RUN * RUN;
    int count = padded / RUN * GREEN;
    for (int run = RUN; run < padded; run *= 2) {
      for (int row = 0; row + run < padded; row += 2 * run) {
        int merged = Math.min(2 * run, padded - row);
        count += merged - run;
        for (int distance = run / 2; distance >= RUN; distance /= 2) {
          for (int at = 0; at < merged; at += 2 * distance) {
            count += Math.max(0, Math.min(2 * distance, merged - at) - distance);
          }
        }
      }
      count += padded / RUN * CLEAN;
    }
    return count;
  }
}
