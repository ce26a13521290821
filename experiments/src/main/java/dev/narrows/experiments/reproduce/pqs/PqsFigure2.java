package dev.narrows.experiments.reproduce.pqs;

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
import dev.narrows.report.NetworkFile;
import dev.narrows.report.ReproductionResult;
import dev.narrows.report.ReproductionResult.Chart;
import dev.narrows.report.ReproductionResult.Grid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Figure 2 of PQS: a network of one dense layer, 8-bit weights and activations, MNIST; which sums
 * overflow at each width, and what resolving the transient ones is worth.
 */
public final class PqsFigure2 implements Figure {
  static final Prose PROSE = Prose.of(PqsFigure2.class, "pqs-fig2");

  static final int NARROWEST = 8;
  static final int WIDEST = 20;
  static final String SOURCE = "PQS (arXiv 2504.09064), Fig. 2, read in the paper";

  static final String CLIPPED = "saturate";
  static final String TRANSIENT = "resolved(transient)";
  static final String CLAMPED = "resolved";
  static final String SORTED = "saturate:sorted";
  static final List<String> WAYS = List.of(CLIPPED, TRANSIENT, CLAMPED, SORTED);

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
    List<ScalingVariant> variants =
        List.of(
            new ScalingVariant("per tensor", perTensor, perTensorChosen),
            new ScalingVariant("per channel", perChannel, perChannelChosen));
    List<Grid> grids = new ArrayList<>();
    List<Chart> charts = new ArrayList<>();
    for (ScalingVariant variant : variants) {
      grids.add(PqsFigure2Page.grid(variant));
      charts.addAll(PqsFigure2Page.charts(variant));
    }
    EvaluationResult first = perTensor.getFirst();
    return new ReproductionResult(
        name(),
        workshop.scale().word(),
        title(),
        PqsFigure2Page.about(first, perTensor.size(), Spread.of(floats, Double::doubleValue)),
        PqsFigure2Page.claims(variants),
        grids,
        charts,
        PqsFigure2Page.notes(variants, workshop.scale()),
        networks);
  }

  static List<Long> seeds(Scale scale) {
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
}
