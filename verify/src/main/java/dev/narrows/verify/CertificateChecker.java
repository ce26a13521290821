package dev.narrows.verify;

import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.network.Network;
import dev.narrows.network.ReadOptions;
import dev.narrows.network.Uncovered;
import dev.narrows.network.files.NetworkFiles;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.FloatLayersException;
import dev.narrows.network.layer.IntegerMatMul;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.verify.Claim.ClaimedLayer;
import dev.narrows.verify.Verdict.CheckedLayer;
import dev.narrows.verify.Verdict.OmittedLayer;
import dev.narrows.verify.Verdict.ShownWitness;
import dev.narrows.verify.Verdict.UnsafeChannel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks a certificate against the network it speaks of, trusting neither.
 *
 * <p>Ranges, sums, widths and witnesses are computed anew, under each layer's own conventions:
 * those of the register that the network pins it to, else those of its file. A certificate that
 * states others speaks of another network. A claimed input range may be wider than what the checker
 * derives (a weaker statement, proved all the same), never narrower. Every layer that sums must be
 * there, but for layers that the network pins to exact registers, which must be listed as skipped,
 * and for pooling. A layer pinned to a narrow register is held to that register, and under a plan
 * every layer to the register that the certificate says it has there.
 */
public final class CertificateChecker {
  private final Network network;
  private final Claim claim;
  private final CodeRanges ranges;
  private final Disagreements disagreements;
  private final ClaimedConventions conventions;
  private final List<UnsafeChannel> breaches = new ArrayList<>();
  private final List<CheckedLayer> covered = new ArrayList<>();
  private final List<OmittedLayer> uncovered = new ArrayList<>();
  private int channels;

  private CertificateChecker(Network network, Claim claim, Disagreements disagreements) {
    this.network = network;
    this.claim = claim;
    this.disagreements = disagreements;
    this.conventions = ClaimedConventions.of(claim, disagreements);
    this.ranges = CodeRanges.of(network);
  }

  /**
   * Checks a certificate.
   *
   * @param model a network file, or a run folder that holds one
   * @throws CertificateFileException if the certificate is not a well-formed one
   * @throws dev.narrows.network.NetworkFileException if the network cannot be read
   * @throws FloatLayersException if the network sums floating-point numbers
   */
  public static Verdict check(Path model, Path certificate) throws IOException {
    return check(model, certificate, ReadOptions.NONE);
  }

  /**
   * {@link #check(Path, Path)} of a network whose file leaves something open.
   *
   * @throws CertificateFileException if the certificate is not a well-formed one
   * @throws dev.narrows.network.NetworkFileException if the network cannot be read
   * @throws FloatLayersException if the network sums floating-point numbers
   */
  public static Verdict check(Path model, Path certificate, ReadOptions options)
      throws IOException {
    Claim claim = ClaimReader.read(certificate);
    Path file = NetworkFiles.file(model);
    Network network = NetworkFiles.read(file, options);
    if (network.standsForProgram()) {
      FloatLayersException.requireSomeIntegers("a certificate", network.layers());
    } else {
      FloatLayersException.requireIntegers("a certificate", network.layers());
    }
    Disagreements disagreements = new Disagreements();
    disagreements.agree("network.sha256", claim.sha256(), NetworkFiles.sha256(file));
    return new CertificateChecker(network, claim, disagreements).verdict();
  }

  private Verdict verdict() {
    if (claim.bits() < 2 || claim.bits() > 62) {
      disagreements.agree("bits", String.valueOf(claim.bits()), "a register has 2 to 62 bits");
    }
    Map<String, ClaimedLayer> claimed = new LinkedHashMap<>();
    for (ClaimedLayer layer : claim.layers()) {
      if (claimed.put(layer.name(), layer) != null) {
        disagree(layer.name(), OptionalInt.empty(), "layers", "the layer twice", "one of the name");
      }
    }
    Set<String> skipped = new HashSet<>(claim.skipped());
    for (Layer layer : network.layers()) {
      check(layer, claimed, skipped);
    }
    for (String name : claimed.keySet()) {
      disagree(name, OptionalInt.empty(), "layers", "such a layer", "none that sums");
    }
    for (String name : skipped) {
      disagree(name, OptionalInt.empty(), "skipped", "such a layer", "none that sums");
    }
    claim
        .notCovered()
        .ifPresent(said -> {
          List<String> found = uncovered.stream().map(OmittedLayer::name).toList();
          disagreements.agree("notCovered", said.toString(), found.toString());
        });
    return new Verdict(
        claim.bits(),
        conventions.guarantee(),
        claim.conventions(),
        channels,
        claim.skipped(),
        covered,
        uncovered,
        disagreements.all(),
        breaches);
  }

  /** Whether an instruction for pairs multiplies what a layer does: 8 bits on both sides. */
  private boolean fitsPairs(Layer layer, TensorType from, Optional<DotView> view) {
    return layer instanceof DotLayer
        && from.quantization().format().bits() == 8
        && view.stream().flatMapToInt(v -> Arrays.stream(v.weights())).allMatch(q -> (byte) q == q);
  }

