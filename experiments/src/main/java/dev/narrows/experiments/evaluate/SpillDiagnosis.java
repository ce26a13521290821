package dev.narrows.experiments.evaluate;

import dev.narrows.core.accumulator.Spilling;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.SpillCount;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.NetworkRunner;
import dev.narrows.report.LayerSpills;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * How often spilling registers spill, beside what profiles of exact sums say of it.
 *
 * @param profiles the profile of a layer's dot products, in the register's order
 * @param operandBits width of the widest value that a layer's register meets
 */
record SpillDiagnosis(
    Network network,
    NetworkInputs inputs,
    int threads,
    EvaluationListener listener,
    Function<LayerRegister, OverflowProfile> profiles,
    ToIntFunction<LayerRegister> operandBits) {
  /**
   * Runs all inputs once more, counting.
   *
   * @param narrow the layers whose register is not exact
   * @return a layer each; empty if no register spills
   */
  Optional<List<LayerSpills>> of(LayerRegisters registers, List<LayerRegister> narrow) {
    List<LayerRegister> spilling =
        narrow.stream().filter(layer -> layer.accumulator() instanceof Spilling).toList();
    if (spilling.isEmpty()) {
      return Optional.empty();
    }
    Map<String, SpillCount> counts = new ConcurrentHashMap<>();
    String what = Evaluator.text(registers) + " counted";
    try (NetworkRunner executor = inputs.runner(network, registers, threads)) {
      executor.run(
          inputs.source(),
          inputs
              .options()
              .withSpills((layer, more) -> counts.merge(layer, more, SpillCount::plus))
              .withProgress(done -> listener.progress(what, done, inputs.images())));
    }
    List<LayerSpills> layers = new ArrayList<>();
    for (LayerRegister layer : spilling) {
      layers.add(spills(layer, counts.getOrDefault(layer.layer(), SpillCount.none())));
    }
    return Optional.of(layers);
  }

  private LayerSpills spills(LayerRegister layer, SpillCount count) {
    OverflowProfile profile = profiles.apply(layer);
    int bits = layer.accumulator().bits();
    long predicted = profile.spilling(bits);
    return new LayerSpills(
        layer.layer(),
        layer.asked().toString(),
        LayerRegisters.terms(network, network.layer(layer.layer())),
        count.dots(),
        count.spilling(),
        count.spills(),
        predicted,
        operandBits.applyAsInt(layer) <= bits ? profile.leastSpills(bits) : predicted);
  }
}
