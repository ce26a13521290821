package dev.narrows.experiments.reproduce.lba;

import static dev.narrows.report.PlainText.text;

import dev.narrows.experiments.reproduce.figure.Prose;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.TestBed;
import dev.narrows.report.ReproductionResult.Chart;
import dev.narrows.report.ReproductionResult.Grid;
import dev.narrows.report.ReproductionResult.PaperClaim;
import dev.narrows.report.ReproductionResult.Point;
import dev.narrows.report.ReproductionResult.Series;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Claims, table and chart of {@link LbaZeroShot}. */
final class LbaZeroShotPage {
  private static final Prose PROSE = Prose.of(LbaZeroShotPage.class, "lba-zeroshot");

  private static final String SOURCE =
      "LBA (arXiv 2401.14110), ResNet18 on ImageNet, float 69.75, from a secondary account";

  private LbaZeroShotPage() {}

  static String about(TestBed bed, LbaFormats formats, double exact) {
    return PROSE.text(
        "about",
        "model",
        bed.title(),
        "set",
        bed.set(),
        "exact",
        exact,
        "few",
        formats.few(),
        "many",
        formats.many());
  }

  static List<PaperClaim> claims(double exact, List<RungAccuracy> steps) {
    return steps.stream()
        .map(step -> {
          String ours = text("%.2f (%+.2f)", step.accuracy(), step.accuracy() - exact);
          String what =
              text("%s, %d bits, zero-shot", step.rung().shape(), step.rung().shape().bits());
          return step.rung()
              .paper()
              .map(paper ->
                  PaperClaim.of(what, text("%.2f (%+.2f)", paper, paper - 69.75), SOURCE, ours))
              .orElseGet(() -> PaperClaim.ofOurs(what, ours));
        })
        .toList();
  }

  static Grid grid(double exact, List<RungAccuracy> folded, List<RungAccuracy> beside) {
    List<List<Object>> rows = new ArrayList<>();
    for (RungAccuracy one : folded) {
      Optional<RungAccuracy> other =
          beside.stream().filter(step -> step.rung().equals(one.rung())).findFirst();
      rows.add(
          List.of(
              one.rung().shape().toString(),
              one.rung().shape().bits(),
              one.accumulator(),
              one.accuracy(),
              text("±%.2f", one.margin()),
              one.accuracy() - exact,
              other.map(RungAccuracy::accumulator).orElse(""),
              other.<Object>map(RungAccuracy::accuracy).orElse("")));
    }
    return new Grid(
        "Accuracy in percent with the best biases (95 % interval)",
        List.of(
            "format",
            "bits",
            "folded: register",
            "accuracy",
            "interval",
            "against exact",
            "beside: register",
            "accuracy"),
        rows);
  }

  static Chart chart(List<RungAccuracy> folded) {
    return new Chart(
        "ladder",
        "Accuracy without training, by mantissa",
        "mantissa bits m",
        "accuracy, %",
        folded.stream()
            .map(step -> step.rung().shape().exponent())
            .distinct()
            .map(exponent ->
                new Series(
                    exponent + " exponent bits",
                    false,
                    folded.stream()
                        .filter(step -> step.rung().shape().exponent() == exponent)
                        .sorted(Comparator.comparingInt(step -> step.rung().shape().mantissa()))
                        .map(step -> Point.of(step.rung().shape().mantissa(), step.accuracy()))
                        .toList()))
            .toList());
  }

  static List<String> notes(Scale scale, List<RungAccuracy> steps) {
    List<String> notes = scale.notes();
    for (int i = 1; i < steps.size(); i++) {
      RungAccuracy wider = steps.get(i - 1);
      RungAccuracy narrower = steps.get(i);
      double gap = Math.abs(wider.accuracy() - narrower.accuracy());
      if (gap < Math.hypot(wider.margin(), narrower.margin())) {
        notes.add(
            PROSE.text(
                "not told apart",
                "wider",
                wider.rung().shape(),
                "narrower",
                narrower.rung().shape(),
                "gap",
                gap));
      }
    }
    return notes;
  }
}
