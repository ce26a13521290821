package dev.narrows.experiments.analyze;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.bound.Certificate;
import dev.narrows.core.bound.ChannelCertificate;
import dev.narrows.core.bound.Guarantee;
import dev.narrows.core.bound.LayerCertificate;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.lane.LaneReduction;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.network.Network;
import dev.narrows.network.Uncovered;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.SummingLayer;
import dev.narrows.network.pass.CertifyNetwork;
import dev.narrows.network.targets.CertifyParts;
import dev.narrows.network.targets.PairInstruction;
import dev.narrows.network.targets.Target;
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
import java.util.OptionalInt;
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
    return of(model, bits, all, guarantee, true);
  }

  /**
   * The same, perhaps without witnesses.
   *
   * @param witnessed whether they are kept; those of all channels take a hundred bytes a weight
   */
  public static CertificateResult of(
      ModelFile model, int bits, boolean all, Guarantee guarantee, boolean witnessed) {
    Map<String, Summation> named = all ? named(model.network()) : Map.of();
    LayerRegisters registers = LayerRegisters.of(Summation.exact(), named);
    Certificate certificate =
        CertifyNetwork.of(model.network(), bits, registers, guarantee, witnessed);
    return told(model, registers, certificate, guarantee);
  }

  /**
   * Certifies every layer that a plan names for the register that it has there, and the others as
   * {@link #of(ModelFile, int, boolean, Guarantee)} does.
   *
   * @param bits for layers that the plan does not name
   * @param witnessed as above
   * @throws IllegalArgumentException if a rule of the plan matches no layer
   */
  public static CertificateResult of(
      ModelFile model, int bits, LayerRegisters plan, Guarantee guarantee, boolean witnessed) {
    Certificate certificate =
        CertifyNetwork.planned(model.network(), bits, plan, guarantee, witnessed);
    return told(model, plan, certificate, guarantee);
  }

  private static CertificateResult told(
      ModelFile model, LayerRegisters registers, Certificate certificate, Guarantee guarantee) {
    return result(
        model,
        certificate,
        registers,
        guarantee,
        CertificateWords.claim(guarantee.toString()),
        certificate.holds(),
        false);
  }

  /**
   * Certifies the registers of a target: parts in a narrow register and whole sums in the wide one
   * behind it, where the target has both, else every order in its one register.
   *
   * @param all as above
   * @param witnessed as above
   * @throws IllegalArgumentException if the target has several registers, or one without a proof of
   *     sums
   */
  public static CertificateResult of(
      ModelFile model, Target target, boolean all, boolean witnessed) {
    Summation base = target.registers().base();
    boolean one = target.registers().rules().isEmpty() && target.pairs().size() <= 1;
    if (!one
        || base.accumulator().takesFloats()
        || base.accumulator() instanceof Exact
        || target.pairs().stream().anyMatch(rule -> !rule.glob().equals("*"))) {
      throw new IllegalArgumentException(
          "a certificate takes one register of integers for all layers; pin layers to registers"
              + " of their own in the network instead");
    }
    Network network = model.network();
    int bits = base.accumulator().bits();
    OptionalInt outer = base.order().outerBits();
    Optional<LaneReduction> lanes = base.order().lanes();
    if (target.pairs().isEmpty() && !base.order().severalRegisters()) {
      return of(model, bits, all || target.everywhere(), Guarantee.SUMS, witnessed);
    }
    if (all) {
      throw new IllegalArgumentException("chunks, pairs and lanes are proved without --all");
    }
    int wide = target.pairs().isEmpty() ? outer.orElse(bits) : bits;
    Certificate parts;
    String what;
    if (target.pairs().isEmpty() && lanes.isPresent()) {
      parts = CertifyParts.lanes(network, lanes.get(), wide, witnessed);
      what = "no lane of %s leaves its %d bits".formatted(base.order(), parts.bits());
    } else if (target.pairs().isEmpty()) {
      int run = base.order().consecutive(Integer.MAX_VALUE).orElseThrow();
      parts = CertifyParts.chunks(network, run, bits, wide, witnessed);
      what = chunkWords(network, run, bits);
    } else {
      PairInstruction instruction = target.pairs().getFirst().instruction();
      parts = CertifyParts.pairs(network, instruction, wide, witnessed);
      what =
          "no pair of products leaves the %d bits of %s"
              .formatted(instruction.pairing().bits(), instruction.instruction());
    }
    LayerRegisters registers = LayerRegisters.of(Summation.exact(), named(network));
    Set<String> covered =
        parts.layers().stream().map(LayerCertificate::name).collect(Collectors.toSet());
    boolean sums =
        CertifyNetwork.of(network, wide, registers, Guarantee.SUMS, false).layers().stream()
            .filter(layer -> covered.contains(layer.name()))
            .allMatch(layer -> layer.bits() <= wide);
    return result(
        model,
        parts,
        LayerRegisters.exact(),
        Guarantee.SUMS,
        what
            + ", and no sum of them %d bits%s, for any input, in any order or tree of additions"
                .formatted(wide, sums ? "" : " (which does NOT hold)"),
        parts.holds() && sums,
        !target.pairs().isEmpty());
  }

  private static Map<String, Summation> named(Network network) {
    Map<String, Summation> named = new LinkedHashMap<>();
    LayerRegisters.exact()
        .of(network)
        .forEach(register -> named.put(register.layer(), Summation.exact()));
    return named;
  }

  private static String chunkWords(Network network, int run, int bits) {
    Map<String, Integer> largest = CertifyParts.largestChunks(network, bits);
    String each =
        largest.isEmpty()
            ? ""
            : " (largest safe n: %s)"
                .formatted(
                    largest.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .collect(Collectors.joining(", ")));
    return "no chunk of %d terms leaves %d bits%s".formatted(run, bits, each);
  }

  private static CertificateResult result(
      ModelFile model,
      Certificate certificate,
      LayerRegisters registers,
      Guarantee guarantee,
      String claim,
      boolean holds,
      boolean pairs) {
    Network network = model.network();
    List<LayerRegister> summed = LayerRegisters.exact().of(network);
    List<CertifiedLayer> layers =
        certificate.layers().stream()
            .map(layer -> certified(layer, network.layer(layer.name()), registers))
            .toList();
    Set<String> covered = layers.stream().map(CertifiedLayer::name).collect(Collectors.toSet());
    List<String> skipped =
        summed.stream()
            .map(LayerRegister::layer)
            .filter(name -> !covered.contains(name) && !sumsFloats(network.layer(name)))
            .filter(name -> !pairs || !isUnpaired(network, network.layer(name)))
            .toList();
    List<UncoveredLayer> uncovered =
        network.layers().stream()
            .filter(layer -> !covered.contains(layer.name()))
            .map(layer ->
                new UncoveredLayer(
                    layer.name(),
                    layer.kind(),
                    (pairs && isUnpaired(network, layer)
                            ? Uncovered.UNPAIRED
                            : Uncovered.of(layer).orElse(Uncovered.LEFT_OUT))
                        .reason()))
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
        Optional.of(claim),
        Optional.of(holds),
        layers,
        skipped,
        Optional.of(uncovered),
        Optional.of(CertificateWords.outside(conventions)));
  }

  /** Whether a layer sums products that an instruction for pairs cannot make. */
  private static boolean isUnpaired(Network network, Layer layer) {
    return Uncovered.of(layer).isEmpty() && !CertifyParts.fits(network, layer);
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
