package dev.narrows.experiments.analyze;

import dev.narrows.core.bound.Certificate;
import dev.narrows.core.bound.ChannelCertificate;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.quantize.WeightStatistics;
import dev.narrows.network.DotLayer;
import dev.narrows.network.DotWeights;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.Registers;
import dev.narrows.network.pass.CertifyNetwork;
import dev.narrows.network.pass.InputRanges;
import dev.narrows.network.pass.LayerChannels;
import java.util.List;
import java.util.Optional;

/**
 * What can be said of a network's narrow layers without data; layers on exact registers of their
 * own and pooling are left out.
 *
 * @param certifiedBits the width that no input overflows; empty without narrow layers
 * @param termBits the width that every product fits; empty without narrow layers
 * @param sparsity zeros among the weights, in percent
 * @param compression W / H: bits a weight has by bits of Shannon entropy (methods §6), W the mean
 *     over weights where layers differ; empty where all weights of each layer are equal
 */
public record NetworkFigures(
    Optional<Integer> certifiedBits,
    Optional<Integer> termBits,
    double sparsity,
    Optional<Double> compression) {

  /** The figures of a network. */
  public static NetworkFigures of(Network network) {
    List<LayerRegister> narrow =
        Registers.of(Summation.parse("int8:wrap")).of(network).stream()
            .filter(register -> register.origin() == LayerRegister.Origin.BASE)
            .toList();
    List<DotWeights> weights =
        narrow.stream()
            .map(register -> network.layer(register.layer()))
            .filter(DotLayer.class::isInstance)
            .map(layer -> ((DotLayer) layer).operands().weights())
            .toList();
    WeightStatistics statistics =
        WeightStatistics.of(
            weights.stream().map(layer -> WeightStatistics.of(layer.dense())).toList());
    return new NetworkFigures(
        certified(network),
        termBits(network, narrow),
        100 * statistics.sparsity(),
        Optional.of(statistics.compression(meanBits(weights))).filter(Double::isFinite));
  }

  private static Optional<Integer> certified(Network network) {
    Certificate certificate = CertifyNetwork.of(network, 2, Registers.exact());
    return certificate.layers().stream()
        .flatMap(layer -> layer.channels().stream())
        .map(ChannelCertificate::bits)
        .max(Integer::compare);
  }

  private static Optional<Integer> termBits(Network network, List<LayerRegister> narrow) {
    InputRanges ranges = InputRanges.of(network);
    return narrow.stream()
        .map(register ->
            LayerChannels.of(network, ranges, network.layer(register.layer()), register).termBits())
        .max(Integer::compare);
  }

  private static double meanBits(List<DotWeights> layers) {
    double bits = 0;
    long count = 0;
    for (DotWeights weights : layers) {
      bits += (double) weights.bits() * weights.dense().length;
      count += weights.dense().length;
    }
    return count == 0 ? 0 : bits / count;
  }
}
