package dev.narrows.experiments.targets;

import dev.narrows.experiments.analyze.Analysis;
import dev.narrows.experiments.analyze.Certification;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.targets.LayerProof;
import dev.narrows.network.targets.PairInstruction;
import dev.narrows.network.targets.Target;
import dev.narrows.network.targets.TargetProof;
import dev.narrows.report.AnalysisResult;
import dev.narrows.report.FloatSumLayer;
import dev.narrows.report.PlatformResult.PairLayer;
import dev.narrows.report.TargetResult;
import dev.narrows.report.TargetResult.LayerPairs;
import dev.narrows.report.TargetResult.SumsSeen;
import dev.narrows.report.TargetResult.TargetLayer;
import dev.narrows.report.TargetResult.WidestChannel;
import dev.narrows.report.TargetVerdict;
import dev.narrows.report.UncoveredLayer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The verdict on a network on a target, from bounds, an analysis and perhaps data. */
public final class TargetJudge {
  /** Why no layer fits, named in an error. */
  private static final int MOST_REASONS = 3;

  private final TargetProof proof;
  private final AnalysisResult analysis;
  private final Optional<SumsOfData> data;

  private TargetJudge(TargetProof proof, AnalysisResult analysis, Optional<SumsOfData> data) {
    this.proof = proof;
    this.analysis = analysis;
    this.data = data;
  }

  /**
   * What bounds prove, before any data are looked at.
   *
   * @param withData whether data will be
   * @throws BadInputException if a rule matches no layer, no layer sums in the target's registers,
   *     or only data could say anything and there are none
   */
  public static TargetProof proof(Network network, Target target, boolean withData) {
    TargetProof proof;
    try {
      proof = TargetProof.of(network, target);
    } catch (IllegalArgumentException e) {
      throw new BadInputException("--target " + target.name() + ": " + e.getMessage(), e);
    }
    if (proof.layers().isEmpty() && proof.floats().isEmpty()) {
      throw noLayer(target, proof.leftOut().stream().map(TargetProof.LeftOut::reason).toList());
    }
    if (!proof.floats().isEmpty() && !withData) {
      throw new BadInputException(
          "--target %s: nothing is proved of floating-point registers; --data SET shows whether sums of your data leave them"
              .formatted(target.name()));
    }
    return proof;
  }

  private static BadInputException noLayer(Target target, List<String> reasons) {
    List<String> different = List.copyOf(new LinkedHashSet<>(reasons));
    int shown = Math.min(MOST_REASONS, different.size());
    return new BadInputException(
        "--target %s: no layer runs in its registers%s%s"
            .formatted(
                target.name(),
                reasons.isEmpty()
                    ? "; the network sums nothing"
                    : ": " + String.join("; ", different.subList(0, shown)),
                shown < different.size()
                    ? "; and %d more reasons".formatted(different.size() - shown)
                    : ""));
  }

  private static UncoveredLayer leftOut(Layer layer, String reason) {
    return new UncoveredLayer(layer.name(), layer.kind(), reason);
  }

  /** The verdict by bounds alone. */
  public static AnalysisResult judge(AnalysisResult analysis, TargetProof proof) {
    return analysis
        .builder()
        .target(Optional.of(new TargetJudge(proof, analysis, Optional.empty()).result()))
        .build();
  }

  /** The verdict by bounds and data. */
  public static AnalysisResult judge(
      AnalysisResult analysis,
      TargetProof proof,
      Network network,
      NetworkInputs inputs,
      int threads,
      EvaluationListener listener) {
    SumsOfData data = new SumsOfData(network, analysis, inputs, threads, listener);
    return analysis
        .builder()
        .target(Optional.of(new TargetJudge(proof, analysis, Optional.of(data)).result()))
        .build();
  }

