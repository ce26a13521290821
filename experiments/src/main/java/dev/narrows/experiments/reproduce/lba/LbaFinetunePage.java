package dev.narrows.experiments.reproduce.lba;

import static dev.narrows.experiments.reproduce.lba.LbaFinetune.ALLOWED;
import static dev.narrows.experiments.reproduce.lba.LbaFinetune.BINARY32;
import static dev.narrows.experiments.reproduce.lba.LbaFinetune.FP8;
import static dev.narrows.experiments.reproduce.lba.LbaFinetune.PROSE;
import static dev.narrows.experiments.reproduce.lba.LbaFinetune.SOURCE;
import static dev.narrows.report.PlainText.text;

import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.Spread;
import dev.narrows.experiments.reproduce.lba.LbaRuns.RegisterTrial;
import dev.narrows.report.ReproductionResult.Chart;
import dev.narrows.report.ReproductionResult.Grid;
import dev.narrows.report.ReproductionResult.PaperClaim;
import dev.narrows.report.ReproductionResult.Series;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Claims, table and chart of {@link LbaFinetune}. */
final class LbaFinetunePage {
  private LbaFinetunePage() {}

  private static List<RegisterTrial> of(
      List<RegisterTrial> trials, LbaFormats.Shape shape, String numbers) {
    return trials.stream()
        .filter(t -> t.format().equals(shape.toString()) && t.way().numbers().equals(numbers))
        .toList();
  }

  private static double loss(List<RegisterTrial> trials) {
    return Spread.of(trials, RegisterTrial::accuracy).mean()
        - Spread.of(trials, RegisterTrial::before).mean();
  }

  private static double validationLoss(List<RegisterTrial> trials) {
    return Spread.of(trials, RegisterTrial::validation).mean()
        - Spread.of(trials, RegisterTrial::validationBefore).mean();
  }

  static List<PaperClaim> claims(FinetunePlan plan, List<RegisterTrial> trials, double twin) {
    List<PaperClaim> claims = new ArrayList<>();
    claims.add(
        PaperClaim.ofOurs(
            text(
                "as much training in exact sums (%d epochs, rate %s)",
                plan.twin().epochs(), plan.twin().rate()),
            text("%+.2f", twin)));
    for (FinetuneRung rung : plan.rungs()) {
      LbaFormats.Shape shape = rung.shape();
      for (String numbers : rung.operands()) {
        List<RegisterTrial> same = of(trials, shape, numbers);
        String what =
            text(
                "%s, %d bits, %s operands",
                shape, shape.bits(), numbers.equals(BINARY32) ? "binary32" : "FP8");
        String ours =
            text("%s %% (%+.2f)", Spread.of(same, RegisterTrial::accuracy).text(), loss(same));
        boolean main = shape.mantissa() == 7 && shape.exponent() == 4;
        claims.add(
            main
                ? PaperClaim.of(
                    what,
                    numbers.equals(BINARY32) ? "70.06 (+0.31)" : "69.70 (−0.05)",
                    SOURCE,
                    ours)
                : PaperClaim.ofOurs(what, ours));
      }
    }
    return claims;
  }

  static Grid grid(FinetunePlan plan, List<RegisterTrial> trials) {
    List<List<Object>> rows = new ArrayList<>();
    for (FinetuneRung rung : plan.rungs()) {
      LbaFormats.Shape shape = rung.shape();
      for (String numbers : rung.operands()) {
        List<RegisterTrial> same = of(trials, shape, numbers);
        rows.add(
            List.of(
                shape.toString(),
                shape.bits(),
                same.getFirst().register(),
                numbers.equals(BINARY32) ? "binary32" : "FP8 " + FP8,
                rung.schedule(),
                Spread.of(same, RegisterTrial::untrained).text(),
                Spread.of(same, RegisterTrial::accuracy).text(),
                text("%+.2f", loss(same)),
                Spread.of(same, RegisterTrial::exact).text()));
      }
    }
    return new Grid(
        "Fine-tuned networks, %",
        List.of(
            "format",
            "bits",
            "register",
            "operands",
            "epochs, rate",
            "before training",
            "in it",
            "against float",
            "exact"),
        rows);
  }

  static Chart chart(FinetunePlan plan, List<RegisterTrial> trials) {
    return new Chart(
        "accuracy",
        "Accuracy after fine-tuning",
        "bits of the register: 1 + e + m",
        "accuracy, %",
        List.of(
            series(plan, trials, BINARY32, "binary32 operands"),
            series(plan, trials, FP8, "FP8 operands")));
  }

  private static Series series(
      FinetunePlan plan, List<RegisterTrial> trials, String numbers, String name) {
    return new Series(
        name,
        false,
        plan.rungs().stream()
            .filter(rung -> rung.operands().contains(numbers))
            .map(FinetuneRung::shape)
            .sorted(Comparator.comparingInt(LbaFormats.Shape::bits))
            .map(shape ->
                Spread.of(of(trials, shape, numbers), RegisterTrial::accuracy).at(shape.bits()))
            .toList());
  }

  static List<String> notes(Scale scale, FinetunePlan plan, List<RegisterTrial> trials) {
    List<String> notes = scale.notes();
    plan.rungs().stream()
        .map(FinetuneRung::shape)
        .filter(shape -> validationLoss(of(trials, shape, BINARY32)) >= -ALLOWED)
        .min(Comparator.comparingInt(LbaFormats.Shape::bits))
        .ifPresentOrElse(
            shape ->
                notes.add(
                    PROSE.text(
                        "narrowest",
                        "register",
                        of(trials, shape, BINARY32).getFirst().register(),
                        "bits",
                        shape.bits(),
                        "loss",
                        loss(of(trials, shape, BINARY32)))),
            () -> notes.add(PROSE.text("none")));
    return notes;
  }
}
