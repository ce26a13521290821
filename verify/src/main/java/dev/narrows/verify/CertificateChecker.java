package dev.narrows.verify;

import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.network.AveragePool;
import dev.narrows.network.FloatLayersException;
import dev.narrows.network.IntegerMatMul;
import dev.narrows.network.Layer;
import dev.narrows.network.Network;
import dev.narrows.network.TensorType;
import dev.narrows.network.files.NetworkFiles;
import dev.narrows.verify.Claim.ClaimedLayer;
import dev.narrows.verify.Verdict.Breach;
import dev.narrows.verify.Verdict.Disagreement;
import dev.narrows.verify.Verdict.Witness;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks a certificate against the network it speaks of, trusting neither.
 *
 * <p>Ranges, sums, widths and witnesses are computed anew. A claimed input range may be wider than
 * what the checker derives (a weaker statement, proved all the same), never narrower. Every layer
 * that sums must be there, but for layers that the network pins to exact registers, which must be
 * listed as skipped, and for pooling.
 */
public final class CertificateChecker {
  private static final Pattern FLATTENING =
      Pattern.compile("kernel ?row.*kernel ?column.*input ?channel", Pattern.CASE_INSENSITIVE);

  private static final String SUMS = "sums";
  private static final String PHASE = "phase";
  private static final String TERMS = "terms";
  private static final List<String> GUARANTEES = List.of(SUMS, TERMS);

  private final Network network;
  private final Claim claim;
  private final CodeRanges ranges;
  private final List<Disagreement> disagreements = new ArrayList<>();
  private final List<Breach> breaches = new ArrayList<>();
  private int channels;

  private CertificateChecker(Network network, Claim claim) {
    this.network = network;
    this.claim = claim;
    this.ranges = CodeRanges.of(network);
  }

  /**
   * Checks a certificate.
   *
   * @param model a network file, or a run folder that holds one
   * @throws CertificateFileException if the certificate is not a well-formed one
   * @throws dev.narrows.network.NetworkFileException if the network cannot be read
   * @throws FloatLayersException if the network sums real numbers
   */
  public static Verdict check(Path model, Path certificate) throws IOException {
    Claim claim = ClaimReader.read(certificate);
    Path file = NetworkFiles.file(model);
    Network network = NetworkFiles.read(file);
    FloatLayersException.requireIntegers("a certificate", network);
    CertificateChecker checker = new CertificateChecker(network, claim);
    checker.agree("network.sha256", claim.sha256(), NetworkFiles.sha256(file));
    return checker.verdict();
  }

  private Verdict verdict() {
    Optional<ZeroPointConvention> zero =
        convention("zero", claim.zero(), ZeroPointConvention.values());
    Optional<BiasPlacement> bias = convention("bias", claim.bias(), BiasPlacement.values());
    if (claim.flattening().isPresent() && !FLATTENING.matcher(claim.flattening().get()).find()) {
      agree(
          "conventions.flattening",
          claim.flattening().get(),
          "kernel row, kernel column, input channel");
    }
    if (!GUARANTEES.contains(claim.guarantee().orElse(SUMS))) {
      agree("conventions.guarantee", claim.guarantee().get(), "one of " + GUARANTEES);
    }
    if (!claim.taps().orElse(PHASE).equals(PHASE)) {
      agree("conventions.taps", claim.taps().get(), PHASE + ", or nothing for all taps");
    }
    if (claim.bits() < 2 || claim.bits() > 62) {
      agree("bits", String.valueOf(claim.bits()), "a register has 2 to 62 bits");
    }
    Map<String, ClaimedLayer> claimed = new LinkedHashMap<>();
    for (ClaimedLayer layer : claim.layers()) {
      if (claimed.put(layer.name(), layer) != null) {
        disagree(layer.name(), OptionalInt.empty(), "layers", "the layer twice", "one of the name");
      }
    }
    Set<String> skipped = new HashSet<>(claim.skipped());
    int checked = 0;
    for (Layer layer : network.layers()) {
      TensorType from = network.first(layer);
      Optional<DotView> view = DotView.of(layer, from);
      if (view.isEmpty() && !(layer instanceof IntegerMatMul)) {
        continue;
      }
      @Nullable ClaimedLayer said = claimed.remove(layer.name());
      boolean listed = skipped.remove(layer.name());
      if (said != null) {
        checked++;
        if (layer instanceof IntegerMatMul product) {
          check(product, said, zero);
        } else {
          view.ifPresent(dots -> check(layer.name(), dots, from, said, zero, bias));
        }
      } else if (listed && !view.map(DotView::exact).orElse(false)) {
        disagree(layer.name(), OptionalInt.empty(), "skipped", "an exact register", "none pinned");
      } else if (!listed && !(layer instanceof AveragePool)) {
        disagree(layer.name(), OptionalInt.empty(), "layers", "nothing", "a layer that sums");
      }
    }
    for (String name : claimed.keySet()) {
      disagree(name, OptionalInt.empty(), "layers", "such a layer", "none that sums");
    }
    for (String name : skipped) {
      disagree(name, OptionalInt.empty(), "skipped", "such a layer", "none that sums");
    }
    return new Verdict(claim.bits(), checked, channels, claim.skipped(), disagreements, breaches);
  }

