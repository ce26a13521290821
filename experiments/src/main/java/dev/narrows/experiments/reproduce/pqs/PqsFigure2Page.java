package dev.narrows.experiments.reproduce.pqs;

import static dev.narrows.experiments.reproduce.pqs.PqsFigure2.CLAMPED;
import static dev.narrows.experiments.reproduce.pqs.PqsFigure2.CLIPPED;
import static dev.narrows.experiments.reproduce.pqs.PqsFigure2.NARROWEST;
import static dev.narrows.experiments.reproduce.pqs.PqsFigure2.PROSE;
import static dev.narrows.experiments.reproduce.pqs.PqsFigure2.SORTED;
import static dev.narrows.experiments.reproduce.pqs.PqsFigure2.SOURCE;
import static dev.narrows.experiments.reproduce.pqs.PqsFigure2.TRANSIENT;
import static dev.narrows.experiments.reproduce.pqs.PqsFigure2.WAYS;
import static dev.narrows.experiments.reproduce.pqs.PqsFigure2.WIDEST;
import static dev.narrows.experiments.reproduce.pqs.PqsFigure2.seeds;
import static dev.narrows.report.PlainText.text;

import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.Spread;
import dev.narrows.report.EvaluationResult;
import dev.narrows.report.EvaluationResult.OverflowCounts;
import dev.narrows.report.ReproductionResult.Chart;
import dev.narrows.report.ReproductionResult.Grid;
import dev.narrows.report.ReproductionResult.PaperClaim;
import dev.narrows.report.ReproductionResult.Point;
import dev.narrows.report.ReproductionResult.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Claims, tables and charts of {@link PqsFigure2}. */
final class PqsFigure2Page {
  private PqsFigure2Page() {}

  static String about(EvaluationResult first, int seeds, Spread floats) {
    return PROSE.text(
        "about",
        "floats",
        floats.text(),
        "images",
        first.images(),
        "dataset",
        first.dataset(),
        "seeds",
        seeds == 1 ? "one seed" : "mean of " + seeds + " seeds (least to greatest)");
  }

  private static ToDoubleFunction<OverflowCounts> ofDots(ToDoubleFunction<OverflowCounts> count) {
    return classes -> 100 * count.applyAsDouble(classes) / classes.dots();
  }

  private static double ofOverflows(OverflowCounts classes) {
    long overflows = classes.transientDots() + classes.persistent();
    return overflows == 0 ? 0 : 100.0 * classes.transientDots() / overflows;
  }

  static Grid grid(ScalingVariant variant) {
    List<List<Object>> rows = new ArrayList<>();
    for (int bits = NARROWEST; bits <= WIDEST; bits++) {
      List<Object> row = new ArrayList<>(List.of(bits));
      row.add(variant.share(bits, ofDots(OverflowCounts::persistent)).mean());
      row.add(variant.share(bits, ofDots(OverflowCounts::transientDots)).mean());
      row.add(variant.share(bits, PqsFigure2Page::ofOverflows).mean());
      for (String way : WAYS) {
        row.add(variant.accuracy(bits, way).text());
      }
      rows.add(row);
    }
    return new Grid(
        "Weights scaled " + variant.name() + ": shares and accuracy in percent",
        List.of(
            "P",
            "persistent % of dots",
            "transient % of dots",
            "transient % of overflows",
            "clipped",
            "transients resolved",
            "clamp of exact sum",
            "sorted"),
        rows);
  }

  static List<Chart> charts(ScalingVariant variant) {
    String id = variant.name().replace(' ', '-');
    String tail = ", weights scaled " + variant.name();
    return List.of(
        new Chart(
            "overflow-" + id,
            "Overflows against width" + tail,
            "register width P, bits",
            "%",
            List.of(
                series(
                    "persistent, of dot products",
                    bits -> variant.share(bits, ofDots(OverflowCounts::persistent)).at(bits)),
                series(
                    "transient, of dot products",
                    bits -> variant.share(bits, ofDots(OverflowCounts::transientDots)).at(bits)),
                series(
                    "transient, of overflows",
                    bits -> variant.share(bits, PqsFigure2Page::ofOverflows).at(bits)))),
        new Chart(
            "accuracy-" + id,
            "Accuracy against width" + tail,
            "register width P, bits",
            "accuracy, %",
            List.of(
                series("all overflows clip", bits -> variant.accuracy(bits, CLIPPED).at(bits)),
                series(
                    "transients resolved, persistent dots clip in sequence",
                    bits -> variant.accuracy(bits, TRANSIENT).at(bits)),
                series(
                    "clamp of the exact sum", bits -> variant.accuracy(bits, CLAMPED).at(bits)))));
  }

