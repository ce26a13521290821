package dev.narrows.experiments.reproduce.lba;

import static dev.narrows.report.PlainText.text;

import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.Prose;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.Spread;
import dev.narrows.experiments.reproduce.figure.TestBed;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.experiments.reproduce.lba.LbaRuns.RegisterTrial;
import dev.narrows.experiments.reproduce.lba.LbaRuns.Way;
import dev.narrows.report.ReproductionResult;
import dev.narrows.report.ReproductionResult.Chart;
import dev.narrows.report.ReproductionResult.Grid;
import dev.narrows.report.ReproductionResult.PaperClaim;
import dev.narrows.report.ReproductionResult.Series;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** LBA: fine-tuning through narrow floating-point registers, with binary32 and FP8 operands. */
public final class LbaFinetune implements Figure {
  private static final Prose PROSE = Prose.of(LbaFinetune.class, "lba-finetune");

  private static final String SOURCE =
      "LBA (arXiv 2401.14110), ResNet18 on ImageNet, float 69.75, from a secondary account";
  private static final String BINARY32 = "float";
  private static final String FP8 = "m4e3";

  private static final long TWIN_SEED = 1;

  /** What counts as no loss: one point, as the issue of 8-bit registers is put. */
  private static final double ALLOWED = 1;

  /**
   * A format, and how it is trained: the more it takes from the float network, the longer and the
   * faster.
   *
   * @param first epochs without underflow
   * @param epochs with it
   */
  private record Rung(
      LbaFormats.Shape shape,
      List<String> operands,
      List<Long> seeds,
      double rate,
      int first,
      int epochs) {
    /** With both kinds of operands and one seed. */
    static Rung of(int mantissa, int exponent, double rate, int first, int epochs) {
      return new Rung(
          new LbaFormats.Shape(mantissa, exponent),
          List.of(BINARY32, FP8),
          List.of(1L),
          rate,
          first,
          epochs);
    }

    /** With binary32 operands only. */
    Rung binary32() {
      return new Rung(shape, List.of(BINARY32), seeds, rate, first, epochs);
    }

    /** With a second seed. */
    Rung twice() {
      return new Rung(shape, operands, List.of(1L, 2L), rate, first, epochs);
    }

    /** Epochs without and with underflow, and their rate. */
    String schedule() {
      return first == 0 ? epochs + ", " + rate : first + " + " + epochs + ", " + rate;
    }

    Way way(String numbers) {
      return new Way(numbers, "identity", first, epochs, rate);
    }
  }

  /** Training in exact sums, beside the others. */
  private record Twin(double rate, int epochs) {}

  /** What is trained at a scale. */
  private record Plan(TestBed bed, List<Rung> rungs, Twin twin) {
    static Plan of(Scale scale) {
      return switch (scale) {
        case SMOKE ->
            new Plan(
                TestBed.small().tunedOn(2_560),
                List.of(Rung.of(5, 4, 0.01, 1, 1), Rung.of(4, 3, 0.01, 1, 1)),
                new Twin(0.01, 2));
        case TWO_CORE ->
            new Plan(
                TestBed.resnet20().tunedOn(15_360),
                List.of(
                    Rung.of(7, 4, 0.001, 0, 1),
                    Rung.of(6, 4, 0.003, 0, 2).binary32(),
                    Rung.of(5, 4, 0.003, 0, 2).twice(),
                    Rung.of(5, 3, 0.003, 0, 2).binary32(),
                    Rung.of(4, 4, 0.003, 0, 3).binary32(),
                    Rung.of(4, 3, 0.003, 0, 5)),
                new Twin(0.003, 2));
      };
    }
  }

  @Override
  public String name() {
    return "lba-finetune";
  }

  @Override
  public String family() {
    return "lba";
  }

  @Override
  public String title() {
    return "LBA: fine-tuning through narrow floating-point registers";
  }

  @Override
  public ReproductionResult make(Workshop workshop) throws IOException {
    boolean smoke = workshop.scale() == Scale.SMOKE;
    Plan plan = Plan.of(workshop.scale());
    LbaRuns runs = new LbaRuns(workshop, plan.bed());
    LbaFormats formats =
        new LbaFormats(workshop, plan.bed().set(), smoke ? 100 : 500, smoke ? 300 : 2000);
    List<RegisterTrial> trials = new ArrayList<>();
    for (Rung rung : plan.rungs()) {
      LbaFormats.Shape shape = rung.shape();
      for (long seed : rung.seeds()) {
        String register = formats.best(runs.floatNetwork(seed), shape);
        for (String numbers : rung.operands()) {
          trials.add(runs.trial(shape, register, rung.way(numbers), seed));
        }
      }
    }
    double before = Spread.of(trials, RegisterTrial::before).mean();
    double twin = runs.twin(plan.twin().epochs(), plan.twin().rate(), TWIN_SEED);
    return new ReproductionResult(
        name(),
        workshop.scale().word(),
        title(),
        PROSE.text(
            "about",
            "bed",
            plan.bed().about(),
            "floats",
            before,
            "fp8",
            FP8,
            "seeds",
            PROSE.text(
                plan.rungs().stream().allMatch(rung -> rung.seeds().size() == 1)
                    ? "one seed"
                    : "two seeds")),
        claims(plan, trials, twin - before),
        List.of(grid(plan, trials)),
        List.of(chart(plan, trials)),
        notes(workshop.scale(), plan, trials),
        runs.networks());
  }

  private static List<RegisterTrial> of(
      List<RegisterTrial> trials, LbaFormats.Shape shape, String numbers) {
    return trials.stream()
        .filter(t -> t.shape().equals(shape) && t.way().numbers().equals(numbers))
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

  private static List<PaperClaim> claims(Plan plan, List<RegisterTrial> trials, double twin) {
    List<PaperClaim> claims = new ArrayList<>();
    claims.add(
        PaperClaim.ofOurs(
            text(
                "as much training in exact sums (%d epochs, rate %s)",
                plan.twin().epochs(), plan.twin().rate()),
            text("%+.2f", twin)));
    for (Rung rung : plan.rungs()) {
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

  private static Grid grid(Plan plan, List<RegisterTrial> trials) {
    List<List<Object>> rows = new ArrayList<>();
    for (Rung rung : plan.rungs()) {
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

  private static Chart chart(Plan plan, List<RegisterTrial> trials) {
    return new Chart(
        "accuracy",
        "Accuracy after fine-tuning",
        "bits of the register: 1 + e + m",
        "accuracy, %",
        List.of(
            series(plan, trials, BINARY32, "binary32 operands"),
            series(plan, trials, FP8, "FP8 operands")));
  }

  private static Series series(Plan plan, List<RegisterTrial> trials, String numbers, String name) {
    return new Series(
        name,
        false,
        plan.rungs().stream()
            .filter(rung -> rung.operands().contains(numbers))
            .map(Rung::shape)
            .sorted(Comparator.comparingInt(LbaFormats.Shape::bits))
            .map(shape ->
                Spread.of(of(trials, shape, numbers), RegisterTrial::accuracy).at(shape.bits()))
            .toList());
  }

  private static List<String> notes(Scale scale, Plan plan, List<RegisterTrial> trials) {
    List<String> notes = scale.notes();
    plan.rungs().stream()
        .map(Rung::shape)
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
