package dev.narrows.experiments.reproduce.a2q;

import dev.narrows.experiments.reproduce.a2q.A2qTrials.LimitMethod;
import dev.narrows.experiments.reproduce.a2q.A2qTrials.LimitedNetwork;
import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.PaperNetwork;
import dev.narrows.experiments.reproduce.figure.TestBed;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.report.ReproductionResult;
import java.io.IOException;
import java.util.List;

/**
 * What guaranteed widths save in LUTs, on whole networks: A2Q, A2Q+ and sign-sum beside ordinary
 * training, each network priced with registers of 32 bits, of the data-type bound, of what its
 * weights prove after training, and of the width that it was made for.
 */
public final class A2qResources implements Figure {
  /** A figure of the study of limits. */
  public A2qResources() {}

  @Override
  public String name() {
    return "a2q-resources";
  }

  @Override
  public String family() {
    return A2qPareto.FAMILY;
  }

  @Override
  public String title() {
    return "A2Q: what a guaranteed width saves in an FPGA";
  }

  @Override
  public List<PaperNetwork> otherNetworks() {
    return PaperNetwork.OF_CLASSES;
  }

  @Override
  public ReproductionResult make(Workshop workshop) throws IOException {
    A2qResourcesPlan plan = A2qResourcesPlan.of(workshop.scale(), workshop.bed(TestBed.resnet20()));
    A2qTrials study = new A2qTrials(workshop, plan.bed(), plan.epochs());
    for (int operand : plan.operands()) {
      study.qat(operand, operand, 1);
      for (int bits : plan.registers().getOrDefault(operand, List.of())) {
        for (LimitMethod method :
            List.of(LimitMethod.A2Q, LimitMethod.A2Q_PLUS, LimitMethod.SIGN_SUM)) {
          study.constrained(method, operand, operand, bits, "ep", 1);
        }
        study.repaired(operand, operand, bits, 1);
      }
      for (int bits : plan.narrower().getOrDefault(operand, List.of())) {
        study.constrained(LimitMethod.SIGN_SUM, operand, operand, bits, "ep", 1);
        study.repaired(operand, operand, bits, 1);
      }
    }
    List<LimitedNetwork> trials = study.all();
    return new ReproductionResult(
        name(),
        workshop.scale().word(),
        title(),
        A2qResourcesPage.about(plan, study.floats()),
        A2qResourcesPage.claims(trials, study.floatValidation(1)),
        List.of(A2qResourcesPage.grid(trials)),
        List.of(A2qResourcesPage.front(trials)),
        A2qResourcesPage.notes(workshop.scale()),
        study.networks());
  }
}
