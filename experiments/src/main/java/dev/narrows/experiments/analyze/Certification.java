package dev.narrows.experiments.analyze;

import dev.narrows.core.bound.Certificate;
import dev.narrows.core.bound.ChannelCertificate;
import dev.narrows.core.bound.Guarantee;
import dev.narrows.core.bound.LayerCertificate;
import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.network.Network;
import dev.narrows.network.Uncovered;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.SummingLayer;
import dev.narrows.network.pass.CertifyNetwork;
import dev.narrows.report.CertificateResult;
import dev.narrows.report.CertificateResult.CertifiedChannel;
import dev.narrows.report.CertificateResult.CertifiedLayer;
import dev.narrows.report.CertificateResult.CertifiedWitness;
import dev.narrows.report.CertificateWords;
import dev.narrows.report.UncoveredLayer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Certificates of a model's layers that sum. */
public final class Certification {
  private Certification() {}

  /**
   * Certifies every dense and convolution layer and product of activations for registers of {@code
   * bits} bits, under each layer's own conventions. Layers that the network pins to narrow
   * registers are certified for those.
   *
   * @param bits P, 2 to 62
   * @param all whether layers pinned to registers of their own and average pools are certified for
   *     registers of {@code bits} bits too
   */
  public static CertificateResult of(ModelFile model, int bits, boolean all, Guarantee guarantee) {
    List<LayerRegister> summed = LayerRegisters.exact().of(model.network());
    Map<String, Summation> named = new LinkedHashMap<>();
    if (all) {
      summed.forEach(register -> named.put(register.layer(), Summation.exact()));
    }
    LayerRegisters registers = LayerRegisters.of(Summation.exact(), named);
    Certificate certificate = CertifyNetwork.of(model.network(), bits, registers, guarantee);
    return told(model, registers, certificate, guarantee);
  }

  /**
   * Certifies every layer that a plan names for the register that it has there, and the others as
   * {@link #of(ModelFile, int, boolean, Guarantee)} does.
   *
   * @param bits for layers that the plan does not name
   * @throws IllegalArgumentException if a rule of the plan matches no layer
   */
  public static CertificateResult of(
      ModelFile model, int bits, LayerRegisters plan, Guarantee guarantee) {
    return told(
        model, plan, CertifyNetwork.planned(model.network(), bits, plan, guarantee), guarantee);
  }

  private static CertificateResult told(
      ModelFile model, LayerRegisters registers, Certificate certificate, Guarantee guarantee) {
    Network network = model.network();
    List<LayerRegister> summed = LayerRegisters.exact().of(model.network());
    List<CertifiedLayer> layers =
        certificate.layers().stream()
            .map(layer -> certified(layer, network.layer(layer.name()), registers))
            .toList();
    Set<String> covered = layers.stream().map(CertifiedLayer::name).collect(Collectors.toSet());
    List<String> skipped =
        summed.stream()
            .map(LayerRegister::layer)
            .filter(name -> !covered.contains(name) && !sumsFloats(network.layer(name)))
            .toList();
    List<UncoveredLayer> uncovered =
        network.layers().stream()
            .filter(layer -> !covered.contains(layer.name()))
            .map(layer ->
                new UncoveredLayer(
                    layer.name(),
                    layer.kind(),
                    Uncovered.of(layer).orElse(Uncovered.LEFT_OUT).reason()))
            .toList();
    List<CertificateWords.Conventions> conventions =
        layers.stream()
            .map(layer ->
                new CertificateWords.Conventions(
                    layer.name(), layer.zero().orElse(""), layer.bias().orElse("")))
            .toList();
    return new CertificateResult(
        model.id(),
        certificate.bits(),
        certificate.conventions(),
        Optional.of(guarantee.toString()),
        Optional.of(CertificateWords.claim(guarantee.toString())),
        Optional.of(certificate.holds()),
        layers,
        skipped,
        Optional.of(uncovered),
        Optional.of(CertificateWords.outside(conventions)));
  }

  private static boolean sumsFloats(Layer layer) {
    return layer instanceof SummingLayer sums && sums.isFloat();
  }

  private static CertifiedLayer certified(
      LayerCertificate certificate, Layer layer, LayerRegisters registers) {
    LayerRegister register = registers.of(layer);
    return new CertifiedLayer(
        layer.name(),
        Optional.of(layer.kind()),
        Optional.of(register.zero().toString()),
        Optional.of(layer instanceof DotLayer ? register.bias().toString() : "none"),
        certificate.own().isPresent() ? Optional.of(register.asked().toString()) : Optional.empty(),
        certificate.own().stream().boxed().findFirst(),
        certificate.channels().stream().map(Certification::certified).toList());
  }

  private static CertifiedChannel certified(ChannelCertificate channel) {
    return new CertifiedChannel(
        List.of(channel.inputRange().min(), channel.inputRange().max()),
        channel.rightRange().map(range -> List.of(range.min(), range.max())),
        channel.lo(),
        channel.hi(),
        channel.bits(),
        witness(channel));
  }

  /** Why one bit less is not enough, as results store it; empty where no register is narrower. */
  public static Optional<CertifiedWitness> witness(ChannelCertificate channel) {
    return channel
        .witness()
        .map(w ->
            new CertifiedWitness(
                Arrays.stream(w.input()).boxed().toList(),
                w.right().length == 0
                    ? Optional.empty()
                    : Optional.of(Arrays.stream(w.right()).boxed().toList()),
                Arrays.stream(w.order()).boxed().toList(),
                w.start(),
                w.write(),
                w.bits()));
  }
}