  private static Series series(String name, IntFunction<Point> point) {
    return new Series(
        name, false, IntStream.rangeClosed(NARROWEST, WIDEST).mapToObj(point).toList());
  }

  static List<PaperClaim> claims(List<ScalingVariant> variants) {
    List<PaperClaim> claims = new ArrayList<>();
    for (ScalingVariant variant : variants) {
      String weights = ", weights scaled " + variant.name();
      claims.add(
          PaperClaim.of(
              "transients, share of all overflows at P = 13 to 16" + weights,
              "about 3 %",
              SOURCE,
              IntStream.rangeClosed(13, 16)
                  .mapToObj(bits ->
                      text(
                          "P = %d: %s %%",
                          bits, variant.share(bits, PqsFigure2Page::ofOverflows).text()))
                  .collect(Collectors.joining("; "))));
      claims.add(
          PaperClaim.of(
              "accuracy from clipping everything to resolving transients" + weights,
              "from 10 % to 40 %",
              SOURCE,
              text(
                  "as the clamp of the exact sum %s; with persistent dot products clipping on in"
                      + " sequence %s",
                  lift(variant, CLAMPED), lift(variant, TRANSIENT))));
      claims.add(
          PaperClaim.ofOurs(
              "sorted order beside the clamp of the exact sum" + weights,
              text(
                  "largest difference %.2f points",
                  IntStream.rangeClosed(NARROWEST, WIDEST)
                      .mapToDouble(bits ->
                          Math.abs(
                              variant.accuracy(bits, SORTED).mean()
                                  - variant.accuracy(bits, CLAMPED).mean()))
                      .max()
                      .orElse(0))));
    }
    return claims;
  }

  private static String lift(ScalingVariant variant, String way) {
    int bits = variant.bestGain(way);
    return text(
        "%s → %s %% at P = %d",
        variant.accuracy(bits, CLIPPED).text(), variant.accuracy(bits, way).text(), bits);
  }

  static List<String> notes(List<ScalingVariant> variants, Scale scale) {
    List<String> notes = new ArrayList<>();
    if (scale == Scale.SMOKE) {
      notes.add(PROSE.text("smoke"));
    }
    notes.add(PROSE.text("readings"));
    for (ScalingVariant variant : variants) {
      notes.add(shares(variant));
      between(variant).ifPresent(notes::add);
      int clamped = variant.bestGain(CLAMPED);
      double gain = variant.gain(clamped, CLAMPED);
      int resolved = variant.bestGain(TRANSIENT);
      double other = variant.gain(resolved, TRANSIENT);
      notes.add(
          PROSE.text(
              "gains",
              "variant",
              variant.name(),
              "clamped",
              gain,
              "clampedAt",
              clamped,
              "resolved",
              other,
              "resolvedAt",
              resolved,
              "conclusion",
              PROSE.text(gain > 3 * other ? "clamp is most" : "readings are alike")));
    }
    return notes;
  }

  private static String shares(ScalingVariant variant) {
    double from = variant.share(13, PqsFigure2Page::ofOverflows).mean();
    double to = variant.share(16, PqsFigure2Page::ofOverflows).mean();
    return PROSE.text(
        "shares", "variant", variant.name(), "from", from, "to", to, "times", to / from);
  }

  /** Where ours passes the paper's 40 %. */
  private static Optional<String> between(ScalingVariant variant) {
    for (int bits = NARROWEST + 1; bits <= WIDEST; bits++) {
      if (variant.accuracy(bits - 1, CLAMPED).mean() < 40
          && variant.accuracy(bits, CLAMPED).mean() >= 40) {
        return Optional.of(
            PROSE.text(
                "between",
                "narrower",
                bits - 1,
                "narrowerClipped",
                variant.accuracy(bits - 1, CLIPPED).mean(),
                "narrowerClamped",
                variant.accuracy(bits - 1, CLAMPED).mean(),
                "wider",
                bits,
                "widerClipped",
                variant.accuracy(bits, CLIPPED).mean(),
                "widerClamped",
                variant.accuracy(bits, CLAMPED).mean()));
      }
    }
    return Optional.empty();
  }
}
