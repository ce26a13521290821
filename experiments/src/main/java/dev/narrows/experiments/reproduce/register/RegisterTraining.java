package dev.narrows.experiments.reproduce.register;

import dev.narrows.core.dot.Summation;
import dev.narrows.data.catalog.Split;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.reproduce.a2q.A2qTrials;
import dev.narrows.experiments.reproduce.a2q.A2qTrials.LimitMethod;
import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.PaperNetwork;
import dev.narrows.experiments.reproduce.figure.Prose;
import dev.narrows.experiments.reproduce.figure.Spread;
import dev.narrows.experiments.reproduce.figure.TestBed;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.report.EvaluationResult;
import dev.narrows.report.EvaluationResult.AccumulatorResult;
import dev.narrows.report.NetworkFile;
import dev.narrows.report.ReproductionResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Training through the register beside training that avoids overflow: accuracy against width for
 * ordinary quantisation-aware training, A2Q+, and networks fine-tuned through a sorted and through
 * a natural-order saturating register; each run in several orders.
 *
 * <p>No paper has this figure; A2Q+'s is one of its lines.
 */
public final class RegisterTraining implements Figure {
  static final Prose PROSE = Prose.of(RegisterTraining.class, "register-training");

  static final Map<String, String> ORDERS = new LinkedHashMap<>();

  static {
    ORDERS.put("sorted", "saturate:sorted");
    ORDERS.put("natural", "saturate");
    ORDERS.put("reversed", "saturate:reversed");
    ORDERS.put("tiled", "saturate:tiles(16)");
    ORDERS.put("wrap", "wrap");
  }

  static final long FIRST_SEED = 1;
  static final long SECOND_SEED = 2;
  static final String QAT = "quantisation-aware";
  static final String SORTED = "through sorted";
  static final String NATURAL = "through natural order";

  /** Methods under which nothing overflows. */
  static final List<LimitMethod> LIMITED = List.of(LimitMethod.A2Q_PLUS, LimitMethod.SIGN_SUM);

  static String register(String order, int bits) {
    return Summation.parseWay(ORDERS.getOrDefault(order, order), bits).toString();
  }

  @Override
  public String name() {
    return "register-training";
  }

  @Override
  public String family() {
    return "accumulator-aware";
  }

  @Override
  public String title() {
    return "Training through the register, beside training that avoids overflow";
  }

  @Override
  public List<PaperNetwork> otherNetworks() {
    return PaperNetwork.OF_CLASSES;
  }

  @Override
  public ReproductionResult make(Workshop workshop) throws IOException {
    RegisterTrainingPlan plan =
        RegisterTrainingPlan.of(workshop.scale(), workshop.bed(TestBed.resnet20()));
    TestBed bed = plan.bed();
    List<RegisterLine> lines = new ArrayList<>();
    List<NetworkFile> networks = new ArrayList<>();
    List<Double> floats = new ArrayList<>();
    for (long seed : plan.seeds()) {
      bed.prepare(workshop, seed);
      workshop.trained(bed.fromFloat("start", seed).quantize(plan.start()).recipe());
      ModelFile twin =
          workshop.trained(bed.from("start", "twin", seed).quantize(plan.more()).recipe());
      twin.stored().flatMap(EvaluationResult::floatAccuracy).ifPresent(floats::add);
      lines.add(line(workshop, plan, twin, QAT, 0, seed, networks));
      for (int bits : plan.registers(seed)) {
        for (String method : List.of(SORTED, NATURAL)) {
          String order = method.equals(SORTED) ? "sorted" : "natural";
          ModelFile model =
              workshop.trained(
                  bed.from("start", order + "-" + bits, seed)
                      .register(register(order, bits), plan.steps(bits), plan.epochs(bits))
                      .recipe());
          lines.add(line(workshop, plan, model, method, bits, seed, networks));
        }
      }
      for (int bits : plan.constrained(seed)) {
        for (LimitMethod method : LIMITED) {
          ModelFile model =
              workshop.trained(
                  A2qTrials.limited(bed, method, 4, 4, bits, "ep", plan.start() + plan.more(), seed)
                      .recipe());
          lines.add(line(workshop, plan, model, method.toString(), bits, seed, networks));
        }
      }
    }
    return new ReproductionResult(
        name(),
        workshop.scale().word(),
        title(),
        RegisterTrainingPage.about(plan, Spread.of(floats, f -> f)),
        RegisterTrainingPage.claims(plan, lines),
        List.of(RegisterTrainingPage.grid(lines), RegisterTrainingPage.ordinary(plan, lines)),
        List.of(RegisterTrainingPage.chart(plan, lines)),
        RegisterTrainingPage.notes(workshop.scale(), plan, lines),
        networks);
  }

  static RegisterLine line(
      Workshop workshop,
      RegisterTrainingPlan plan,
      ModelFile model,
      String method,
      int bits,
      long seed,
      List<NetworkFile> networks)
      throws IOException {
    List<String> asked = new ArrayList<>(List.of("exact"));
    if (method.equals(QAT)) {
      for (int width : plan.registers()) {
        for (String order : List.of("sorted", "natural", "wrap")) {
          asked.add(register(order, width));
        }
      }
    } else {
      ORDERS.keySet().forEach(order -> asked.add(register(order, bits)));
    }
    networks.add(model.id());
    EvaluationResult result =
        workshop.evaluated(
            model,
            workshop.inputs(model, plan.bed().set(), Split.TEST, OptionalInt.empty()),
            asked);
    Map<String, AccumulatorResult> rows = new LinkedHashMap<>();
    result.results().forEach(row -> rows.put(row.accumulator(), row));
    return new RegisterLine(method, bits, seed, rows);
  }
}
