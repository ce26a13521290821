package dev.narrows.network.pass;

import dev.narrows.core.bound.ChannelCertificate;
import dev.narrows.core.bound.Guarantee;
import dev.narrows.core.bound.LayerCertificate;
import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.AccumulatorContract;
import dev.narrows.network.FileAccumulators;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.SummingLayer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The register that each dot layer of codes needs, as files state it: the exact sign-sum width and
 * the hash of its proof. Real numbers and pooling have none.
 *
 * @see "docs/onnx.md, The accumulator as a contract"
 */
public final class AccumulatorContracts {
  private AccumulatorContracts() {}

  /**
   * A promise that is not kept.
   *
   * @param unsafe whether more bits are needed than were promised, or nobody can say
   */
  public record Broken(String text, boolean unsafe) {
    @Override
    public String toString() {
      return text;
    }
  }

  /** The contracts of a network, each under its layer's own conventions, by layer name. */
  public static Map<String, AccumulatorContract> of(Network network) {
    Map<String, AccumulatorContract> contracts = new TreeMap<>();
    InputRanges ranges = InputRanges.of(network);
    for (Layer layer : network.layers()) {
      if (layer instanceof SummingLayer sums
          && !sums.isFloat()
          && !(layer instanceof AveragePool)) {
        of(network, ranges, layer, sums.registerZero(), sums.registerBias(), Guarantee.SUMS)
            .ifPresent(contract -> contracts.put(layer.name(), contract));
      }
    }
    return contracts;
  }

  /**
   * What a network's file promises and the network does not keep, a line a layer: the proof is
   * computed again under the conventions of the promise.
   */
  public static List<Broken> broken(Network network) {
    List<Broken> broken = new ArrayList<>();
    Map<String, AccumulatorContract> promises =
        FileAccumulators.of(network).map(FileAccumulators::layers).orElse(Map.of());
    Map<String, AccumulatorContract> kept = kept(network, promises);
    new TreeMap<>(promises)
        .forEach((name, promise) -> {
          Optional<AccumulatorContract> own = Optional.ofNullable(kept.get(name));
          difference(promise, own, network)
              .ifPresent(what ->
                  broken.add(
                      new Broken(
                          "the file promises \"%s\" %d bits, and %s"
                              .formatted(name, promise.bits(), what),
                          own.map(found -> found.bits() > promise.bits()).orElse(true))));
        });
    return broken;
  }

  /**
   * What a network keeps of promises: the contract of each layer that sums codes, under the
   * conventions of the promise of its name.
   */
  public static Map<String, AccumulatorContract> kept(
      Network network, Map<String, AccumulatorContract> promises) {
    Map<String, AccumulatorContract> kept = new TreeMap<>();
    InputRanges ranges = InputRanges.of(network);
    for (Layer layer : network.layers()) {
      AccumulatorContract promise = promises.get(layer.name());
      if (promise != null && layer instanceof SummingLayer sums && !sums.isFloat()) {
        of(network, ranges, layer, promise.zero(), promise.bias(), promise.guarantee())
            .ifPresent(own -> kept.putIfAbsent(layer.name(), own));
      }
    }
    return kept;
  }

  private static Optional<String> difference(
      AccumulatorContract promise, Optional<AccumulatorContract> own, Network network) {
    if (own.isEmpty()) {
      return Optional.of("no layer of this name sums codes: it cannot be checked");
    }
    if (!decides(network, promise, own.get())) {
      return Optional.of(
          ("its weights need %d if its inputs take every code of their type, and other operators"
                  + " decide which they take: it cannot be checked")
              .formatted(own.get().bits()));
    }
    if (own.get().bits() != promise.bits()) {
      return Optional.of("its weights and inputs need " + own.get().bits());
    }
    return own.get().equals(promise)
        ? Optional.empty()
        : Optional.of("its weights and inputs have another proof of them");
  }

  /**
   * Whether what a network needs decides about a promise. In a program a layer's inputs may hold
   * any code of their type, so that it may need fewer bits than it seems to.
   */
  public static boolean decides(
      Network network, AccumulatorContract promise, AccumulatorContract own) {
    return own.bits() <= promise.bits() || !network.metadata().containsKey(Network.PROGRAM);
  }

  private static Optional<AccumulatorContract> of(
      Network network,
      InputRanges ranges,
      Layer layer,
      ZeroPointConvention zero,
      BiasPlacement bias,
      Guarantee guarantee) {
    Summation exact = Summation.exact();
    Summation stated =
        new Summation(exact.accumulator(), exact.order(), Optional.of(zero), Optional.of(bias));
    LayerRegister register = LayerRegisters.of(exact, Map.of(layer.name(), stated)).of(layer);
    LayerCertificate proof;
    try {
      LayerChannels channels = LayerChannels.of(network, ranges, layer, register);
      proof = LayerCertificate.of(layer.name(), channels.channels(), channels.stored(), guarantee);
    } catch (ArithmeticException e) {
      return Optional.empty(); // sums can leave 64 bits: there is no width
    }
    return Optional.of(
        new AccumulatorContract(
            proof.bits(), guarantee, zero, bias, hash(proof, zero, bias, guarantee)));
  }

  /** The proof as text, a line a channel; names are left out, as other tools change them. */
  private static String hash(
      LayerCertificate proof, ZeroPointConvention zero, BiasPlacement bias, Guarantee guarantee) {
    StringBuilder text =
        new StringBuilder("narrows/accumulator/1\n%s %s %s\n".formatted(guarantee, zero, bias));
    for (ChannelCertificate channel : proof.channels()) {
      text.append(range(channel.inputRange()));
      channel.rightRange().ifPresent(right -> text.append(' ').append(range(right)));
      text.append(" %d %d %d\n".formatted(channel.lo(), channel.hi(), channel.bits()));
    }
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(text.toString().getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String range(IntegerRange range) {
    return range.min() + " " + range.max();
  }
}
