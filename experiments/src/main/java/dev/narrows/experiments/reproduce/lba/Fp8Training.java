package dev.narrows.experiments.reproduce.lba;

import static dev.narrows.report.PlainText.text;

import dev.narrows.core.accumulator.FusedForms;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.Prose;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.TestBed;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.experiments.reproduce.lba.LbaRuns.RegisterTrial;
import dev.narrows.experiments.reproduce.lba.LbaText.EncoderRow;
import dev.narrows.experiments.reproduce.lba.LbaText.Losses;
import dev.narrows.report.NetworkFile;
import dev.narrows.report.ReproductionResult;
import dev.narrows.report.ReproductionResult.Grid;
import dev.narrows.report.ReproductionResult.PaperClaim;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Networks trained through the registers of FP8 matrix hardware, and through narrower ones of the
 * same kind: a residual network, and an encoder with both products of its attention.
 */
public final class Fp8Training implements Figure {
  private static final Prose PROSE = Prose.of(Fp8Training.class, "fp8-training");
  private static final String HARDWARE = "hopper-fp8";
  private static final long SEED = 1;

  /**
   * A register.
   *
   * @param fraction bits after the point in which products are aligned and added
   */
  private record Rung(String word, String register, int fraction) {
    static Rung hardware() {
      return new Rung(HARDWARE, FusedForms.text(HARDWARE), 13);
    }

    static Rung narrower(int fraction) {
      return new Rung(
          "fp8-f" + fraction, text("fused(32,%d):e8m13:scaled(e4m3)", fraction), fraction);
    }
  }

  private static final List<Rung> RUNGS = List.of(Rung.hardware(), Rung.narrower(4));

  /**
   * What is trained at a scale.
   *
   * @param epochs of the residual network, at {@code rate}
   */
  private record Plan(TestBed bed, int epochs, double rate) {
    static Plan of(Scale scale) {
      return switch (scale) {
        case SMOKE -> new Plan(TestBed.small().tunedOn(2_560), 1, 0.01);
        case TWO_CORE -> new Plan(TestBed.resnet20().tunedOn(15_360), 1, 0.001);
      };
    }
  }

  @Override
  public String name() {
    return "fp8-training";
  }

  @Override
  public String family() {
    return "lba";
  }

  @Override
  public String title() {
    return "Networks trained through FP8 matrix hardware";
  }

  @Override
  public ReproductionResult make(Workshop workshop) throws IOException {
    Plan plan = Plan.of(workshop.scale());
    LbaRuns runs = new LbaRuns(workshop, plan.bed());
    List<RegisterTrial> trials = new ArrayList<>();
    LbaRuns.Way way = new LbaRuns.Way("float", "identity", 0, plan.epochs(), plan.rate());
    for (Rung rung : RUNGS) {
      trials.add(runs.trial(rung.word(), rung.register(), way, SEED));
    }
    double twinAccuracy = runs.twin(plan.epochs(), plan.rate(), SEED);
    LbaText.EncoderPlan text = LbaText.EncoderPlan.of(workshop.scale());
    LbaText encoder = new LbaText(workshop, text);
    ModelFile wide = encoder.wide();
    ModelFile twin = encoder.twin();
    List<EncoderRow> rows = new ArrayList<>();
    for (Rung rung : RUNGS) {
      rows.add(encoder.through(wide, rung.word(), rung.fraction(), rung.register()));
    }
    Losses losses = encoder.losses(wide, twin, rows);
    List<NetworkFile> networks = new ArrayList<>(runs.networks());
    networks.addAll(encoder.networks());
    return new ReproductionResult(
        name(),
        workshop.scale().word(),
        title(),
        PROSE.text(
            "about",
            "bed",
            plan.bed().about(),
            "epochs",
            plan.epochs(),
            "rate",
            plan.rate(),
            "width",
            text.width(),
            "set",
            text.set(),
            "warm",
            text.epochs(),
            "tuning",
            text.tuning(),
            "characters",
            losses.characters()),
        claims(trials, losses),
        List.of(images(trials, twinAccuracy), characters(losses)),
        List.of(),
        notes(workshop.scale()),
        networks);
  }

  private static List<PaperClaim> claims(List<RegisterTrial> trials, Losses losses) {
    RegisterTrial image = trials.getFirst();
    EncoderRow row = losses.rows().getFirst();
    return List.of(
        PaperClaim.ofOurs(
            "residual network trained through " + HARDWARE,
            text(
                "%.2f %% (%+.2f against float; %+.2f untrained)",
                image.accuracy(),
                image.accuracy() - image.before(),
                image.untrained() - image.before())),
        PaperClaim.ofOurs(
            "encoder trained through " + HARDWARE,
            text(
                "%.4f nats (%+.2f %% against the twin; %+.2f %% untrained)",
                row.tuned().nats(),
                row.above(losses.twin()),
                100 * (row.untrained().nats() / losses.wide().nats() - 1))));
  }

  private static Grid images(List<RegisterTrial> trials, double twin) {
    List<List<Object>> rows = new ArrayList<>();
    double before = trials.getFirst().before();
    rows.add(List.of("float", "exact", percent(before), "", ""));
    rows.add(List.of("float, the twin", "exact", "", percent(twin), percent(twin)));
    for (RegisterTrial trial : trials) {
      rows.add(
          List.of(
              trial.format(),
              trial.register(),
              percent(trial.untrained()),
              percent(trial.accuracy()),
              percent(trial.exact())));
    }
    return new Grid("Residual network, accuracy on test images, %", columns(), rows);
  }

  private static Grid characters(Losses losses) {
    List<List<Object>> rows = new ArrayList<>();
    rows.add(List.of("wide", "exact", nats(losses.wide().nats()), "", ""));
    String twin = nats(losses.twin().nats());
    rows.add(List.of("wide, the twin", "exact", "", twin, twin));
    for (EncoderRow row : losses.rows()) {
      rows.add(
          List.of(
              row.format(),
              row.register(),
              nats(row.untrained().nats()),
              nats(row.tuned().nats()),
              nats(row.exact().nats())));
    }
    return new Grid("Encoder, loss of a masked character, nats", columns(), rows);
  }

  private static List<String> columns() {
    return List.of("trained for", "register", "untrained", "trained", "trained, in exact sums");
  }

  private static String percent(double value) {
    return text("%.2f", value);
  }

  private static String nats(double value) {
    return text("%.4f", value);
  }

  private static List<String> notes(Scale scale) {
    List<String> notes = scale.notes();
    notes.add(PROSE.text("operands"));
    return notes;
  }
}