  private TargetResult result() {
    List<TargetLayer> layers = new ArrayList<>();
    List<UncoveredLayer> leftOut = new ArrayList<>();
    proof.leftOut().forEach(left -> leftOut.add(leftOut(left.layer(), left.reason())));
    for (LayerProof layer : proof.layers()) {
      Optional<String> unfit = pairs(layer).flatMap(PairLayer::unfit);
      if (unfit.isPresent()) {
        leftOut.add(leftOut(layer.layer(), "cannot be added in pairs: " + unfit.get()));
      } else {
        layers.add(integers(layer));
      }
    }
    Map<String, SumsSeen> floats =
        proof.floats().isEmpty() ? Map.of() : data.orElseThrow().floats(proof.floats());
    proof.floats().forEach(register -> layers.add(floats(register, floats)));
    if (layers.isEmpty()) {
      throw noLayer(proof.target(), leftOut.stream().map(UncoveredLayer::reason).toList());
    }
    boolean proved = layers.stream().allMatch(TargetLayer::proved);
    boolean clean =
        data.isPresent()
            && layers.stream()
                .allMatch(layer -> layer.seen().map(s -> s.overflowing() == 0).orElse(false));
    TargetVerdict verdict =
        proved ? TargetVerdict.SAFE : clean ? TargetVerdict.SAFE_ON_DATA : TargetVerdict.UNSAFE;
    VerdictWords words =
        new VerdictWords(proof.target(), verdict, layers, leftOut, data.map(SumsOfData::images));
    return new TargetResult(
        proof.target().name(),
        proof.target().words(),
        verdict,
        words.sentence(),
        proved,
        data.map(SumsOfData::images),
        layers,
        leftOut,
        Stream.concat(words.advice(analysis).stream(), chunks().stream()).toList());
  }

  /** How long chunks may be, where the target has a wide register behind a narrow one. */
  private Optional<String> chunks() {
    Map<String, Integer> chunks = proof.chunks();
    return chunks.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "The longest chunks that are safe for every input: %s."
                .formatted(
                    chunks.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .collect(Collectors.joining(", "))));
  }

  private TargetLayer integers(LayerProof layer) {
    Optional<PairLayer> found = pairs(layer);
    Optional<LayerPairs> pairs =
        instruction(layer)
            .flatMap(name ->
                found.map(of -> new LayerPairs(name, of.unsafe(), of.channels(), of.worst())));
    boolean safePairs = pairs.map(of -> of.unsafe() == 0).orElse(true);
    return new TargetLayer(
        layer.layer().name(),
        layer.layer().kind(),
        register(layer.register(), pairs),
        layer.proved() && safePairs,
        layer.bits(),
        layer.channels(),
        Math.max(layer.unproved(), pairs.map(LayerPairs::channels).orElse(0)),
        Optional.of(widest(layer)),
        Optional.empty(),
        pairs,
        data.map(of -> seen(of.of(layer), found)));
  }

  private Optional<String> instruction(LayerProof layer) {
    return proof.target().pairsOf(layer.layer().name()).map(PairInstruction::instruction);
  }

  private Optional<PairLayer> pairs(LayerProof layer) {
    Optional<String> instruction = instruction(layer);
    return analysis.platforms().stream()
        .flatMap(platforms -> platforms.pairs().stream())
        .filter(check -> instruction.equals(Optional.of(check.instruction())))
        .flatMap(check -> check.layers().stream())
        .filter(pairs -> pairs.name().equals(layer.layer().name()))
        .findFirst();
  }

  /** Pair sums where there are unsafe pairs, else whole sums. */
  private static SumsSeen seen(SumsSeen sums, Optional<PairLayer> pairs) {
    return pairs
        .flatMap(PairLayer::seen)
        .filter(_ -> sums.overflowing() == 0)
        .map(seen -> new SumsSeen(seen.sums(), seen.overflowing()))
        .orElse(sums);
  }

  private static String register(LayerRegister register, Optional<LayerPairs> pairs) {
    String own = register.asked().toString();
    return pairs.map(of -> of.instruction() + ", then " + own).orElse(own);
  }

  private static WidestChannel widest(LayerProof layer) {
    return new WidestChannel(
        layer.widest(),
        layer.held().min(),
        layer.held().max(),
        layer.needed(),
        layer.refuted(),
        layer.certificate().flatMap(Certification::witness));
  }

  private TargetLayer floats(LayerRegister register, Map<String, SumsSeen> seen) {
    Optional<FloatSumLayer> known =
        analysis.floatLayers().stream()
            .flatMap(List::stream)
            .filter(layer -> layer.name().equals(register.layer()))
            .findFirst();
    return new TargetLayer(
        register.layer(),
        known.map(FloatSumLayer::kind).orElse(""),
        register.asked().toString(),
        false,
        register.accumulator().bits(),
        known.map(FloatSumLayer::channels).orElse(0),
        0,
        Optional.empty(),
        known.flatMap(layer -> Analysis.errorFactor(register, layer.terms())),
        Optional.empty(),
        Optional.ofNullable(seen.get(register.layer())));
  }
}
