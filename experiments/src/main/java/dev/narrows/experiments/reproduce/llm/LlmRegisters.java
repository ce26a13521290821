package dev.narrows.experiments.reproduce.llm;

import static dev.narrows.report.PlainText.text;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.accumulator.FusedAccumulator;
import dev.narrows.core.format.FloatingFormat;
import dev.narrows.data.file.AtomicFile;
import dev.narrows.experiments.evaluate.TextLosses;
import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.Prose;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.hardware.cost.FloatUnitGates;
import dev.narrows.report.ReproductionResult;
import dev.narrows.report.ReproductionResult.Grid;
import dev.narrows.report.ReproductionResult.PaperClaim;
import dev.narrows.report.ResultJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How few bits the sums of a language model need without training: mantissa, exponent, chunk,
 * promotion, rounding, and registers that add one product at a time beside those that align many.
 */
public final class LlmRegisters implements Figure {
  private static final Prose PROSE = Prose.of(LlmRegisters.class, "llm-registers");

  /** What is made after every row: the figure as far as it is. */
  static final String SO_FAR = "so-far.json";

  private static final String COMPENSATED = "what truncation takes given back";
  private static final String ALIGNED = "32 FP8 products aligned";

  /** How much is looked at; parts of a text are whole windows. */
  private record Effort(int choosing, int context, int part, int parts) {
    static Effort at(Scale scale) {
      return switch (scale) {
        case SMOKE -> new Effort(256, 128, 1024, 1);
        case TWO_CORE -> new Effort(512, 512, 1024, 8);
      };
    }
  }

  /** A format's exponent bits with biases that are tried. */
  private static final Map<Integer, List<String>> BIASES = biases();

  private static Map<Integer, List<String>> biases() {
    Map<Integer, List<String>> biases = new LinkedHashMap<>();
    biases.put(4, List.of("9/8", "7/6", "5/4"));
    biases.put(5, List.of("15/15", "17/16", "13/13"));
    biases.put(6, List.of("31/31"));
    return biases;
  }

  /** Needs a language model. */
  public LlmRegisters() {}

  @Override
  public String name() {
    return "llm-registers";
  }

  @Override
  public String title() {
    return "A language model in narrow floating-point registers, without training";
  }

  @Override
  public ReproductionResult make(Workshop workshop) throws IOException {
    Effort effort = Effort.at(workshop.scale());
    LlmBed bed = LlmBed.of(workshop, effort.choosing(), effort.part() * effort.parts());
    Map<Integer, String> chosen = new LinkedHashMap<>();
    List<List<Object>> tried = new ArrayList<>();
    TextLosses wide = bed.chosen(LlmChoice.EXACT, effort.context());
    for (Map.Entry<Integer, List<String>> each : BIASES.entrySet()) {
      chosen.put(each.getKey(), best(bed, effort, wide, each.getKey(), each.getValue(), tried));
    }
    List<LlmRow> rows = new ArrayList<>(rows(bed, effort, chosen));
    ReproductionResult result = result(bed, effort, rows, tried);
    Path soFar = workshop.folder().resolve(SO_FAR);
    for (int part = 0; part < effort.parts(); part++) {
      int from = part * effort.part();
      TextLosses exact = bed.measured(LlmChoice.EXACT, effort.context(), from, effort.part());
      for (int i = 0; i < rows.size(); i++) {
        LlmChoice choice = rows.get(i).choice();
        TextLosses narrow = bed.measured(choice, effort.context(), from, effort.part());
        rows.set(i, rows.get(i).with(new LlmRow.Paired(narrow, exact)));
        result = result(bed, effort, rows, tried);
        AtomicFile.write(soFar, ResultJson.write(result));
      }
    }
    Files.deleteIfExists(soFar);
    return result;
  }

  private static String register(int mantissa, int exponent, String biases) {
    String[] both = biases.split("/");
    String format = "m%de%d".formatted(mantissa, exponent);
    return "%s(%s)/%s(%s)".formatted(format, both[0], format, both[1]);
  }

  /** The biases that serve seven mantissa bits best, in chunks of 16. */
  private static String best(
      LlmBed bed,
      Effort effort,
      TextLosses wide,
      int exponent,
      List<String> biases,
      List<List<Object>> tried)
      throws IOException {
    String best = biases.getFirst();
    double least = Double.POSITIVE_INFINITY;
    for (String one : biases.size() == 1 ? List.<String>of() : biases) {
      LlmChoice choice = LlmChoice.of(register(7, exponent, one) + ":chunk(16)");
      TextLosses losses = bed.chosen(choice, effort.context());
      LlmRow.Paired paired = new LlmRow.Paired(losses, wide);
      tried.add(List.of(choice.name(), paired.perplexity(), paired.above()));
      if (losses.mean() < least) {
        least = losses.mean();
        best = one;
      }
    }
    return best;
  }

