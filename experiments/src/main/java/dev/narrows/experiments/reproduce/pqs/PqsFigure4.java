package dev.narrows.experiments.reproduce.pqs;

import dev.narrows.data.catalog.Split;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.PaperNetwork;
import dev.narrows.experiments.reproduce.figure.TestBed;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.experiments.reproduce.pqs.PqsFigure4Plan.PruningWay;
import dev.narrows.experiments.reproduce.pqs.PruningAccuracies.PrunedAccuracy;
import dev.narrows.report.EvaluationResult;
import dev.narrows.report.NetworkFile;
import dev.narrows.report.ReproductionResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Figure 4 of PQS: pruning before quantisation (P→Q) beside after it (Q→P), and beside pruning
 * whole filters, as sparsity rises.
 */
public final class PqsFigure4 implements Figure {
  @Override
  public String name() {
    return "pqs-fig4";
  }

  @Override
  public String family() {
    return "grids";
  }

  @Override
  public String title() {
    return "PQS, Figure 4: prune then quantise, against quantise then prune";
  }

  @Override
  public List<PaperNetwork> otherNetworks() {
    return PaperNetwork.OF_CLASSES;
  }

  @Override
  public ReproductionResult make(Workshop workshop) throws IOException {
    PqsFigure4Plan plan = PqsFigure4Plan.of(workshop.scale(), workshop.bed(TestBed.resnet8()));
    PruningAccuracies measured = measured(workshop, plan);
    return new ReproductionResult(
        name(),
        workshop.scale().word(),
        title(),
        PqsFigure4Page.about(plan, measured),
        PqsFigure4Page.claims(plan, measured),
        List.of(PqsFigure4Page.grid(plan, measured)),
        List.of(PqsFigure4Page.chart(plan, measured)),
        PqsFigure4Page.notes(workshop.scale(), plan, measured),
        measured.networks());
  }

  private static PruningAccuracies measured(Workshop workshop, PqsFigure4Plan plan)
      throws IOException {
    List<Double> floats = new ArrayList<>();
    List<Double> dense = new ArrayList<>();
    List<PrunedAccuracy> pruned = new ArrayList<>();
    List<NetworkFile> networks = new ArrayList<>();
    for (long seed : plan.seeds()) {
      plan.bed().prepare(workshop, seed);
      ModelFile whole = workshop.trained(plan.dense(seed).recipe());
      whole.stored().flatMap(EvaluationResult::floatAccuracy).ifPresent(floats::add);
      networks.add(whole.id());
      dense.add(workshop.exactAccuracy(whole, plan.bed().set(), Split.TEST));
      for (int kept : plan.kept()) {
        for (PruningWay way : PruningWay.values()) {
          ModelFile model = workshop.trained(plan.pruned(way, kept, seed).recipe());
          networks.add(model.id());
          pruned.add(
              new PrunedAccuracy(
                  way, kept, workshop.exactAccuracy(model, plan.bed().set(), Split.TEST)));
        }
      }
    }
    return new PruningAccuracies(floats, dense, pruned, networks);
  }
}
