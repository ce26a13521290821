package dev.narrows.experiments.evaluate;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.FloatAccumulator;
import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.dot.FloatEvents;
import dev.narrows.network.Network;
import dev.narrows.network.execute.FloatStatistics;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.NetworkRunner;
import dev.narrows.report.FloatDiagnostics;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** What floating-point registers do to a network's sums, with exact sums beside them. */
record FloatDiagnosis(
    Network network, NetworkInputs inputs, int threads, EvaluationListener listener) {
  /**
   * Runs inputs once more, metered.
   *
   * @param images how many, the first ones
   * @return a layer each; empty if no layer sums in a floating-point register
   */
  Optional<List<FloatDiagnostics>> of(LayerRegisters registers, int images) {
    if (!floats(narrow(network, registers))) {
      return Optional.empty();
    }
    String what = Evaluator.text(registers) + " metered";
    try (NetworkRunner executor = inputs.runner(network, registers, threads)) {
      return Optional.of(
          executor
              .run(
                  new ImageSubset(
                      inputs.source(),
                      network.inputElements(),
                      IntStream.range(0, images).toArray()),
                  inputs
                      .options()
                      .withStatistics()
                      .withProgress(done -> listener.progress(what, done, images)))
              .statistics()
              .stream()
              .map(FloatDiagnosis::diagnostics)
              .toList());
    }
  }

  /** The layers whose register is not exact. */
  static List<LayerRegister> narrow(Network network, LayerRegisters registers) {
    return registers.of(network).stream()
        .filter(layer -> !(layer.accumulator() instanceof Exact))
        .toList();
  }

  /** Whether some of these sum in a floating-point register. */
  static boolean floats(List<LayerRegister> narrow) {
    return narrow.stream().anyMatch(l -> l.accumulator() instanceof FloatAccumulator);
  }

  /** Counts as rates. */
  static FloatDiagnostics diagnostics(FloatStatistics statistics) {
    FloatEvents events = statistics.events();
    return new FloatDiagnostics(
        statistics.layer(),
        statistics.terms(),
        statistics.register().order().toString(),
        events.products() / Math.max(1, statistics.terms()),
        share(events.productUnderflows(), events.products()),
        share(events.productOverflows(), events.products()),
        share(events.sumUnderflows(), events.steps()),
        share(events.sumOverflows(), events.steps()),
        share(events.swamps(), events.steps()),
        cut(statistics, events.productCuts(), events.products()),
        cut(statistics, events.sumCuts(), events.steps()),
        Optional.of(statistics.decibels()).filter(Double::isFinite),
        mantissaNeeded(statistics.register(), statistics.terms()));
  }

  /** The ratio is of sums that are made one by one. */
  private static Optional<Integer> mantissaNeeded(LayerRegister register, int terms) {
    OptionalInt bits =
        register.accumulator().takesGroups()
            ? OptionalInt.empty()
            : VarianceRetention.mantissa(terms, register.order());
    return bits.isPresent() ? Optional.of(bits.getAsInt()) : Optional.empty();
  }

  /** Registers that truncate term by term do not count it. */
  private static Optional<Double> cut(FloatStatistics statistics, long count, long of) {
    return statistics.register().accumulator() instanceof FloatingAccumulator register
            && register.truncates()
        ? Optional.empty()
        : Optional.of(share(count, of));
  }

  private static double share(long count, long of) {
    return of == 0 ? 0 : 100.0 * count / of;
  }
}
