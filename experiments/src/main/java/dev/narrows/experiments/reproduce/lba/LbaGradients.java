package dev.narrows.experiments.reproduce.lba;

import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.report.NetworkFile;
import dev.narrows.report.ReproductionResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** LBA: two stages against one, and each fine-grained gradient against the identity. */
public final class LbaGradients implements Figure {
  @Override
  public String name() {
    return "lba-gradients";
  }

  @Override
  public String family() {
    return "lba";
  }

  @Override
  public String title() {
    return "LBA: fine-grained gradients, and training in two stages";
  }

  @Override
  public ReproductionResult make(Workshop workshop) throws IOException {
    List<GradientsPlan> plans = GradientsPlan.of(workshop.scale());
    List<GradientTrials> measured = new ArrayList<>();
    List<NetworkFile> networks = new ArrayList<>();
    for (GradientsPlan plan : plans) {
      LbaRuns runs = new LbaRuns(workshop, plan.bed());
      LbaFormats formats = LbaFormats.ofImages(workshop, plan.bed().set());
      for (LbaFormats.Shape shape : plan.shapes()) {
        measured.add(GradientTrials.of(runs, formats, plan, shape));
      }
      networks.addAll(runs.networks());
    }
    return new ReproductionResult(
        name(),
        workshop.scale().word(),
        title(),
        LbaGradientsPage.about(plans),
        measured.stream().flatMap(trials -> LbaGradientsPage.claims(trials).stream()).toList(),
        measured.stream().map(LbaGradientsPage::grid).toList(),
        List.of(),
        workshop.scale().notes(),
        networks);
  }
}
