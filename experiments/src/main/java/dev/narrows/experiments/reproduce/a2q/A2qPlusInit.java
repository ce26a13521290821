package dev.narrows.experiments.reproduce.a2q;

import static dev.narrows.experiments.reproduce.a2q.A2qTrials.NARROWED;

import dev.narrows.experiments.reproduce.a2q.A2qTrials.LimitMethod;
import dev.narrows.experiments.reproduce.a2q.A2qTrials.LimitedNetwork;
import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.report.ReproductionResult;
import java.io.IOException;
import java.util.List;

/**
 * A2Q+: starting from the Euclidean projection onto the ℓ1 ball against starting from the weights.
 */
public final class A2qPlusInit implements Figure {
  private static final long FIRST_SEED = 1;
  private static final long SECOND_SEED = 2;

  static final List<LimitMethod> METHODS = List.of(LimitMethod.A2Q, LimitMethod.A2Q_PLUS);

  @Override
  public String name() {
    return "a2qplus-init";
  }

  @Override
  public String family() {
    return "accumulator-aware";
  }

  @Override
  public String title() {
    return "A2Q+: what EP-init is worth";
  }

  @Override
  public ReproductionResult make(Workshop workshop) throws IOException {
    A2qPlusInitPlan plan = A2qPlusInitPlan.of(workshop.scale());
    A2qTrials study = new A2qTrials(workshop, plan.bed(), plan.epochs());
    for (LimitMethod method : METHODS) {
      for (int bits : plan.widths()) {
        study.constrained(method, 4, 4, bits, "ep", FIRST_SEED);
      }
      for (int bits : plan.plain()) {
        study.constrained(method, 4, 4, bits, "plain", FIRST_SEED);
      }
      for (int bits : plan.again()) {
        study.constrained(method, 4, 4, bits, "ep", SECOND_SEED);
      }
    }
    String init = "ep";
    for (int i = 1; i < plan.widths().size(); i++) {
      study.narrowed(
          LimitMethod.A2Q_PLUS, plan.widths().get(i), plan.widths().get(i - 1), init, FIRST_SEED);
      init = NARROWED;
    }
    List<LimitedNetwork> trials = study.all();
    return new ReproductionResult(
        name(),
        workshop.scale().word(),
        title(),
        A2qPlusInitPage.about(plan, study.floats()),
        A2qPlusInitPage.claims(plan, trials),
        List.of(A2qPlusInitPage.grid(plan, trials)),
        List.of(A2qPlusInitPage.chart(plan, trials)),
        A2qPlusInitPage.notes(workshop.scale()),
        study.networks());
  }
}
