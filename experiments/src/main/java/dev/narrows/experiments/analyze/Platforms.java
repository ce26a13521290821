package dev.narrows.experiments.analyze;

import dev.narrows.core.bound.PairedTerms;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.Network;
import dev.narrows.network.execute.TermsProbe;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.IntegerMatMul;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.MatMul;
import dev.narrows.network.layer.SummingLayer;
import dev.narrows.network.pass.InputRanges;
import dev.narrows.network.targets.PairInstruction;
import dev.narrows.report.LayerAnalysis;
import dev.narrows.report.LayerOverflows;
import dev.narrows.report.PlatformResult;
import dev.narrows.report.PlatformResult.PairCheck;
import dev.narrows.report.PlatformResult.PairLayer;
import dev.narrows.report.PlatformResult.RegisterCheck;
import dev.narrows.report.PlatformResult.RegisterLayer;
import dev.narrows.report.PlatformResult.WeightPair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What processors' narrow registers do to a network: looked at once from weights and ranges, and
 * with probes in a run also from data.
 */
final class Platforms {
  /** Registers that processors have between 8 and 32 bits. */
  private static final int[] WIDTHS = {16, 24};

  private final Map<PairInstruction, Map<String, Pairs>> checks = new LinkedHashMap<>();

  /** The pairs of one layer on one platform. */
  private record Pairs(
      Optional<String> unfit,
      int[][] weights,
      int[][] unsafe,
      IntegerRange operands,
      Optional<PairCounter> counter) {
    static Pairs unfit(String why) {
      return new Pairs(
          Optional.of(why), new int[0][], new int[0][], new IntegerRange(0, 0), Optional.empty());
    }
  }

  Platforms(Network network) {
    InputRanges ranges = InputRanges.of(network);
    for (PairInstruction platform : PairInstruction.values()) {
      Map<String, Pairs> layers = new LinkedHashMap<>();
      for (Layer layer : network.layers()) {
        if (layer instanceof SummingLayer sums && !sums.isFloat()) {
          switch (sums) {
            case DotLayer dot -> layers.put(dot.name(), pairs(platform, network, ranges, dot));
            case IntegerMatMul _, MatMul _ ->
                layers.put(sums.name(), Pairs.unfit("it multiplies two inputs: it has no weights"));
            case AveragePool _ -> {} // multiplies nothing
          }
        }
      }
      checks.put(platform, layers);
    }
  }

  private static Pairs pairs(
      PairInstruction platform, Network network, InputRanges ranges, DotLayer layer) {
    IntegerFormat format = network.tensor(layer.input()).quantization().format();
    if (format.bits() != 8) {
      return Pairs.unfit("inputs of %s are no 8-bit operands".formatted(format));
    }
    int channels = layer.integers().channels();
    int terms = layer.terms();
    int[] dense = layer.integers().weights().dense();
    int[][] weights = new int[channels][];
    Arrays.setAll(weights, c -> Arrays.copyOfRange(dense, c * terms, (c + 1) * terms));
    IntegerRange held = range(dense);
    if (held.min() < -128 || held.max() > 127) {
      return Pairs.unfit(
          "weights of %d to %d, zero point taken off, are no s8 operands"
              .formatted(held.min(), held.max()));
    }
    int shift = platform.leastOperand() - (int) format.min();
    IntegerRange operands =
        ranges.multiplied(network, layer, ZeroPointConvention.RAW).minus(-shift);
    int[][] unsafe = new int[channels][];
    Arrays.setAll(unsafe, c -> platform.pairing().unsafe(weights[c], operands));
    return new Pairs(
        Optional.empty(),
        weights,
        unsafe,
        operands,
        Optional.of(new PairCounter(weights, unsafe, platform, shift)));
  }

  private static IntegerRange range(int[] values) {
    var statistics = Arrays.stream(values).summaryStatistics();
    return values.length == 0
        ? new IntegerRange(0, 0)
        : new IntegerRange(statistics.getMin(), statistics.getMax());
  }