  private void check(Layer layer, Map<String, ClaimedLayer> claimed, Set<String> skipped) {
    Optional<Uncovered> reason = Uncovered.of(layer);
    if (reason.equals(Optional.of(Uncovered.FLOAT))) { // a program may have such beside integers
      omit(layer, Uncovered.FLOAT);
      return;
    }
    TensorType from = network.first(layer);
    Optional<DotView> view = DotView.of(layer, from);
    if (view.isEmpty() && !(layer instanceof IntegerMatMul)) {
      omit(layer, reason.orElse(Uncovered.LEFT_OUT));
      return;
    }
    if (conventions.parts().pairs()
        && !fitsPairs(layer, from, view)
        && !view.map(DotView::exact).orElse(false)) {
      omit(layer, Uncovered.UNPAIRED);
      return; // what is claimed of it is reported as no such layer
    }
    @Nullable ClaimedLayer said = claimed.remove(layer.name());
    boolean listed = skipped.remove(layer.name());
    if (said != null) {
      if (layer instanceof IntegerMatMul product) {
        check(product, said);
      } else {
        view.ifPresent(dots -> check(layer, dots, from, said));
      }
      return;
    }
    omit(layer, reason.orElse(Uncovered.LEFT_OUT));
    if (listed && !view.map(DotView::exact).orElse(false)) {
      disagree(layer.name(), OptionalInt.empty(), "skipped", "an exact register", "none pinned");
    } else if (!listed && !(layer instanceof AveragePool)) {
      disagree(layer.name(), OptionalInt.empty(), "layers", "nothing", "a layer that sums");
    }
  }

  private void omit(Layer layer, Uncovered reason) {
    uncovered.add(new OmittedLayer(layer.name(), layer.kind(), reason));
  }

  private void check(Layer layer, DotView own, TensorType from, ClaimedLayer said) {
    String name = layer.name();
    Optional<Summation> plan = plan(said);
    DotView view = plan.map(own::in).orElse(own);
    requireOwn(said, "zero", conventions.zero(), said.zero(), view.zero());
    requireOwn(
        said,
        "bias",
        view.biased() ? conventions.bias() : Optional.empty(),
        said.bias(),
        view.biased() ? view.placement() : "none");
    Optional<Summation> pinned = claim.pinned().isPresent() ? plan : view.pinned();
    OptionalInt bits = held(pinned);
    requireRegister(said, pinned, bits);
    if (!conventions.parts().whole() && pinned.isPresent()) {
      disagree(
          name,
          OptionalInt.empty(),
          "conventions.pinned",
          claim.pinned().orElse("nothing"),
          "a register of its own, which sums no such parts");
    }
    LayerSums sums = new LayerSums(name, bits.orElse(claim.bits()));
    if (!counted(layer, said, view.channels())) {
      return;
    }
    CodeInterval format = CodeInterval.of(from.quantization().format());
    int zeroOf = view.subtracted(view.zero());
    int subtracted =
        conventions.leastOperand().isPresent()
            ? Math.toIntExact(format.min() - conventions.leastOperand().getAsInt())
            : zeroOf;
    for (int c = 0; c < view.channels(); c++) {
      channel(name, view, c, format, conventions.parts(), subtracted)
          .check(said.channels().get(c), sums.of(c));
      if (conventions.outer().isPresent()) {
        ChannelCheck whole = channel(name, view, c, format, SummedParts.one(), zeroOf);
        outer(name, c, whole::reached);
      }
    }
    covered.add(
        new CheckedLayer(
            name,
            layer.kind(),
            view.channels(),
            view.zero().toString(),
            view.biased() ? view.placement().toString() : "none",
            pinned.map(Summation::toString),
            sums.register,
            sums.reached.min(),
            sums.reached.max(),
            sums.reached.bits()));
  }

  private ChannelCheck channel(
      String layer,
      DotView view,
      int channel,
      CodeInterval format,
      SummedParts summed,
      int subtracted) {
    return new ChannelCheck(
        view,
        channel,
        ranges.tensor(view.input()),
        format,
        claim.taps().equals(Optional.of(ClaimedConventions.PHASE)),
        conventions.termsOnly(),
        summed,
        subtracted,
        findings(layer, channel));
  }

  /** Whole sums fit the register behind the parts. */
  private void outer(String layer, int channel, Supplier<CodeInterval> reached) {
    int register = conventions.outer().orElse(62);
    try {
      CodeInterval sums = reached.get();
      if (sums.bits() > register) {
        breaches.add(
            new UnsafeChannel(
                layer, channel, sums.min(), sums.max(), sums.bits(), register, Optional.empty()));
      }
    } catch (ArithmeticException e) {
      disagree(
          layer,
          OptionalInt.of(channel),
          "conventions.outer",
          register + " bits",
          "sums beyond 64 bits");
    }
  }

