package dev.narrows.experiments.analyze;

import dev.narrows.network.AccumulatorContract;
import dev.narrows.network.FileAccumulators;
import dev.narrows.network.Network;
import dev.narrows.network.pass.AccumulatorContracts;
import dev.narrows.report.StatedRegister;
import dev.narrows.report.StatedRegister.Standing;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Registers that a network's file states, beside what its weights and inputs prove. */
final class FileStatements {
  private FileStatements() {}

  /** A statement a layer, by name; empty if the file states nothing. */
  static Optional<List<StatedRegister>> of(Network network) {
    Map<String, AccumulatorContract> stated =
        FileAccumulators.of(network).map(FileAccumulators::layers).orElse(Map.of());
    Map<String, AccumulatorContract> own = AccumulatorContracts.kept(network, stated);
    return stated.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new TreeMap<>(stated)
                .entrySet().stream()
                    .map(one ->
                        register(
                            one.getKey(),
                            one.getValue(),
                            Optional.ofNullable(own.get(one.getKey())),
                            network))
                    .toList());
  }

  private static StatedRegister register(
      String layer,
      AccumulatorContract stated,
      Optional<AccumulatorContract> own,
      Network network) {
    return new StatedRegister(
        layer,
        stated.bits(),
        own.map(AccumulatorContract::bits),
        stated.guarantee().toString(),
        stated.zero().toString(),
        stated.bias().toString(),
        own.filter(proved -> AccumulatorContracts.decides(network, stated, proved))
            .map(proved -> standing(stated, proved))
            .orElse(Standing.UNCHECKED));
  }

  private static Standing standing(AccumulatorContract stated, AccumulatorContract own) {
    if (own.bits() > stated.bits()) {
      return Standing.AT_ODDS;
    }
    return own.equals(stated) ? Standing.CERTIFIED : Standing.PROVED_OTHERWISE;
  }
}
