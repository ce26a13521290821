package dev.narrows.experiments.evaluate;

import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.OverflowClass;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.pass.InputRanges;
import dev.narrows.network.pass.LayerChannels;
import dev.narrows.report.EvaluationResult.OverflowCounts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Clean, transient or persistent: what registers of integers make of dot products, by the profiles
 * of a network's layers in exact execution.
 *
 * <p>Not thread-safe.
 */
final class OverflowClasses {
  private final Network network;
  private final InputRanges ranges;
  private final Map<Met, Integer> operandBits = new HashMap<>();

  OverflowClasses(Network network) {
    this.network = network;
    this.ranges = InputRanges.of(network);
  }

  /** A layer under conventions: what its register meets. */
  private record Met(String layer, ZeroPointConvention zero, BiasPlacement bias) {}

  /**
   * Counts the classes over some layers.
   *
   * @param narrow the layers whose register is not exact
   * @param profiles the profile of a layer's dot products, in the register's order; where {@link
   *     #settledByEnd} says so, any order does
   * @return empty if there are no such layers, or one of them sums in a floating-point register
   */
  Optional<OverflowCounts> of(
      List<LayerRegister> narrow, Function<LayerRegister, OverflowProfile> profiles) {
    if (narrow.isEmpty() || FloatDiagnosis.floats(narrow)) {
      return Optional.empty();
    }
    long dots = 0;
    long[] counts = new long[OverflowClass.values().length];
    for (LayerRegister layer : narrow) {
      OverflowProfile profile = profiles.apply(layer);
      dots += profile.dots();
      for (OverflowClass kind : OverflowClass.values()) {
        OverflowClass counted =
            kind == OverflowClass.TRANSIENT && settledByEnd(layer) ? OverflowClass.CLEAN : kind;
        counts[counted.ordinal()] += profile.count(kind, layer.accumulator().bits());
      }
    }
    return Optional.of(
        new OverflowCounts(
            dots,
            counts[OverflowClass.CLEAN.ordinal()],
            counts[OverflowClass.TRANSIENT.ordinal()],
            counts[OverflowClass.PERSISTENT.ordinal()]));
  }

  /**
   * Whether theorem A of docs/accumulators.md holds for every sum of the layer. Then final sums,
   * which are those of every order, say all, and no term need be sorted.
   */
  boolean settledByEnd(LayerRegister layer) {
    return layer.order().neverTransientWhenTermsFit()
        && layer.asked().neverTransient(widestOperand(layer));
  }

  /** Width of what the register meets: the widest term, or the value it starts from. */
  int widestOperand(LayerRegister layer) {
    return operandBits.computeIfAbsent(
        new Met(layer.layer(), layer.zero(), layer.bias()),
        _ -> {
          LayerChannels channels =
              LayerChannels.of(network, ranges, network.layer(layer.layer()), layer);
          return Math.max(channels.termBits(), channels.preloadBits());
        });
  }
}