  /** There is no bias, and both operands are seen less their zero points. */
  private void check(IntegerMatMul layer, ClaimedLayer said) {
    ZeroPointConvention own = ZeroPointConvention.OFFSET;
    requireOwn(said, "zero", conventions.zero(), said.zero(), own);
    Optional<Summation> plan = plan(said);
    requireRegister(said, plan, held(plan));
    if (!counted(layer, said, layer.heads())) {
      return;
    }
    LayerSums sums = new LayerSums(layer.name(), held(plan).orElse(claim.bits()));
    for (int head = 0; head < layer.heads(); head++) {
      product(layer, head, own, conventions.parts())
          .check(said.channels().get(head), sums.of(head));
      if (conventions.outer().isPresent()) {
        outer(layer.name(), head, product(layer, head, own, SummedParts.one())::reached);
      }
    }
    covered.add(
        new CheckedLayer(
            layer.name(),
            layer.kind(),
            layer.heads(),
            own.toString(),
            "none",
            plan.map(Summation::toString),
            sums.register,
            sums.reached.min(),
            sums.reached.max(),
            sums.reached.bits()));
  }

  private ProductCheck product(
      IntegerMatMul layer, int head, ZeroPointConvention own, SummedParts summed) {
    return new ProductCheck(
        network,
        ranges,
        layer,
        head,
        own,
        conventions.termsOnly(),
        summed,
        findings(layer.name(), head));
  }

  /** A convention that the certificate states, for all layers or for this one, is the layer's. */
  private void requireOwn(
      ClaimedLayer said, String key, Optional<String> all, Optional<String> one, Object own) {
    String found = own + ", the network's own";
    all.filter(value -> !value.equals(own.toString()))
        .ifPresent(value ->
            disagree(said.name(), OptionalInt.empty(), "conventions." + key, value, found));
    one.filter(value -> !value.equals(own.toString()))
        .ifPresent(value -> disagree(said.name(), OptionalInt.empty(), key, value, found));
  }

  private static OptionalInt held(Optional<Summation> register) {
    return register.isPresent()
        ? OptionalInt.of(DotView.bits(register.get()))
        : OptionalInt.empty();
  }

  /** The register that a plan gives a layer, of which the certificate is the only witness. */
  private Optional<Summation> plan(ClaimedLayer said) {
    if (!claim.pinned().equals(Optional.of(ClaimedConventions.PLAN)) || said.register().isEmpty()) {
      return Optional.empty();
    }
    String text = said.register().get();
    try {
      Summation register = Summation.parse(text);
      if (register.accumulator().takesFloats()) {
        throw new IllegalArgumentException("no register of so many bits");
      }
      return Optional.of(register);
    } catch (IllegalArgumentException e) {
      disagree(said.name(), OptionalInt.empty(), "register", text, "a register for integers");
      return Optional.empty();
    }
  }

  /** A register that the certificate names is the one that the layer is held to. */
  private void requireRegister(ClaimedLayer said, Optional<Summation> held, OptionalInt bits) {
    String none = "none of its own";
    said.register()
        .filter(text -> !text.equals(held.map(Summation::toString).orElse("")))
        .ifPresent(text ->
            disagree(
                said.name(),
                OptionalInt.empty(),
                "register",
                text,
                held.map(Summation::toString).orElse(none)));
    if (said.registerBits().isPresent() && !said.registerBits().equals(bits)) {
      disagree(
          said.name(),
          OptionalInt.empty(),
          "registerBits",
          String.valueOf(said.registerBits().getAsInt()),
          bits.isPresent() ? String.valueOf(bits.getAsInt()) : none);
    }
  }

  private boolean counted(Layer layer, ClaimedLayer said, int found) {
    if (said.channels().size() != found) {
      omit(layer, Uncovered.LEFT_OUT);
      disagree(
          layer.name(),
          OptionalInt.empty(),
          "channels",
          String.valueOf(said.channels().size()),
          String.valueOf(found));
      return false;
    }
    channels += found;
    return true;
  }

  private ChannelFindings findings(String name, int channel) {
    return new ChannelFindings() {
      @Override
      public void disagree(String field, Object claimed, Object found) {
        CertificateChecker.this.disagree(
            name, OptionalInt.of(channel), field, claimed.toString(), found.toString());
      }

      @Override
      public boolean wantsWitnesses() {
        return claim.witnesses().isEmpty();
      }
    };
  }

  /** What the channels of one layer reach, against the register that they have to fit. */
  private final class LayerSums {
    private final String layer;
    private final int register;
    private CodeInterval reached = new CodeInterval(0, 0);

    private LayerSums(String layer, int register) {
      this.layer = layer;
      this.register = register;
    }

    private BiConsumer<CodeInterval, Optional<ShownWitness>> of(int channel) {
      return (sums, witness) -> {
        reached = reached.with(sums);
        if (sums.bits() > register) {
          breaches.add(
              new UnsafeChannel(
                  layer, channel, sums.min(), sums.max(), sums.bits(), register, witness));
        }
      };
    }
  }

  private void disagree(
      String layer, OptionalInt channel, String field, String claimed, String found) {
    disagreements.add(layer, channel, field, claimed, found);
  }
}
