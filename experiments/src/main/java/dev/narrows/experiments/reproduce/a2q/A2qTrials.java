package dev.narrows.experiments.reproduce.a2q;

import dev.narrows.core.dot.Summation;
import dev.narrows.core.quantize.a2q.NormMethod;
import dev.narrows.core.quantize.a2q.NormStart;
import dev.narrows.data.catalog.Split;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.evaluate.WeightFigures;
import dev.narrows.experiments.recipe.Constraint;
import dev.narrows.experiments.reproduce.figure.Spread;
import dev.narrows.experiments.reproduce.figure.TestBed;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.repair.network.NetworkRepair;
import dev.narrows.repair.network.RepairRequest;
import dev.narrows.report.EvaluationResult;
import dev.narrows.report.NetworkFile;
import dev.narrows.report.WeightsResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * Networks trained under norm limits, and without, on one test bed: what the figures of A2Q show.
 */
public final class A2qTrials {
  /** How a network is kept within its register. */
  public enum LimitMethod {
    QAT("quantisation-aware", Optional.empty()),
    A2Q("A2Q", Optional.of(NormMethod.A2Q)),
    A2Q_PLUS("A2Q+", Optional.of(NormMethod.A2Q_PLUS)),
    SIGN_SUM("sign-sum", Optional.of(NormMethod.SIGN_SUM)),
    /** Trained without a limit, and made safe afterwards. */
    REPAIRED("repaired", Optional.empty());

    private final String label;
    private final Optional<NormMethod> limit;

    LimitMethod(String label, Optional<NormMethod> limit) {
      this.label = label;
      this.limit = limit;
    }

    private NormMethod limit() {
      return limit.orElseThrow(() -> new IllegalArgumentException(label + " has no limit"));
    }

    @Override
    public String toString() {
      return label;
    }
  }

  /**
   * One trained network.
   *
   * @param bits the width asked for; of {@link LimitMethod#QAT} what its weights happen to need
   * @param accuracy on test images with exact sums, which are those of a register of {@code bits}
   *     bits, in percent
   * @param validation the same on validation images: networks are chosen by it
   * @param rangeUsed see {@link WeightFigures#rangeUsed}
   * @param network in integers
   */
  record LimitedNetwork(
      LimitMethod method,
      int weights,
      int activations,
      int bits,
      String init,
      long seed,
      double accuracy,
      double validation,
      double floatAccuracy,
      WeightsResult.WeightTotals figures,
      double rangeUsed,
      Network network) {
    double relative() {
      return 100 * accuracy / floatAccuracy;
    }
  }

  /**
   * Learning rate under A2Q and A2Q+, whose weights are divided by their norm: chosen on validation
   * images, see docs/decisions.md.
   */
  public static final double NORM_TUNING = 0.005;

  /** Training images that a repair looks at. */
  private static final int CALIBRATION = 512;

  /** Started from the network of the next wider limit. */
  static final String NARROWED = "narrowed";

  private final Workshop workshop;
  private final TestBed bed;
  private final int epochs;
  private final List<LimitedNetwork> trials = new ArrayList<>();
  private final List<NetworkFile> networks = new ArrayList<>();
  private final Map<Integer, ModelFile> twins = new HashMap<>();

  A2qTrials(Workshop workshop, TestBed bed, int epochs) {
    this.workshop = workshop;
    this.bed = bed;
    this.epochs = epochs;
  }

  /**
   * Ordinary quantisation-aware training, as long as the others: an epoch and then the rest, which
   * for W4A4 are the networks that the figure register-training starts from.
   */
  void qat(int weights, int activations, long seed) throws IOException {
    bed.prepare(workshop, seed);
    String operands = operands(weights, activations);
    String start = "start" + operands;
    ModelFile model =
        workshop.trained(
            bed.fromFloat(start, seed).bits(weights, activations).quantize(1).recipe());
    if (epochs > 1) {
      model =
          workshop.trained(
              bed.from(start, "twin" + operands, seed)
                  .bits(weights, activations)
                  .quantize(epochs - 1)
                  .recipe());
    }
    twins.put(weights, model);
    int needed = figures(model).safeBits();
    add(model, LimitMethod.QAT, weights, activations, needed, "", seed);
  }

  /** Training under a limit. */
  void constrained(
      LimitMethod method, int weights, int activations, int bits, String init, long seed)
      throws IOException {
    bed.prepare(workshop, seed);
    ModelFile model =
        workshop.trained(
            limited(bed, method, weights, activations, bits, init, epochs, seed).recipe());
    add(model, method, weights, activations, bits, init, seed);
  }

  /**
   * The run of a limit: of the same name in every figure that shows it, which says what is unlike
   * the usual W4A4 with EP-init and three epochs.
   */
  public static TestBed.Run limited(
      TestBed bed,
      LimitMethod method,
      int weights,
      int activations,
      int bits,
      String init,
      int epochs,
      long seed) {
    return limited(
        bed.fromFloat(name(method, weights, activations, bits, init, epochs), seed),
        method,
        weights,
        activations,
        bits,
        init,
        epochs);
  }

