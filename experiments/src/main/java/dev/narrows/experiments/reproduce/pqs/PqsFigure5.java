package dev.narrows.experiments.reproduce.pqs;

import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.PaperNetwork;
import dev.narrows.experiments.reproduce.figure.TestBed;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.report.NetworkFile;
import dev.narrows.report.ReproductionResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Figure 5 of PQS: the narrowest register of networks of 5- to 8-bit weights and activations, when
 * terms are sorted and when every overflow clips.
 */
public final class PqsFigure5 implements Figure {
  @Override
  public String name() {
    return "pqs-fig5";
  }

  @Override
  public String family() {
    return "grids";
  }

  @Override
  public String title() {
    return "PQS, Figure 5: the narrowest register, sorted and clipping";
  }

  @Override
  public List<PaperNetwork> otherNetworks() {
    return PaperNetwork.OF_CLASSES;
  }

  @Override
  public ReproductionResult make(Workshop workshop) throws IOException {
    PqsFigure5Plan plan = PqsFigure5Plan.of(workshop.scale(), workshop.bed(TestBed.resnet8()));
    plan.bed().prepare(workshop, PqsFigure5Plan.SEED);
    List<NarrowestRegisters> measured = new ArrayList<>();
    List<NetworkFile> networks = new ArrayList<>();
    for (int weights : plan.widths()) {
      for (int activations : plan.widths()) {
        ModelFile model = workshop.trained(plan.pruned(weights, activations).recipe());
        networks.add(model.id());
        measured.add(
            NarrowestRegisters.of(workshop, plan.bed().set(), model, weights, activations));
      }
    }
    WidthCurve curve = new WidthCurve(workshop, plan).measured();
    networks.addAll(curve.networks());
    return new ReproductionResult(
        name(),
        workshop.scale().word(),
        title(),
        PqsFigure5Page.about(plan),
        PqsFigure5Page.claims(measured),
        List.of(
            PqsFigure5Page.grid(measured),
            PqsFigure5Page.saved(measured),
            PqsFigure5Page.widths(plan, curve)),
        List.of(PqsFigure5Page.chart(plan.widths(), measured), PqsFigure5Page.accuracies(curve)),
        PqsFigure5Page.notes(workshop.scale(), measured, curve),
        networks);
  }
}
