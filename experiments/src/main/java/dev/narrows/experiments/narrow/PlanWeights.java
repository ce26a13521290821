package dev.narrows.experiments.narrow;

import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.input.YamlFile;
import dev.narrows.experiments.input.YamlMap;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.layer.SummingLayer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** What a bit of a layer's register costs: the place where a model of hardware comes in. */
public interface PlanWeights {
  /** Every bit of every layer counts once. */
  PlanWeights BITS = named("bits", (network, layer) -> 1);

  /** A bit counts for every multiplication whose product is added to it. */
  PlanWeights MACS =
      named(
          "macs",
          (network, layer) ->
              (double) layer.output().elements() * LayerRegisters.terms(network, layer));

  /** LUTs that a bit adds to the layer's matrix-vector unit, by FINN's formula. */
  PlanWeights LUTS = named("luts", HardwareCosts::luts);

  /** Picojoules that a bit costs in an image: additions, and partial sums that are put away. */
  PlanWeights ENERGY = named("energy", HardwareCosts::picojoules);

  /** Those with a name of their own. */
  List<PlanWeights> NAMED = List.of(BITS, MACS, LUTS, ENERGY);

  /** What is counted, in a word. */
  String name();

  /** What a bit of this layer's register costs, above 0. */
  double of(Network network, SummingLayer layer);

  /** What a bit costs in one network's layer. */
  @FunctionalInterface
  interface Cost {
    /** Above 0. */
    double of(Network network, SummingLayer layer);
  }

  /** Weights that have a name. */
  static PlanWeights named(String name, Cost cost) {
    record Named(String name, Cost cost) implements PlanWeights {
      @Override
      public double of(Network network, SummingLayer layer) {
        return cost.of(network, layer);
      }
    }
    return new Named(name, cost);
  }

  /**
   * What a user writes: a name, or a YAML file with a number for each layer, by globs for names;
   * the first that matches counts.
   *
   * @throws BadInputException in one line: no such weights, or a wrong file with its place
   */
  static PlanWeights parse(String text) {
    return NAMED.stream()
        .filter(weights -> weights.name().equals(text))
        .findFirst()
        .orElseGet(() -> {
          Path file = Path.of(text);
          if (!file.toFile().isFile()) {
            String names = NAMED.stream().map(PlanWeights::name).collect(Collectors.joining(", "));
            throw new BadInputException(
                "--weigh: expected %s or a YAML file, found \"%s\"".formatted(names, text));
          }
          return read(file);
        });
  }

  private static PlanWeights read(Path file) {
    YamlMap map = YamlFile.read(file);
    record Weight(LayerRegisters.Rule glob, double weight) {}
    List<Weight> weights =
        map.keys().stream()
            .map(glob ->
                new Weight(
                    new LayerRegisters.Rule(glob, Summation.exact()),
                    map.require(glob).number(1e-12, 1e18)))
            .toList();
    return named(
        file.toString(),
        (network, layer) ->
            weights.stream()
                .filter(weight -> weight.glob().matches(layer.name()))
                .findFirst()
                .map(Weight::weight)
                .orElseThrow(
                    () -> BadInputException.in(file, "has no weight for layer " + layer.name())));
  }
}
