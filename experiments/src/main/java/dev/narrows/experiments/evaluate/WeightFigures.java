package dev.narrows.experiments.evaluate;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.bound.ChannelTerms;
import dev.narrows.core.bound.SignSumBound;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.quantize.WeightStatistics;
import dev.narrows.network.DotLayer;
import dev.narrows.network.DotWeights;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegister.Origin;
import dev.narrows.network.execute.Registers;
import dev.narrows.network.pass.InputRanges;
import dev.narrows.network.pass.LayerChannels;
import dev.narrows.report.WeightsResult;
import dev.narrows.report.WeightsResult.Figures;
import dev.narrows.report.WeightsResult.LayerWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Sparsity, compression and safe widths of a network's weights. */
public final class WeightFigures {
  private WeightFigures() {}

  /** The figures of every dense and convolution layer, under its own conventions. */
  public static WeightsResult of(Network network) {
    InputRanges ranges = InputRanges.of(network);
    List<LayerWeights> layers = new ArrayList<>();
    List<WeightStatistics> together = new ArrayList<>();
    double storedBits = 0; // Σ W over the weights of the layers that count together
    int widest = 1;
    for (LayerRegister register : Registers.of(Summation.exact()).of(network)) {
      if (!(network.layer(register.layer()) instanceof DotLayer layer) || layer.isFloat()) {
        continue;
      }
      DotWeights weights = layer.integers().weights();
      WeightStatistics statistics = WeightStatistics.of(weights.dense());
      int safe = 1;
      for (ChannelTerms channel : LayerChannels.of(network, ranges, layer, register).channels()) {
        safe = Math.max(safe, SignSumBound.of(channel).bits());
      }
      boolean exact = register.origin() == Origin.PINNED && register.accumulator() instanceof Exact;
      layers.add(
          new LayerWeights(
              layer.name(), weights.bits(), exact, figures(statistics, weights.bits(), safe)));
      if (!exact) {
        together.add(statistics);
        storedBits += (double) statistics.count() * weights.bits();
        widest = Math.max(widest, safe);
      }
    }
    if (together.isEmpty()) {
      return new WeightsResult(Optional.empty(), layers);
    }
    WeightStatistics all = WeightStatistics.of(together);
    double bits = all.count() == 0 ? 0 : storedBits / all.count();
    return new WeightsResult(Optional.of(figures(all, bits, widest)), layers);
  }

  private static Figures figures(WeightStatistics statistics, double bits, int safe) {
    return new Figures(
        statistics.count(),
        statistics.zeros(),
        statistics.sparsity(),
        statistics.entropyBits(),
        Optional.of(statistics.compression(bits)).filter(Double::isFinite),
        safe);
  }
}
