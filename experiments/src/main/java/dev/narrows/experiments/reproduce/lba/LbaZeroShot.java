package dev.narrows.experiments.reproduce.lba;

import static dev.narrows.report.PlainText.text;

import dev.narrows.data.catalog.Split;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.Prose;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.TestBed;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.network.pass.FoldScales;
import dev.narrows.report.EvaluationResult.AccumulatorResult;
import dev.narrows.report.NetworkFile;
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
import java.util.Optional;
import java.util.OptionalInt;

/** LBA: a float network in floating-point registers that it was not trained for. */
public final class LbaZeroShot implements Figure {
  private static final Prose PROSE = Prose.of(LbaZeroShot.class, "lba-zeroshot");

  private static final String SOURCE =
      "LBA (arXiv 2401.14110), ResNet18 on ImageNet, float 69.75, from a secondary account";

  /** The formats that {@link LbaFinetune} trains through, tried with batch norm beside as well. */
  private static final int FINE_TUNED_EXPONENT = 4;

  /** A rung of the ladder: a format, and what the paper's network has in it. */
  private record Rung(LbaFormats.Shape shape, Optional<Double> paper) {
    static Rung of(int mantissa, int exponent) {
      return new Rung(new LbaFormats.Shape(mantissa, exponent), Optional.empty());
    }

    static Rung of(int mantissa, int exponent, double paper) {
      return new Rung(new LbaFormats.Shape(mantissa, exponent), Optional.of(paper));
    }

    boolean tunedLater() {
      return shape.exponent() <= FINE_TUNED_EXPONENT;
    }
  }

  /** The test accuracy of one rung with its best biases. */
  private record Step(Rung rung, String accumulator, double accuracy, int images) {
    /** Half the 95 % interval of a share of that many images. */
    double margin() {
      double share = accuracy / 100;
      return 196 * Math.sqrt(share * (1 - share) / images);
    }
  }

  @Override
  public String name() {
    return "lba-zeroshot";
  }

  @Override
  public String family() {
    return "lba";
  }

  @Override
  public String title() {
    return "LBA: narrow floating-point registers without training";
  }

  @Override
  public ReproductionResult make(Workshop workshop) throws IOException {
    boolean smoke = workshop.scale() == Scale.SMOKE;
    TestBed bed = TestBed.of(workshop.scale(), TestBed.resnet20());
    bed.prepare(workshop, 1);
    ModelFile beside = workshop.trained(bed.fromFloat("real", 1).floats("float").recipe());
    ModelFile folded = workshop.derived("folded", FoldScales.of(beside.network()));
    LbaFormats formats = new LbaFormats(workshop, bed.set(), smoke ? 100 : 500, smoke ? 300 : 2000);
    List<Rung> rungs =
        smoke
            ? List.of(Rung.of(7, 4, 60.14), Rung.of(5, 4), Rung.of(4, 3))
            : List.of(
                Rung.of(10, 5, 69.50),
                Rung.of(9, 5, 68.95),
                Rung.of(8, 5, 66.70),
                Rung.of(7, 5, 57.09),
                Rung.of(6, 5, 20.49),
                Rung.of(7, 4, 60.14),
                Rung.of(6, 4),
                Rung.of(5, 4),
                Rung.of(4, 4),
                Rung.of(5, 3),
                Rung.of(4, 3));
    List<Step> ofFolded = ladder(workshop, bed, formats, folded, rungs);
    List<Step> ofBeside =
        ladder(workshop, bed, formats, beside, rungs.stream().filter(Rung::tunedLater).toList());
    double exact = exact(workshop, bed, folded);
    List<NetworkFile> networks = List.of(folded.id(), beside.id());
    return new ReproductionResult(
        name(),
        workshop.scale().word(),
        title(),
        PROSE.text(
            "about",
            "model",
            bed.model(),
            "set",
            bed.set(),
            "exact",
            exact,
            "few",
            formats.few(),
            "many",
            formats.many()),
        claims(exact, ofFolded),
        List.of(grid(exact, ofFolded, ofBeside)),
        List.of(chart(ofFolded)),
        notes(workshop.scale(), ofFolded),
        networks);
  }

  private static List<Step> ladder(
      Workshop workshop, TestBed bed, LbaFormats formats, ModelFile model, List<Rung> rungs)
      throws IOException {
    List<String> chosen = new ArrayList<>();
    for (Rung rung : rungs) {
      chosen.add(formats.best(model, rung.shape()));
    }
    NetworkInputs inputs = workshop.inputs(model, bed.set(), Split.TEST, OptionalInt.empty());
    List<AccumulatorResult> results = workshop.evaluated(model, inputs, chosen).results();
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < rungs.size(); i++) {
      steps.add(new Step(rungs.get(i), chosen.get(i), results.get(i).accuracy(), inputs.images()));
    }
    return steps;
  }

  private static double exact(Workshop workshop, TestBed bed, ModelFile model) throws IOException {
    NetworkInputs inputs = workshop.inputs(model, bed.set(), Split.TEST, OptionalInt.empty());
    return workshop.evaluated(model, inputs, List.of("exact")).results().getFirst().accuracy();
  }

  private static List<PaperClaim> claims(double exact, List<Step> steps) {
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

  private static Grid grid(double exact, List<Step> folded, List<Step> beside) {
    List<List<Object>> rows = new ArrayList<>();
    for (Step one : folded) {
      Optional<Step> other =
          beside.stream().filter(step -> step.rung().equals(one.rung())).findFirst();
      rows.add(
          List.of(
              one.rung().shape().toString(),
              one.rung().shape().bits(),
              one.accumulator(),
              one.accuracy(),
              text("±%.2f", one.margin()),
              one.accuracy() - exact,
              other.map(Step::accumulator).orElse(""),
              other.<Object>map(Step::accuracy).orElse("")));
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

  private static Chart chart(List<Step> folded) {
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

  private static List<String> notes(Scale scale, List<Step> steps) {
    List<String> notes = scale.notes();
    for (int i = 1; i < steps.size(); i++) {
      Step wider = steps.get(i - 1);
      Step narrower = steps.get(i);
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
