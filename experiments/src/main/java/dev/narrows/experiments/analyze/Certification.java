package dev.narrows.experiments.analyze;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.bound.Certificate;
import dev.narrows.core.bound.ChannelCertificate;
import dev.narrows.core.bound.LayerCertificate;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.network.DotLayer;
import dev.narrows.network.Layer;
import dev.narrows.network.execute.Registers;
import dev.narrows.report.CertificateResult;
import dev.narrows.report.CertificateResult.CertifiedChannel;
import dev.narrows.report.CertificateResult.CertifiedLayer;
import dev.narrows.report.CertificateResult.Witness;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Certificates of a model's dense and convolution layers. */
public final class Certification {
  private Certification() {}

  /**
   * Certifies every dense and convolution layer for registers of {@code bits} bits, under each
   * layer's own conventions.
   *
   * @param bits P, 2 to 62
   * @param all whether layers pinned to exact registers and average pools are included too
   */
  public static CertificateResult of(ModelFile model, int bits, boolean all) {
    List<CertifiedLayer> layers = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    for (SummedLayer layer : SummedLayer.of(model.network(), Registers.exact())) {
      String name = layer.layer().name();
      if (all || governed(layer.layer())) {
        layers.add(certified(LayerCertificate.of(name, layer.channels(), layer.storedOffset())));
      } else {
        skipped.add(name);
      }
    }
    return new CertificateResult(
        model.id(), bits, Map.of("flattening", Certificate.FLATTENING), layers, skipped);
  }

  /** Whether an accumulator text for all layers reaches this one. */
  private static boolean governed(Layer layer) {
    return layer instanceof DotLayer dot
        && dot.operands()
            .pinned()
            .map(pinned -> !(pinned.accumulator() instanceof Exact))
            .orElse(true);
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
                    Arrays.stream(w.order()).boxed().toList(),
                    w.start(),
                    w.write(),
                    w.bits()));
    return new CertifiedChannel(
        List.of(channel.inputRange().min(), channel.inputRange().max()),
        channel.lo(),
        channel.hi(),
        channel.bits(),
        witness);
  }
}
