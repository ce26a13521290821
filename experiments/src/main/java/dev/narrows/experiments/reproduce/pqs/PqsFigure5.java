package dev.narrows.experiments.reproduce.pqs;

import dev.narrows.core.dot.Summation;
import dev.narrows.data.catalog.Split;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.evaluate.WeightFigures;
import dev.narrows.experiments.recipe.Pruning.Structure;
import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.Prose;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.TestBed;
import dev.narrows.experiments.reproduce.figure.Workshop;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Figure 5 of PQS: the narrowest register of networks of 5- to 8-bit weights and activations, when
 * terms are sorted and when every overflow clips.
 */
public final class PqsFigure5 implements Figure {
  private static final Prose PROSE = Prose.of(PqsFigure5.class, "pqs-fig5");

  private static final String SOURCE = "PQS (arXiv 2504.09064), Fig. 5, read in the paper";
  private static final int NARROWEST = 8;

  /** Widths that are looked at in one go: each go runs the exact sums once. */
  private static final int AT_ONCE = 4;

  private static final String SORTED = "saturate:sorted";
  private static final String CLIPPING = "saturate";
  private static final List<String> WAYS = List.of(SORTED, CLIPPING);

  /** Accuracy that a register may cost, in points. */
  private static final double ALLOWED = 1;

  /**
   * One network.
   *
   * @param exact accuracy with exact sums on test images, in percent
   * @param sorted the narrowest register, chosen on validation images, and its accuracy on test
   *     images
   * @param clipped the same where every overflow clips
   */
  private record Cell(
      int weights, int activations, double exact, Register sorted, Register clipped) {}

  private record Register(int bits, double accuracy) {}

  @Override
  public String name() {
    return "pqs-fig5";
  }

  @Override
  public String family() {
    return "grids";
  }

  @Override
  public String title() {
    return "PQS, Figure 5: the narrowest register, sorted and clipping";
  }

  @Override
  public ReproductionResult make(Workshop workshop) throws IOException {
    TestBed bed = TestBed.of(workshop.scale(), TestBed.resnet8());
    List<Integer> widths = workshop.scale() == Scale.SMOKE ? List.of(5, 8) : List.of(5, 6, 7, 8);
    bed.prepare(workshop, 1);
    List<Cell> cells = new ArrayList<>();
    List<NetworkFile> networks = new ArrayList<>();
    for (int w : widths) {
      for (int a : widths) {
        ModelFile model =
            workshop.trained(
                bed.fromFloat("w" + w + "a" + a, 1)
                    .bits(w, a)
                    .prune(8, Structure.WEIGHTS, 1)
                    .quantize(1)
                    .recipe());
        networks.add(model.id());
        cells.add(cell(workshop, bed, model, w, a));
      }
    }
    return new ReproductionResult(
        name(),
        workshop.scale().word(),
        title(),
        PROSE.text("about", "bed", bed.about(), "allowed", ALLOWED, "narrowest", NARROWEST),
        claims(cells),
        List.of(grid(cells)),
        List.of(chart(widths, cells)),
        notes(workshop.scale(), cells),
        networks);
  }

  private static Cell cell(Workshop workshop, TestBed bed, ModelFile model, int w, int a)
      throws IOException {
    NetworkInputs inputs = workshop.inputs(model, bed.set(), Split.VALIDATION, OptionalInt.empty());
    int safe = WeightFigures.of(model.network()).total().orElseThrow().safeBits();
    Map<String, Integer> narrowest = new HashMap<>();
    List<String> open = new ArrayList<>(WAYS);
    for (int widest = Math.max(safe, NARROWEST);
        widest >= NARROWEST && !open.isEmpty();
        widest -= AT_ONCE) {
      int least = Math.max(NARROWEST, widest - AT_ONCE + 1);
      List<String> asked = registers(open, least, widest);
      List<AccumulatorResult> rows = workshop.classified(model, inputs, asked).results();
      double exact = rows.getFirst().accuracy();
      for (String way : List.copyOf(open)) {
        for (int bits = widest; bits >= least && open.contains(way); bits--) {
          if (rows.get(asked.indexOf(register(bits, way))).accuracy() < exact - ALLOWED) {
            open.remove(way);
          } else {
            narrowest.put(way, bits);
          }
        }
      }
    }
    int sorted = narrowest.getOrDefault(SORTED, safe);
    int clipped = narrowest.getOrDefault(CLIPPING, safe);
    List<Double> test =
        workshop
            .evaluated(
                model,
                workshop.inputs(model, bed.set(), Split.TEST, OptionalInt.empty()),
                List.of("exact", register(sorted, SORTED), register(clipped, CLIPPING)))
            .results()
            .stream()
            .map(AccumulatorResult::accuracy)
            .toList();
    return new Cell(
        w, a, test.get(0), new Register(sorted, test.get(1)), new Register(clipped, test.get(2)));
  }

  private static List<String> registers(List<String> ways, int least, int widest) {
    List<String> registers = new ArrayList<>(List.of("exact"));
    for (String way : ways) {
      for (int bits = widest; bits >= least; bits--) {
        registers.add(register(bits, way));
      }
    }
    return registers;
  }

  private static String register(int bits, String way) {
    return Summation.parseWay(way, bits).toString();
  }

  private static int saved(Cell cell) {
    return cell.clipped().bits() - cell.sorted().bits();
  }

  private static int most(List<Cell> cells) {
    return cells.stream().mapToInt(PqsFigure5::saved).max().orElse(0);
  }

  private static List<PaperClaim> claims(List<Cell> cells) {
    return List.of(
        PaperClaim.of(
            "bits that sorting saves against clipping",
            "up to 4",
            SOURCE,
            "up to " + most(cells) + " on the same network"),
        PaperClaim.ofOurs(
            "narrowest sorted register of all pairs",
            cells.stream().mapToInt(cell -> cell.sorted().bits()).min().orElse(0) + " bits"));
  }

  private static Grid grid(List<Cell> cells) {
    List<List<Object>> rows = new ArrayList<>();
    for (Cell cell : cells) {
      rows.add(
          List.of(
              cell.weights(),
              cell.activations(),
              cell.exact(),
              cell.sorted().bits(),
              cell.sorted().accuracy(),
              cell.clipped().bits(),
              cell.clipped().accuracy(),
              saved(cell)));
    }
    return new Grid(
        "Narrowest register in bits, and accuracy with exact sums and in it in percent",
        List.of("W", "A", "exact", "sorted", "in it", "clipping", "in it", "saved"),
        rows);
  }

  private static Chart chart(List<Integer> widths, List<Cell> cells) {
    List<Series> series = new ArrayList<>();
    for (int w : widths) {
      List<Cell> row = cells.stream().filter(cell -> cell.weights() == w).toList();
      series.add(
          new Series(
              "W" + w + ", sorted",
              false,
              row.stream()
                  .map(cell -> Point.of(cell.activations(), cell.sorted().bits()))
                  .toList()));
      series.add(
          new Series(
              "W" + w + ", clipping",
              false,
              row.stream()
                  .map(cell -> Point.of(cell.activations(), cell.clipped().bits()))
                  .toList()));
    }
    return new Chart(
        "narrowest",
        "Narrowest register against activation bits",
        "activation bits A",
        "register width P, bits",
        series);
  }

  private static List<String> notes(Scale scale, List<Cell> cells) {
    List<String> notes = scale.notes();
    notes.add(most(cells) == 0 ? PROSE.text("saves nothing") : PROSE.text("saves"));
    return notes;
  }
}
