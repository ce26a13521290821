package dev.narrows.experiments.reproduce.lba;

import static dev.narrows.report.PlainText.text;

import dev.narrows.experiments.reproduce.figure.Prose;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.lba.LbaText.Losses;
import dev.narrows.report.ReproductionResult.Chart;
import dev.narrows.report.ReproductionResult.Grid;
import dev.narrows.report.ReproductionResult.PaperClaim;
import dev.narrows.report.ReproductionResult.Point;
import dev.narrows.report.ReproductionResult.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Claims, tables and chart of {@link LbaLanguage}. */
final class LbaLanguagePage {
  private static final Prose PROSE = Prose.of(LbaLanguagePage.class, "lba-language");

  private LbaLanguagePage() {}

  static String about(LbaText.EncoderPlan plan, Losses losses) {
    return PROSE.text(
        "about",
        "width",
        plan.width(),
        "set",
        plan.set(),
        "epochs",
        plan.epochs(),
        "tuning",
        plan.tuning(),
        "characters",
        losses.characters());
  }

  static List<PaperClaim> claims(Losses losses, List<LbaStories.StoriesRow> stories) {
    List<PaperClaim> claims = new ArrayList<>();
    claims.add(
        PaperClaim.ofOurs(
            "encoder in wide sums, beside the entropy of a character without context",
            text(
                "%.4f of %.4f nats (%.1f %% below)",
                losses.wide().nats(), losses.entropy(), losses.below(losses.wide()))));
    for (LbaText.EncoderRow row : losses.rows()) {
      claims.add(
          PaperClaim.ofOurs(
              text("encoder fine-tuned at %s, %d bits", row.format(), row.bits()),
              text(
                  "%.4f nats (%+.2f %% against wide, %+.2f %% against the twin)",
                  row.tuned().nats(), row.above(losses.wide()), row.above(losses.twin()))));
    }
    for (LbaStories.StoriesRow row : stories) {
      claims.add(
          PaperClaim.ofOurs(
              text(
                  "stories260K on %s at %s, %d bits, zero-shot",
                  row.text(), row.shape(), row.shape().bits()),
              text("%.4f nats a token (%+.2f %%)", row.loss().nats(), row.above())));
    }
    return claims;
  }

  static List<Grid> grids(Losses losses, List<LbaStories.StoriesRow> stories) {
    return stories.isEmpty()
        ? List.of(encoder(losses))
        : List.of(encoder(losses), stories(stories));
  }

  private static Grid encoder(Losses losses) {
    List<List<Object>> rows = new ArrayList<>();
    rows.add(row("none: the entropy of a character", "", "", losses.entropy(), ""));
    rows.add(row("wide", "exact", "", losses.wide().nats(), ""));
    rows.add(row("wide, the twin", "exact", "", losses.twin().nats(), ""));
    for (LbaText.EncoderRow row : losses.rows()) {
      rows.add(
          row(
              row.format() + ", " + row.bits() + " bits",
              row.register(),
              nats(row.untrained().nats()),
              row.tuned().nats(),
              nats(row.exact().nats())));
    }
    return new Grid(
        "Loss of a masked character, nats",
        List.of("trained for", "register", "zero-shot", "trained", "trained, in exact sums"),
        rows);
  }

  private static List<Object> row(
      String what, String register, String untrained, double tuned, String exact) {
    return List.of(what, register, untrained, nats(tuned), exact);
  }

  private static String nats(double nats) {
    return text("%.4f", nats);
  }

  private static Grid stories(List<LbaStories.StoriesRow> stories) {
    List<List<Object>> rows = new ArrayList<>();
    for (LbaStories.StoriesRow row : stories) {
      rows.add(
          List.of(
              row.text(),
              row.shape() + ", " + row.shape().bits() + " bits",
              row.register(),
              nats(row.loss().nats()),
              nats(row.exact()),
              text("%+.2f", row.above()),
              row.loss().differing()));
    }
    return new Grid(
        "stories260K: loss of a token without training, nats",
        List.of(
            "text", "format", "register", "loss", "in exact sums", "above, %", "differing tokens"),
        rows);
  }

  static Chart chart(Losses losses) {
    return new Chart(
        "encoder",
        "Loss of a masked character",
        "register, bits",
        "loss, nats",
        List.of(
            series("zero-shot", losses, row -> row.untrained().nats()),
            series("fine-tuned", losses, row -> row.tuned().nats()),
            series("wide, the twin", losses, _ -> losses.twin().nats())));
  }

  private static Series series(
      String name, Losses losses, ToDoubleFunction<LbaText.EncoderRow> figure) {
    return new Series(
        name,
        false,
        losses.rows().reversed().stream()
            .map(row -> Point.of(row.bits(), figure.applyAsDouble(row)))
            .toList());
  }

  static List<String> notes(Scale scale, List<LbaStories.StoriesRow> stories) {
    List<String> notes = scale.notes();
    notes.add(PROSE.text("no paper"));
    if (!stories.isEmpty()) {
      notes.add(PROSE.text("stories"));
    }
    return notes;
  }
}
