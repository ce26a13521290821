package dev.narrows.experiments.reproduce.a2q;

import static dev.narrows.report.PlainText.text;

import dev.narrows.experiments.reproduce.a2q.A2qTrials.LimitMethod;
import dev.narrows.experiments.reproduce.a2q.A2qTrials.LimitedNetwork;
import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.Prose;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.TestBed;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.report.ReproductionResult;
import dev.narrows.report.ReproductionResult.Chart;
import dev.narrows.report.ReproductionResult.Grid;
import dev.narrows.report.ReproductionResult.PaperClaim;
import dev.narrows.report.ReproductionResult.Point;
import dev.narrows.report.ReproductionResult.Series;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** A2Q+: how the best activation width falls as the register narrows. */
public final class A2qPlusTradeoffs implements Figure {
  private static final Prose PROSE = Prose.of(A2qPlusTradeoffs.class, "a2qplus-tradeoffs");

  private static final int WEIGHT_BITS = 6;

  @Override
  public String name() {
    return "a2qplus-tradeoffs";
  }

  @Override
  public String family() {
    return "grids";
  }

  @Override
  public String title() {
    return "A2Q+: the activation width that a narrow register leaves";
  }

  @Override
  public ReproductionResult make(Workshop workshop) throws IOException {
    boolean smoke = workshop.scale() == Scale.SMOKE;
    TestBed bed = TestBed.of(workshop.scale(), TestBed.resnet8());
    List<Integer> registers = smoke ? List.of(13, 10) : List.of(14, 12, 10);
    List<Integer> activations = smoke ? List.of(6, 3) : List.of(8, 6, 5, 4, 3);
    A2qTrials study = new A2qTrials(workshop, bed, smoke ? 1 : 2);
    for (int bits : registers) {
      for (int a : activations) {
        study.constrained(LimitMethod.A2Q_PLUS, WEIGHT_BITS, a, bits, "ep", 1);
      }
    }
    List<LimitedNetwork> trials = study.all();
    List<String> notes = workshop.scale().notes();
    notes.add(PROSE.text("limit"));
    return new ReproductionResult(
        name(),
        workshop.scale().word(),
        title(),
        PROSE.text(
            "about",
            "bed",
            bed.about(),
            "floats",
            study.floats().text(),
            "weights",
            WEIGHT_BITS,
            "epochs",
            study.epochs()),
        List.of(
            PaperClaim.ofOurs(
                "activation width at each P that validation images choose, and its test accuracy",
                registers.stream()
                    .map(bits -> best(trials, bits))
                    .map(t ->
                        text("P = %d: A = %d, %.2f %%", t.bits(), t.activations(), t.accuracy()))
                    .collect(Collectors.joining("; ")))),
        List.of(
            grid("Accuracy in percent", registers, activations, trials, LimitedNetwork::accuracy),
            grid(
                "Accuracy on validation images in percent",
                registers,
                activations,
                trials,
                LimitedNetwork::validation)),
        List.of(chart(activations, trials)),
        notes,
        study.networks());
  }

  private static LimitedNetwork best(List<LimitedNetwork> trials, int bits) {
    return trials.stream()
        .filter(t -> t.bits() == bits)
        .max(Comparator.comparingDouble(LimitedNetwork::validation))
        .orElseThrow();
  }

  private static Grid grid(
      String title,
      List<Integer> registers,
      List<Integer> activations,
      List<LimitedNetwork> trials,
      ToDoubleFunction<LimitedNetwork> figure) {
    List<String> columns = new ArrayList<>(List.of("P"));
    activations.forEach(a -> columns.add("A = " + a));
    columns.add("best A");
    List<List<Object>> rows = new ArrayList<>();
    for (int bits : registers) {
      List<Object> row = new ArrayList<>(List.of(bits));
      for (int a : activations) {
        trials.stream()
            .filter(t -> t.bits() == bits && t.activations() == a)
            .forEach(t -> row.add(figure.applyAsDouble(t)));
      }
      row.add(best(trials, bits).activations());
      rows.add(row);
    }
    return new Grid(title, columns, rows);
  }

  private static Chart chart(List<Integer> activations, List<LimitedNetwork> trials) {
    List<Series> series = new ArrayList<>();
    for (int a : activations) {
      series.add(
          new Series(
              "A = " + a,
              false,
              trials.stream()
                  .filter(t -> t.activations() == a)
                  .sorted(Comparator.comparingInt(LimitedNetwork::bits))
                  .map(t -> Point.of(t.bits(), t.accuracy()))
                  .toList()));
    }
    return new Chart(
        "accuracy",
        "Accuracy against guaranteed width",
        "guaranteed register width P, bits",
        "accuracy, %",
        series);
  }
}
