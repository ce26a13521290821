package dev.narrows.experiments.reproduce.lba;

import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.Prose;
import dev.narrows.experiments.reproduce.figure.Spread;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.experiments.reproduce.lba.LbaRuns.RegisterTrial;
import dev.narrows.report.ReproductionResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** LBA: fine-tuning through narrow floating-point registers, with binary32 and FP8 operands. */
public final class LbaFinetune implements Figure {
  static final Prose PROSE = Prose.of(LbaFinetune.class, "lba-finetune");

  static final String SOURCE =
      "LBA (arXiv 2401.14110), ResNet18 on ImageNet, float 69.75, from a secondary account";
  static final String BINARY32 = "float";
  static final String FP8 = "m4e3";

  private static final long TWIN_SEED = 1;

  /** What counts as no loss: one point, as the issue of 8-bit registers is put. */
  static final double ALLOWED = 1;

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
    FinetunePlan plan = FinetunePlan.of(workshop.scale());
    LbaRuns runs = new LbaRuns(workshop, plan.bed());
    LbaFormats formats = LbaFormats.ofImages(workshop, plan.bed().set());
    List<RegisterTrial> trials = new ArrayList<>();
    for (FinetuneRung rung : plan.rungs()) {
      LbaFormats.Shape shape = rung.shape();
      for (long seed : rung.seeds()) {
        String register = formats.best(runs.floatNetwork(seed), shape);
        for (String numbers : rung.operands()) {
          trials.add(runs.trial(shape.toString(), register, rung.way(numbers), seed));
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
        LbaFinetunePage.claims(plan, trials, twin - before),
        List.of(LbaFinetunePage.grid(plan, trials)),
        List.of(LbaFinetunePage.chart(plan, trials)),
        LbaFinetunePage.notes(workshop.scale(), plan, trials),
        runs.networks());
  }
}
