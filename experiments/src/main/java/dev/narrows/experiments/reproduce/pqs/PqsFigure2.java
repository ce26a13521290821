package dev.narrows.experiments.reproduce.pqs;

import static dev.narrows.report.PlainText.text;

import dev.narrows.core.dot.Summation;
import dev.narrows.data.catalog.Split;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.recipe.DataChoice;
import dev.narrows.experiments.recipe.IntegerNumbers;
import dev.narrows.experiments.recipe.Model;
import dev.narrows.experiments.recipe.Phase;
import dev.narrows.experiments.recipe.Phases;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.Prose;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.Spread;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.report.EvaluationResult;
import dev.narrows.report.EvaluationResult.AccumulatorResult;
import dev.narrows.report.EvaluationResult.OverflowCounts;
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
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Figure 2 of PQS: a network of one dense layer, 8-bit weights and activations, MNIST; which sums
 * overflow at each width, and what resolving the transient ones is worth.
 */
public final class PqsFigure2 implements Figure {
  private static final Prose PROSE = Prose.of(PqsFigure2.class, "pqs-fig2");

  private static final int NARROWEST = 8;
  private static final int WIDEST = 20;
  private static final String SOURCE = "PQS (arXiv 2504.09064), Fig. 2, read in the paper";

  private static final String CLIPPED = "saturate";
  private static final String TRANSIENT = "resolved(transient)";
  private static final String CLAMPED = "resolved";
  private static final String SORTED = "saturate:sorted";
  private static final List<String> WAYS = List.of(CLIPPED, TRANSIENT, CLAMPED, SORTED);

  /** The ways whose gain chooses a width. */
  private static final List<String> CHOOSING = List.of(CLIPPED, TRANSIENT, CLAMPED);

  @Override
  public String name() {
    return "pqs-fig2";
  }

  @Override
  public String title() {
    return "PQS, Figure 2: transient and persistent overflows of a one-layer network";
  }

  /**
   * One way of scaling weights, over the seeds.
   *
   * @param runs on test images
   * @param chosen the same on validation images, which choose widths
   */
  private record Variant(String name, List<EvaluationResult> runs, List<EvaluationResult> chosen) {
    Spread spread(int bits, String way, ToDoubleFunction<AccumulatorResult> figure) {
      return Spread.of(runs, run -> figure.applyAsDouble(row(run, bits, way)));
    }

    Spread accuracy(int bits, String way) {
      return spread(bits, way, AccumulatorResult::accuracy);
    }

    Spread share(int bits, ToDoubleFunction<OverflowCounts> figure) {
      return spread(bits, CLIPPED, row -> figure.applyAsDouble(row.classes().orElseThrow()));
    }

    /** What resolving overflows is worth on test images, in points. */
    double gain(int bits, String way) {
      return gain(runs, bits, way);
    }

    private static double gain(List<EvaluationResult> runs, int bits, String way) {
      return Spread.of(runs, run -> row(run, bits, way).accuracy()).mean()
          - Spread.of(runs, run -> row(run, bits, CLIPPED).accuracy()).mean();
    }

    /** The width at which validation images gain most. */
    int bestGain(String way) {
      return IntStream.rangeClosed(NARROWEST, WIDEST)
          .boxed()
          .max(Comparator.comparingDouble(bits -> gain(chosen, bits, way)))
          .orElseThrow();
    }

    private static AccumulatorResult row(EvaluationResult run, int bits, String way) {
      return run.in(Summation.parseWay(way, bits)).orElseThrow();
    }
  }

  @Override
  public ReproductionResult make(Workshop workshop) throws IOException {
    String set =
        switch (workshop.scale()) {
          case SMOKE -> "fashion-small";
          case TWO_CORE -> "mnist";
        };
    List<EvaluationResult> perTensor = new ArrayList<>();
    List<EvaluationResult> perChannel = new ArrayList<>();
    List<EvaluationResult> perTensorChosen = new ArrayList<>();
    List<EvaluationResult> perChannelChosen = new ArrayList<>();
    List<NetworkFile> networks = new ArrayList<>();
    List<Double> floats = new ArrayList<>();
    for (long seed : seeds(workshop.scale())) {
      ModelFile trained = workshop.trained(recipe(set, workshop.scale()).withSeed(seed));
      ModelFile derived =
          workshop.derived("pqs-fig2-per-tensor-" + seed, PerTensor.of(trained.network()));
      perTensor.add(evaluated(workshop, derived, set));
      perChannel.add(evaluated(workshop, trained, set));
      NetworkInputs validation =
          workshop.inputs(trained, set, Split.VALIDATION, OptionalInt.empty());
      perTensorChosen.add(workshop.evaluated(derived, validation, accumulators(CHOOSING)));
      perChannelChosen.add(workshop.evaluated(trained, validation, accumulators(CHOOSING)));
      networks.add(derived.id());
      networks.add(trained.id());
      trained.stored().flatMap(EvaluationResult::floatAccuracy).ifPresent(floats::add);
    }
    List<Variant> variants =
        List.of(
            new Variant("per tensor", perTensor, perTensorChosen),
            new Variant("per channel", perChannel, perChannelChosen));
    List<Grid> grids = new ArrayList<>();
    List<Chart> charts = new ArrayList<>();
    for (Variant variant : variants) {
      grids.add(grid(variant));
      charts.addAll(charts(variant));
    }
    EvaluationResult first = perTensor.getFirst();
    return new ReproductionResult(
        name(),
        workshop.scale().word(),
        title(),
        about(first, perTensor.size(), Spread.of(floats, Double::doubleValue)),
        claims(variants),
        grids,
        charts,
        notes(variants, workshop.scale()),
        networks);
  }

