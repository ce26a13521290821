package dev.narrows.experiments.reproduce.llm;

import static dev.narrows.report.PlainText.text;

import dev.narrows.core.accumulator.FusedForms;
import dev.narrows.data.file.AtomicFile;
import dev.narrows.experiments.evaluate.TextLosses;
import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.Prose;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.report.ReproductionResult;
import dev.narrows.report.ReproductionResult.Grid;
import dev.narrows.report.ReproductionResult.PaperClaim;
import dev.narrows.report.ResultJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A language model on registers of FP8 hardware: how often they must be promoted to binary32, by
 * the length of the context, and whether a fact is still found at the other end of it.
 */
public final class LlmFp8 implements Figure {
  private static final Prose PROSE = Prose.of(LlmFp8.class, "llm-fp8");
  private static final String REGISTER = FusedForms.text("hopper-fp8");
  private static final String WIDE = FusedForms.text("blackwell-fp8");

  /** How much is looked at; a text holds whole windows of all contexts. */
  private record Effort(List<Integer> contexts, int predictions, List<Integer> needles, int facts) {
    static Effort at(Scale scale) {
      return switch (scale) {
        case SMOKE -> new Effort(List.of(64, 256), 1024, List.of(128), 1);
        case TWO_CORE -> new Effort(List.of(128, 512, 2048), 2048, List.of(256, 512, 1024), 4);
      };
    }

    int choosing() {
      return needles.getLast() + facts;
    }
  }

  private static List<LlmChoice> choices() {
    List<LlmChoice> choices = new ArrayList<>();
    choices.add(LlmChoice.of(WIDE));
    choices.add(LlmChoice.of(FusedForms.text("deepgemm-fp8")));
    choices.add(LlmChoice.of(REGISTER));
    choices.add(LlmChoice.only("*.attention.mix", REGISTER));
    choices.add(LlmChoice.of(REGISTER + ":promote(32)"));
    choices.add(LlmChoice.of(REGISTER + ":promote(512)"));
    choices.add(LlmChoice.of("fused(32,7):e8m13:scaled(e4m3)"));
    choices.add(LlmChoice.of("fused(32,7):e8m13:scaled(e4m3):promote(128)"));
    return choices;
  }

  /** What is done so far. */
  private record Done(List<List<Object>> losses, List<List<Object>> needles, int missing) {}

  /** Needs a language model. */
  public LlmFp8() {}

  @Override
  public String name() {
    return "llm-fp8";
  }

  @Override
  public String title() {
    return "A language model on FP8 hardware: promotion, and the length of the context";
  }

  @Override
  public ReproductionResult make(Workshop workshop) throws IOException {
    Effort effort = Effort.at(workshop.scale());
    LlmBed bed = LlmBed.of(workshop, effort.choosing(), effort.predictions());
    int all = choices().size() * (effort.contexts().size() + effort.needles().size());
    Path soFar = workshop.folder().resolve(LlmRegisters.SO_FAR);
    List<List<Object>> losses = new ArrayList<>();
    List<List<Object>> needles = new ArrayList<>();
    for (int context : effort.needles()) {
      LlmNeedles facts = new LlmNeedles(bed, effort.facts());
      double untold = facts.nats(LlmChoice.EXACT, context, false);
      double exact = facts.nats(LlmChoice.EXACT, context, true);
      needles.add(List.of(context, "exact, without the fact", text("%.3f", untold), ""));
      needles.add(
          List.of(context, "exact", text("%.3f", exact), text("%.1f", 100 * (1 - exact / untold))));
      for (LlmChoice choice : choices()) {
        double nats = facts.nats(choice, context, true);
        needles.add(
            List.of(
                context,
                choice.name(),
                text("%.3f", nats),
                text("%.1f", 100 * (1 - nats / untold))));
        all--;
        store(soFar, bed, effort, new Done(losses, needles, all));
      }
    }
    for (int context : effort.contexts()) {
      TextLosses exact = bed.measured(LlmChoice.EXACT, context, 0, effort.predictions());
      for (LlmChoice choice : choices()) {
        TextLosses narrow = bed.measured(choice, context, 0, effort.predictions());
        LlmRow.Paired pair = new LlmRow.Paired(narrow, exact);
        losses.add(
            List.of(
                context,
                choice.name(),
                text("%.2f", exact.perplexity()),
                pair.perplexity(),
                pair.above(),
                pair.interval(),
                pair.broken()));
        all--;
        store(soFar, bed, effort, new Done(losses, needles, all));
      }
    }
    Files.deleteIfExists(soFar);
    return result(bed, effort, new Done(losses, needles, 0));
  }

  private void store(Path file, LlmBed bed, Effort effort, Done done) throws IOException {
    AtomicFile.write(file, ResultJson.write(result(bed, effort, done)));
  }

  private ReproductionResult result(LlmBed bed, Effort effort, Done done) {
    List<String> notes = new ArrayList<>(List.of(PROSE.text("reading"), PROSE.text("needle")));
    if (bed.small()) {
      notes.addFirst(PROSE.text("small"));
    }
    if (done.missing() > 0) {
      notes.addFirst(
          PROSE.text(
              "missing",
              "rows",
              done.missing(),
              "command",
              "./narrows reproduce " + name() + " --scale " + bed.workshop().scale()));
    }
    List<PaperClaim> claims = new ArrayList<>();
    for (List<Object> row : done.losses()) {
      claims.add(
          PaperClaim.ofOurs(
              row.get(1) + " above exact sums, windows of " + row.get(0),
              row.get(4) + " % of perplexity"));
    }
    return new ReproductionResult(
        name(),
        bed.workshop().scale().word(),
        title(),
        PROSE.text(
            "about",
            "model",
            bed.title(),
            "predictions",
            effort.predictions(),
            "facts",
            effort.facts()),
        claims,
        List.of(
            new Grid(
                "Perplexity by length of the window",
                List.of("window", "register", "exact", "perplexity", "above, %", "95 %", "broken"),
                done.losses()),
            new Grid(
                "A fact at the beginning, asked for at the end",
                List.of("window", "register", "nats of a token of the answer", "known, %"),
                done.needles())),
        List.of(),
        notes,
        List.of(bed.id()));
  }
}
