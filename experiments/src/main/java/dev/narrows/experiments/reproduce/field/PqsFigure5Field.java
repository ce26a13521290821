package dev.narrows.experiments.reproduce.field;

import dev.narrows.data.DataException;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.report.ReproductionResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The question of PQS's Figure 5, asked of networks that others made: how many bits does sorting
 * save against clipping in natural order? Nothing is trained. A file or data that are missing are
 * left out, and the page says so.
 */
public final class PqsFigure5Field implements Figure {
  @Override
  public String name() {
    return "pqs-fig5-field";
  }

  @Override
  public String title() {
    return "PQS, Figure 5, on networks from the field";
  }

  @Override
  public ReproductionResult make(Workshop workshop) throws IOException {
    int most = most(workshop.scale());
    List<FieldRegisters> measured = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (FieldNetwork network : FieldNetwork.ALL) {
      Optional<ModelFile> model = network.open(workshop);
      if (model.isEmpty()) {
        missing.add(network.file());
        continue;
      }
      try {
        measured.add(FieldRegisters.of(workshop, network, model.get(), most));
      } catch (DataException noInputs) {
        missing.add(network.inputs().words() + " for " + network.name());
      }
    }
    return new ReproductionResult(
        name(),
        workshop.scale().word(),
        title(),
        PqsFigure5FieldPage.about(most),
        PqsFigure5FieldPage.claims(measured),
        PqsFigure5FieldPage.grids(measured),
        PqsFigure5FieldPage.charts(measured),
        PqsFigure5FieldPage.notes(measured, missing),
        measured.stream().map(FieldRegisters::id).toList());
  }

  private static int most(Scale scale) {
    return switch (scale) {
      case SMOKE -> 20;
      case TWO_CORE -> 1000;
    };
  }
}