  private static List<Long> seeds(Scale scale) {
    return switch (scale) {
      case SMOKE -> List.of(1L);
      case TWO_CORE -> List.of(1L, 2L, 3L);
    };
  }

  private static Recipe recipe(String set, Scale scale) {
    boolean smoke = scale == Scale.SMOKE;
    IntegerNumbers numbers =
        IntegerNumbers.of(8, 8)
            .withObserver(IntegerNumbers.RangeObserver.MIN_MAX)
            .withExclude(Set.of());
    return Recipe.of(Model.MLP1, DataChoice.of(set).withValidation(smoke ? 1000 : 5000), numbers)
        .withName("pqs-fig2")
        .withPreprocess("unit")
        .withThreads(1)
        .withPhases(
            Phases.NONE.withFloating(adam(smoke ? 4 : 10, 1e-3)).withQuantize(adam(1, 1e-4)));
  }

  private static Phase adam(int epochs, double rate) {
    return Phase.of(epochs, Phase.Optimizer.ADAM, rate).withWeightDecay(0);
  }

  private static EvaluationResult evaluated(Workshop workshop, ModelFile model, String set)
      throws IOException {
    NetworkInputs inputs = workshop.inputs(model, set, Split.TEST, OptionalInt.empty());
    return workshop.classified(model, inputs, accumulators(WAYS));
  }

  private static List<String> accumulators(List<String> ways) {
    List<String> accumulators = new ArrayList<>(List.of("exact"));
    for (int bits = NARROWEST; bits <= WIDEST; bits++) {
      for (String way : ways) {
        accumulators.add(Summation.parseWay(way, bits).toString());
      }
    }
    return accumulators;
  }

  private static String about(EvaluationResult first, int seeds, Spread floats) {
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

  private static Grid grid(Variant variant) {
    List<List<Object>> rows = new ArrayList<>();
    for (int bits = NARROWEST; bits <= WIDEST; bits++) {
      List<Object> row = new ArrayList<>(List.of(bits));
      row.add(variant.share(bits, ofDots(OverflowCounts::persistent)).mean());
      row.add(variant.share(bits, ofDots(OverflowCounts::transientDots)).mean());
      row.add(variant.share(bits, PqsFigure2::ofOverflows).mean());
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

  private static List<Chart> charts(Variant variant) {
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
                    bits -> variant.share(bits, PqsFigure2::ofOverflows).at(bits)))),
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

  private static List<PaperClaim> claims(List<Variant> variants) {
    List<PaperClaim> claims = new ArrayList<>();
    for (Variant variant : variants) {
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
                          bits, variant.share(bits, PqsFigure2::ofOverflows).text()))
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

  private static String lift(Variant variant, String way) {
    int bits = variant.bestGain(way);
    return text(
        "%s → %s %% at P = %d",
        variant.accuracy(bits, CLIPPED).text(), variant.accuracy(bits, way).text(), bits);
  }

  private static List<String> notes(List<Variant> variants, Scale scale) {
    List<String> notes = new ArrayList<>();
    if (scale == Scale.SMOKE) {
      notes.add(PROSE.text("smoke"));
    }
    notes.add(PROSE.text("readings"));
    for (Variant variant : variants) {
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

  private static String shares(Variant variant) {
    double from = variant.share(13, PqsFigure2::ofOverflows).mean();
    double to = variant.share(16, PqsFigure2::ofOverflows).mean();
    return PROSE.text(
        "shares", "variant", variant.name(), "from", from, "to", to, "times", to / from);
  }

  /** Where ours passes the paper's 40 %. */
  private static Optional<String> between(Variant variant) {
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