  /** The cheapest first. */
  private static List<LlmRow> rows(LlmBed bed, Effort effort, Map<Integer, String> chosen) {
    List<LlmRow> rows = new ArrayList<>();
    String five = Objects.requireNonNull(chosen.get(5));
    for (int mantissa : new int[] {7, 10, 6, 8, 9, 5}) {
      add(rows, "mantissa, chunk 16", register(mantissa, 5, five) + ":chunk(16)");
    }
    add(
        rows,
        "exponent, chunk 16",
        register(7, 6, Objects.requireNonNull(chosen.get(6))) + ":chunk(16)");
    add(
        rows,
        "exponent, chunk 16",
        register(7, 4, Objects.requireNonNull(chosen.get(4))) + ":chunk(16)");
    String seven = register(7, 5, five);
    for (int chunk : new int[] {32, 8, 64, 128}) {
      add(rows, "chunk", seven + ":chunk(" + chunk + ")");
    }
    for (int promotion : new int[] {16, 32, 64, 128}) {
      add(rows, "promotion to binary32", seven + ":promote(" + promotion + ")");
    }
    add(rows, "promotion to binary32", seven + ":sequential");
    for (String format : List.of("m7e4", "m6e4", "m8e4")) {
      rows.add(
          new LlmRow(
              "biases by layer, chunk 32",
              bed.fitted(format + "(8)/" + format + "(8):chunk(32)", effort.context()),
              Optional.empty()));
    }
    add(
        rows,
        "m + e = 11, chunk 32",
        register(7, 4, Objects.requireNonNull(chosen.get(4))) + ":chunk(32)");
    add(rows, "m + e = 11, chunk 32", register(6, 5, five) + ":chunk(32)");
    add(
        rows,
        "m + e = 11, chunk 32",
        register(5, 6, Objects.requireNonNull(chosen.get(6))) + ":chunk(32)");
    for (int fraction : new int[] {7, 13}) {
      add(rows, ALIGNED, aligned(32, fraction));
    }
    for (int mantissa : new int[] {6, 5, 7, 4}) {
      add(rows, "to nearest, chunk 16", register(mantissa, 5, five) + ":nearest:chunk(16)");
    }
    for (int fraction : new int[] {5, 9, 6, 8, 10, 11, 12}) {
      add(rows, ALIGNED, aligned(32, fraction));
    }
    for (int fraction : new int[] {7, 9}) {
      add(rows, "FP8 products one by one", aligned(1, fraction));
    }
    for (String format : List.of("m7e4", "m8e4", "m6e4", "m6e5")) {
      rows.add(
          new LlmRow(
              COMPENSATED,
              bed.fittedAndCompensated(
                  format + "(8)/" + format + "(8):chunk(32)", effort.context()),
              Optional.empty()));
    }
    for (int mantissa : new int[] {7, 6}) {
      String register = register(mantissa, 5, five) + ":chunk(16)";
      rows.add(
          new LlmRow(COMPENSATED, bed.compensated(register, effort.context()), Optional.empty()));
    }
    return rows;
  }

  private static String aligned(int products, int fraction) {
    return "fused(%d,%d):e8m13:scaled(e4m3)".formatted(products, fraction);
  }

  private static void add(List<LlmRow> rows, String group, String register) {
    rows.add(new LlmRow(group, LlmChoice.of(register), Optional.empty()));
  }

  private ReproductionResult result(
      LlmBed bed, Effort effort, List<LlmRow> rows, List<List<Object>> tried) {
    List<PaperClaim> claims = new ArrayList<>();
    List<List<Object>> cells = new ArrayList<>();
    int missing = 0;
    for (LlmRow row : rows) {
      if (row.losses().isEmpty()) {
        missing++;
        continue;
      }
      LlmRow.Paired of = row.losses().get();
      cells.add(
          List.of(
              row.group(),
              row.choice().name(),
              width(row.choice()),
              gates(row.choice()),
              of.narrow().nats().length,
              text("%.2f", of.exact().perplexity()),
              of.perplexity(),
              of.above(),
              of.interval(),
              of.broken()));
    }
    rows.stream()
        .filter(row -> row.losses().isPresent())
        .forEach(row ->
            claims.add(
                PaperClaim.ofOurs(
                    row.choice().name() + " above exact sums",
                    row.losses().get().above() + " % of perplexity")));
    List<String> notes = new ArrayList<>(List.of(PROSE.text("reading"), PROSE.text("registers")));
    if (bed.small()) {
      notes.addFirst(PROSE.text("small"));
    }
    if (missing > 0) {
      notes.addFirst(
          PROSE.text(
              "missing",
              "rows",
              missing,
              "of",
              rows.size(),
              "command",
              "./narrows reproduce " + name() + " --scale " + bed.workshop().scale()));
    }
    return new ReproductionResult(
        name(),
        bed.workshop().scale().word(),
        title(),
        PROSE.text(
            "about",
            "model",
            bed.title(),
            "choosing",
            effort.choosing(),
            "parts",
            effort.parts(),
            "part",
            effort.part(),
            "context",
            effort.context()),
        claims,
        List.of(
            new Grid(
                "Perplexity in registers",
                List.of(
                    "compared",
                    "register",
                    "bits",
                    "gates",
                    "predictions",
                    "exact",
                    "perplexity",
                    "above, %",
                    "95 %",
                    "broken"),
                cells),
            new Grid(
                "Biases, on validation text",
                List.of("register", "perplexity", "above, %"),
                tried)),
        List.of(),
        notes,
        List.of(bed.id()));
  }

  /** Bits of the sum: all of its fields, or the fraction of what is aligned. */
  private static String width(LlmChoice choice) {
    Accumulator register = choice.registers().base().accumulator();
    return register instanceof FusedAccumulator fused
        ? fused.fraction() + " aligned"
        : String.valueOf(register.bits());
  }

  /** Of a multiply-add with operands of 8 bits, by the analytic model. */
  private static String gates(LlmChoice choice) {
    if (choice.registers().base().accumulator() instanceof FloatingAccumulator register) {
      FloatingFormat sum = register.sum();
      return String.valueOf(
          new FloatUnitGates(4, 3, sum.mantissaBits(), sum.exponentBits(), !register.truncates())
              .gates());
    }
    return "";
  }
}