  private void check(
      String name,
      DotView view,
      TensorType from,
      ClaimedLayer said,
      Optional<ZeroPointConvention> zero,
      Optional<BiasPlacement> bias) {
    if (!counted(name, said, view.channels())) {
      return;
    }
    for (int c = 0; c < view.channels(); c++) {
      new ChannelCheck(
              view,
              c,
              zero.orElse(view.zero()),
              bias.orElse(view.placement()),
              ranges.tensor(view.input()),
              Interval.of(from.quantization().format()),
              claim.taps().equals(Optional.of(PHASE)),
              termsOnly(),
              report(name, c))
          .check(said.channels().get(c), breaches(name, c));
    }
  }

  /** There is no bias, and both operands are seen under one convention. */
  private void check(IntegerMatMul layer, ClaimedLayer said, Optional<ZeroPointConvention> zero) {
    if (!counted(layer.name(), said, layer.heads())) {
      return;
    }
    for (int head = 0; head < layer.heads(); head++) {
      new ProductCheck(
              network,
              ranges,
              layer,
              head,
              zero.orElse(ZeroPointConvention.OFFSET),
              termsOnly(),
              report(layer.name(), head))
          .check(said.channels().get(head), breaches(layer.name(), head));
    }
  }

  private boolean counted(String name, ClaimedLayer said, int found) {
    if (said.channels().size() != found) {
      disagree(
          name,
          OptionalInt.empty(),
          "channels",
          String.valueOf(said.channels().size()),
          String.valueOf(found));
      return false;
    }
    channels += found;
    return true;
  }

  private boolean termsOnly() {
    return claim.guarantee().orElse(SUMS).equals(TERMS);
  }

  private Report report(String name, int channel) {
    return (field, claimed, found) ->
        disagree(name, OptionalInt.of(channel), field, claimed.toString(), found.toString());
  }

  private BiConsumer<Interval, Optional<Witness>> breaches(String name, int channel) {
    return (sums, witness) -> {
      if (sums.bits() > claim.bits()) {
        breaches.add(new Breach(name, channel, sums.min(), sums.max(), sums.bits(), witness));
      }
    };
  }

  private <T> Optional<T> convention(String key, Optional<String> said, T[] values) {
    if (said.isEmpty()) {
      return Optional.empty();
    }
    for (T value : values) {
      if (value.toString().equals(said.get())) {
        return Optional.of(value);
      }
    }
    agree("conventions." + key, said.get(), "one of " + List.of(values));
    return Optional.empty();
  }

  private void agree(String field, String claimed, String found) {
    if (!claimed.equals(found)) {
      disagree("", OptionalInt.empty(), field, claimed, found);
    }
  }

  private void disagree(
      String layer, OptionalInt channel, String field, String claimed, String found) {
    disagreements.add(new Disagreement(layer, channel, field, claimed, found));
  }
}