  /** What looks at a run's terms, by layer. */
  Map<String, TermsProbe> probes() {
    Map<String, List<PairCounter>> counters = new HashMap<>();
    for (Map<String, Pairs> layers : checks.values()) {
      layers.forEach((name, pairs) ->
          pairs
              .counter()
              .ifPresent(
                  counter -> counters.computeIfAbsent(name, _ -> new ArrayList<>()).add(counter)));
    }
    Map<String, TermsProbe> probes = new HashMap<>();
    counters.forEach((name, some) -> probes.put(name, new PairCounters(some)));
    return probes;
  }

  /**
   * What was found.
   *
   * @param layers bounds of each channel, and profiles where there was data
   * @param everyPair whether to list all unsafe pairs
   */
  PlatformResult result(
      List<LayerAnalysis> layers, Map<String, List<Integer>> safe, boolean everyPair) {
    boolean data = layers.stream().anyMatch(layer -> layer.profile().isPresent());
    List<PairCheck> pairs = new ArrayList<>();
    checks.forEach((platform, found) -> {
      List<PairLayer> rows = new ArrayList<>();
      found.forEach((name, one) -> rows.add(row(platform, name, one, data, everyPair)));
      pairs.add(new PairCheck(platform.instruction(), platform.assumes(), rows));
    });
    List<RegisterCheck> registers = new ArrayList<>();
    for (int bits : WIDTHS) {
      registers.add(
          new RegisterCheck(
              bits, layers.stream().map(layer -> register(layer, safe, bits)).toList()));
    }
    return new PlatformResult(pairs, registers);
  }

  private static PairLayer row(
      PairInstruction platform, String name, Pairs pairs, boolean data, boolean everyPair) {
    if (pairs.unfit().isPresent()) {
      return new PairLayer(
          name, pairs.unfit(), 0, 0, 0, Optional.empty(), Optional.empty(), Optional.empty());
    }
    List<WeightPair> unsafe = new ArrayList<>();
    for (int c = 0; c < pairs.weights().length; c++) {
      for (int k : pairs.unsafe()[c]) {
        unsafe.add(pair(platform.pairing(), pairs, c, k));
      }
    }
    int terms = pairs.weights()[0].length;
    return new PairLayer(
        name,
        Optional.empty(),
        platform.pairing().pairs(terms).count() * pairs.weights().length,
        unsafe.size(),
        (int) Arrays.stream(pairs.unsafe()).filter(of -> of.length > 0).count(),
        unsafe.stream()
            .max(Comparator.comparingLong((WeightPair p) -> Math.max(p.hi(), -p.lo() - 1))),
        everyPair ? Optional.of(unsafe) : Optional.empty(),
        data ? pairs.counter().map(PairCounter::seen) : Optional.empty());
  }

  private static WeightPair pair(PairedTerms pairing, Pairs pairs, int channel, int first) {
    int[] weights = pairs.weights()[channel];
    int second = first + pairing.distance();
    IntegerRange sums =
        PairedTerms.sums(weights[first], pairing.partner(weights, first), pairs.operands());
    return second < weights.length
        ? new WeightPair(
            channel,
            List.of(first, second),
            List.of(weights[first], weights[second]),
            sums.min(),
            sums.max())
        : new WeightPair(channel, List.of(first), List.of(weights[first]), sums.min(), sums.max());
  }

  private static RegisterLayer register(
      LayerAnalysis layer, Map<String, List<Integer>> safe, int bits) {
    int channels =
        (int) safe.getOrDefault(layer.name(), List.of()).stream().filter(b -> b > bits).count();
    return new RegisterLayer(
        layer.name(),
        channels,
        layer.profile().map(LayerOverflows::dots),
        layer
            .profile()
            .map(profile ->
                profile.widths().stream()
                    .filter(width -> width.bits() == bits)
                    .mapToLong(width -> width.transientDots() + width.persistent())
                    .sum()));
  }
}
