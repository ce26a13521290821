package dev.narrows.experiments.analyze;

import dev.narrows.core.bound.Certificate;
import dev.narrows.core.bound.ChannelCertificate;
import dev.narrows.core.bound.Guarantee;
import dev.narrows.core.bound.LayerCertificate;
import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.Registers;
import dev.narrows.network.pass.CertifyNetwork;
import dev.narrows.report.CertificateResult;
import dev.narrows.report.CertificateResult.CertifiedChannel;
import dev.narrows.report.CertificateResult.CertifiedLayer;
import dev.narrows.report.CertificateResult.Witness;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Certificates of a model's layers that sum. */
public final class Certification {
  private Certification() {}

  /**
   * Certifies every dense and convolution layer and product of activations for registers of {@code
   * bits} bits, under each layer's own conventions.
   *
   * @param bits P, 2 to 62
   * @param all whether layers pinned to registers of their own and average pools are included too
   */
  public static CertificateResult of(ModelFile model, int bits, boolean all, Guarantee guarantee) {
    List<LayerRegister> summed = Registers.exact().of(model.network());
    Map<String, Summation> named = new LinkedHashMap<>();
    if (all) {
      summed.forEach(register -> named.put(register.layer(), Summation.exact()));
    }
    Certificate certificate =
        CertifyNetwork.of(model.network(), bits, Registers.of(Summation.exact(), named), guarantee);
    List<CertifiedLayer> layers =
        certificate.layers().stream().map(Certification::certified).toList();
    List<String> skipped =
        summed.stream()
            .map(LayerRegister::layer)
            .filter(name -> layers.stream().noneMatch(layer -> layer.name().equals(name)))
            .toList();
    return new CertificateResult(model.id(), bits, certificate.conventions(), layers, skipped);
  }

  private static CertifiedLayer certified(LayerCertificate layer) {
    return new CertifiedLayer(
        layer.name(), layer.channels().stream().map(Certification::certified).toList());
  }

  private static CertifiedChannel certified(ChannelCertificate channel) {
    Optional<Witness> witness =
        channel
            .witness()
            .map(w ->
                new Witness(
                    Arrays.stream(w.input()).boxed().toList(),
                    w.right().length == 0
                        ? Optional.empty()
                        : Optional.of(Arrays.stream(w.right()).boxed().toList()),
                    Arrays.stream(w.order()).boxed().toList(),
                    w.start(),
                    w.write(),
                    w.bits()));
    return new CertifiedChannel(
        List.of(channel.inputRange().min(), channel.inputRange().max()),
        channel.rightRange().map(range -> List.of(range.min(), range.max())),
        channel.lo(),
        channel.hi(),
        channel.bits(),
        witness);
  }
}
