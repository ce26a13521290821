package dev.narrows.experiments.reproduce.a2q;

import dev.narrows.experiments.reproduce.a2q.A2qTrials.LimitMethod;
import dev.narrows.experiments.reproduce.a2q.A2qTrials.LimitedNetwork;
import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.PaperNetwork;
import dev.narrows.experiments.reproduce.figure.TestBed;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.report.ReproductionResult;
import dev.narrows.report.ReproductionResult.Grid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a guaranteed width costs: A2Q, A2Q+ and ordinary training over widths of weights and
 * activations. One study with two figures, which share its networks: accuracy against width, and
 * how sparse the networks become.
 */
public final class A2qPareto implements Figure {
  /** The folder of the networks that the figures of this study share. */
  static final String FAMILY = "accumulator-aware";

  private final boolean sparsity;

  private A2qPareto(boolean sparsity) {
    this.sparsity = sparsity;
  }

  /** Accuracy against guaranteed width. */
  public static A2qPareto accuracy() {
    return new A2qPareto(false);
  }

  /** Sparsity and compression against guaranteed width. */
  public static A2qPareto sparsity() {
    return new A2qPareto(true);
  }

  @Override
  public String name() {
    return sparsity ? "a2q-sparsity" : "a2q-pareto";
  }

  @Override
  public String family() {
    return FAMILY;
  }

  @Override
  public String title() {
    return sparsity
        ? "A2Q: how sparse networks become under a guaranteed width"
        : "A2Q and A2Q+: accuracy against guaranteed width";
  }

  @Override
  public List<PaperNetwork> otherNetworks() {
    return PaperNetwork.OF_CLASSES;
  }

  @Override
  public ReproductionResult make(Workshop workshop) throws IOException {
    A2qParetoPlan plan = A2qParetoPlan.of(workshop.scale(), workshop.bed(TestBed.resnet20()));
    A2qTrials study = new A2qTrials(workshop, plan.bed(), plan.epochs());
    for (int operand : plan.operands()) {
      study.qat(operand, operand, 1);
      for (int bits : plan.signSum().getOrDefault(operand, List.of())) {
        study.constrained(LimitMethod.SIGN_SUM, operand, operand, bits, "ep", 1);
      }
      for (int bits : plan.registers().getOrDefault(operand, List.of())) {
        study.constrained(LimitMethod.A2Q, operand, operand, bits, "ep", 1);
        study.constrained(LimitMethod.A2Q_PLUS, operand, operand, bits, "ep", 1);
        study.constrained(LimitMethod.SIGN_SUM, operand, operand, bits, "ep", 1);
      }
    }
    List<LimitedNetwork> trials = study.all();
    List<String> notes = A2qParetoPage.notes(workshop.scale(), study);
    List<Grid> grids = new ArrayList<>(List.of(A2qParetoPage.grid(trials, !sparsity)));
    if (!sparsity) {
      plan.registers()
          .forEach((operand, widths) ->
              grids.add(A2qParetoPage.pressures(study.twin(operand), operand, widths)));
      notes.addAll(A2qParetoPage.chosen(plan.bed()));
    }
    return new ReproductionResult(
        name(),
        workshop.scale().word(),
        title(),
        A2qParetoPage.about(plan, study.floats()),
        sparsity
            ? A2qSparsityPage.claims(trials)
            : A2qParetoPage.claims(trials, study.floatValidation(1)),
        grids,
        sparsity ? A2qSparsityPage.charts(plan, trials) : List.of(A2qParetoPage.front(trials)),
        notes,
        study.networks());
  }
}
