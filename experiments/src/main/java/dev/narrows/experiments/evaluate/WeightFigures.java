package dev.narrows.experiments.evaluate;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.bound.SignSumBound;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.quantize.WeightStatistics;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegister.Origin;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.pass.InputRanges;
import dev.narrows.network.pass.LayerChannels;
import dev.narrows.network.weights.DotWeights;
import dev.narrows.report.WeightsResult;
import dev.narrows.report.WeightsResult.LayerWeights;
import dev.narrows.report.WeightsResult.WeightTotals;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Sparsity, compression and safe widths of a network's weights. */
public final class WeightFigures {
  private WeightFigures() {}

  /**
   * A layer of integers and the exact bounds of its channels.
   *
   * @param exact whether the network keeps it in an exact register whatever is asked
   */
  private record Layer(DotLayer layer, boolean exact, List<SignSumBound> channels) {
    DotWeights weights() {
      return layer.integers().weights();
    }

    int safeBits() {
      return channels.stream().mapToInt(SignSumBound::bits).max().orElse(1);
    }
  }

  private static List<Layer> layers(Network network) {
    InputRanges ranges = InputRanges.of(network);
    List<Layer> layers = new ArrayList<>();
    for (LayerRegister register : LayerRegisters.of(Summation.exact()).of(network)) {
      if (network.layer(register.layer()) instanceof DotLayer layer && !layer.isFloat()) {
        layers.add(
            new Layer(
                layer,
                register.origin() == Origin.PINNED && register.accumulator() instanceof Exact,
                LayerChannels.of(network, ranges, layer, register).channels().stream()
                    .map(SignSumBound::of)
                    .toList()));
      }
    }
    return layers;
  }

  /** The figures of every dense and convolution layer, under its own conventions. */
  public static WeightsResult of(Network network) {
    List<LayerWeights> layers = new ArrayList<>();
    List<WeightStatistics> together = new ArrayList<>();
    double storedBits = 0; // Σ W over the weights of the layers that count together
    int widest = 1;
    for (Layer layer : layers(network)) {
      DotWeights weights = layer.weights();
      WeightStatistics statistics = WeightStatistics.of(weights.dense());
      int safe = layer.safeBits();
      layers.add(
          new LayerWeights(
              layer.layer().name(),
              weights.bits(),
              layer.exact(),
              figures(statistics, weights.bits(), safe)));
      if (!layer.exact()) {
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

  /**
   * How much of a register the weights make use of: the span from the least to the greatest sum
   * that any input can bring about, as a share of the register's 2^P − 2, mean over the channels of
   * the layers that are not in exact registers.
   *
   * @param bits P
   * @return 0 to 1 where every channel fits the register; 0 without channels
   */
  public static double rangeUsed(Network network, int bits) {
    return layers(network).stream()
        .filter(layer -> !layer.exact())
        .flatMap(layer -> layer.channels().stream())
        .mapToDouble(bound -> ((double) bound.hi() - bound.lo()) / (Math.scalb(1.0, bits) - 2))
        .average()
        .orElse(0);
  }

  /**
   * What a register leaves a layer.
   *
   * @param terms of its sums
   * @param ratio the register's 2^P − 2 over the span that the weights use: A2Q+'s budget over the
   *     norm, median over the channels; below 1 most channels would have to shrink
   */
  public record LayerPressure(String layer, int terms, double ratio) {}

  /**
   * How hard a register would press on the weights of each layer that is not in exact registers.
   *
   * @param bits P
   */
  public static List<LayerPressure> pressures(Network network, int bits) {
    List<LayerPressure> pressures = new ArrayList<>();
    for (Layer layer : layers(network)) {
      if (!layer.exact()) {
        double[] ratios =
            layer.channels().stream()
                .mapToDouble(bound ->
                    (Math.scalb(1.0, bits) - 2) / Math.max(1.0, (double) bound.hi() - bound.lo()))
                .sorted()
                .toArray();
        int middle = ratios.length / 2;
        pressures.add(
            new LayerPressure(
                layer.layer().name(),
                layer.weights().terms(),
                ratios.length % 2 == 1
                    ? ratios[middle]
                    : (ratios[middle - 1] + ratios[middle]) / 2));
      }
    }
    return pressures;
  }

  private static WeightTotals figures(WeightStatistics statistics, double bits, int safe) {
    return new WeightTotals(
        statistics.count(),
        statistics.zeros(),
        statistics.sparsity(),
        statistics.entropyBits(),
        Optional.of(statistics.compression(bits)).filter(Double::isFinite),
        safe);
  }
}