  /**
   * Training under a limit, at W4A4, from the network of the next wider one and for as long again.
   *
   * @param wider the limit before, which was trained with {@code init}
   */
  void narrowed(LimitMethod method, int bits, int wider, String init, long seed)
      throws IOException {
    String before = name(method, 4, 4, wider, init, epochs);
    String name = name(method, 4, 4, bits, NARROWED, epochs);
    ModelFile model =
        workshop.trained(
            limited(bed.from(before, name, seed), method, 4, 4, bits, "ep", epochs).recipe());
    add(model, method, 4, 4, bits, NARROWED, seed);
  }

  /** The network without a limit, of {@link #qat}, made safe without training. */
  void repaired(int weights, int activations, int bits, long seed) throws IOException {
    ModelFile twin = twinModel(weights);
    String name = "repaired-" + bits + operands(weights, activations);
    Optional<ModelFile> made = workshop.derived(name);
    if (made.isEmpty()) {
      NetworkInputs calibration =
          workshop.inputs(twin, bed.set(), Split.TRAIN, OptionalInt.of(CALIBRATION));
      Network network =
          NetworkRepair.of(
                  twin.network(),
                  Optional.empty(),
                  calibration.source(),
                  RepairRequest.of(
                      LayerRegisters.of(Summation.parse("int%d:saturate".formatted(bits)))),
                  workshop.threads(),
                  (_, done, all) -> workshop.evaluation().progress(name, done, all))
              .network();
      made = Optional.of(workshop.derived(name, network));
    }
    add(
        made.get(),
        twin.stored().flatMap(EvaluationResult::floatAccuracy).orElseThrow(),
        LimitMethod.REPAIRED,
        weights,
        activations,
        bits,
        "",
        seed);
  }

  private static String name(
      LimitMethod method, int weights, int activations, int bits, String init, int epochs) {
    String operands = operands(weights, activations);
    String start = init.equals("ep") ? "" : "-" + init;
    String length = epochs == 3 ? "" : "-" + epochs + "ep";
    return method.limit().toString().replace("+", "-plus") + "-" + bits + operands + start + length;
  }

  private static String operands(int weights, int activations) {
    return weights == 4 && activations == 4 ? "" : "-w" + weights + "a" + activations;
  }

  private static TestBed.Run limited(
      TestBed.Run run,
      LimitMethod method,
      int weights,
      int activations,
      int bits,
      String init,
      int epochs) {
    double rate = method == LimitMethod.SIGN_SUM ? TestBed.Run.FINE_TUNING : NORM_TUNING;
    Constraint limit =
        Constraint.of(method.limit(), bits)
            .withInit(init.equals("plain") ? NormStart.StartRule.PLAIN : NormStart.StartRule.EP);
    return run.constrained(weights, activations, limit).quantize(epochs, rate);
  }

  private void add(
      ModelFile model, LimitMethod method, int w, int a, int bits, String init, long seed)
      throws IOException {
    double floats = model.stored().flatMap(EvaluationResult::floatAccuracy).orElseThrow();
    add(model, floats, method, w, a, bits, init, seed);
  }

  private void add(
      ModelFile model,
      double floats,
      LimitMethod method,
      int w,
      int a,
      int bits,
      String init,
      long seed)
      throws IOException {
    networks.add(model.id());
    trials.add(
        new LimitedNetwork(
            method,
            w,
            a,
            bits,
            init,
            seed,
            workshop.exactAccuracy(model, bed.set(), Split.TEST),
            workshop.exactAccuracy(model, bed.set(), Split.VALIDATION),
            floats,
            figures(model),
            WeightFigures.rangeUsed(model.network(), bits),
            model.network()));
  }

  /** Accuracy of the float network on validation images, in percent. */
  double floatValidation(long seed) throws IOException {
    return workshop.exactAccuracy(bed.floatNetwork(workshop, seed), bed.set(), Split.VALIDATION);
  }

  private static WeightsResult.WeightTotals figures(ModelFile model) {
    return WeightFigures.of(model.network()).total().orElseThrow();
  }

  /** The network that was trained as long in exact registers, of so many bits of weights. */
  Network twin(int weights) {
    return twinModel(weights).network();
  }

  private ModelFile twinModel(int weights) {
    ModelFile twin = twins.get(weights);
    if (twin == null) {
      throw new IllegalArgumentException("no network of " + weights + " bits was trained");
    }
    return twin;
  }

  List<LimitedNetwork> all() {
    return List.copyOf(trials);
  }

  List<NetworkFile> networks() {
    return List.copyOf(networks);
  }

  /** Bits of weights that were tried. */
  Set<Integer> operands() {
    return new TreeSet<>(twins.keySet());
  }

  int epochs() {
    return epochs;
  }

  Spread floats() {
    return Spread.of(trials, LimitedNetwork::floatAccuracy);
  }
}
