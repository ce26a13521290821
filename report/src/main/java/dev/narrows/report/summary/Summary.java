package dev.narrows.report.summary;

import dev.narrows.report.AnalysisResult;
import dev.narrows.report.CertificateResult;
import dev.narrows.report.Comparison;
import dev.narrows.report.DemoResult;
import dev.narrows.report.EvaluationResult;
import dev.narrows.report.LayerAnalysis;
import dev.narrows.report.Result;
import dev.narrows.report.SweepResult;
import dev.narrows.report.run.ReportRun;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The widths that a run needs. Layers on exact registers in every evaluation are left out of them.
 *
 * @param accuracies one for every evaluation of the run
 * @param plain the smallest saturating register, summing in natural order, that is enough
 * @param reachable the smallest register that is enough in any way of summing that can be built
 * @param seen the width that no dot product of the data set exceeded
 * @param proven the width that no input can overflow, in any order
 * @param dataType the width by the usual rule, from K, W and A alone
 * @param sentences the same in words
 */
public record Summary(
    List<AccuracyView> accuracies,
    Optional<Width> plain,
    Optional<Width> reachable,
    Optional<Integer> seen,
    Optional<Integer> proven,
    Optional<Integer> dataType,
    List<String> sentences) {
  /** Copies the lists. */
  public Summary {
    accuracies = List.copyOf(accuracies);
    sentences = List.copyOf(sentences);
  }

  /**
   * A register that is enough.
   *
   * @param way as in {@link AccuracyView.Curve}
   * @param accuracy in percent
   * @param images that the accuracy was measured on
   */
  public record Width(int bits, String way, double accuracy, int images) {}

  /** Picks the widths of a run. */
  public static Summary of(ReportRun run) {
    List<AccuracyView> views =
        merged(run.results().stream().flatMap(Summary::evaluations).toList()).stream()
            .map(AccuracyView::of)
            .toList();
    List<LayerAnalysis> layers =
        run.results(AnalysisResult.class).stream()
            .flatMap(analysis -> analysis.layers().stream())
            .filter(layer -> views.stream().noneMatch(v -> v.pinned().contains(layer.name())))
            .toList();
    List<Width> widths = judged(views).stream().flatMap(Summary::widths).toList();
    Summary summary =
        new Summary(
            views,
            narrowest(widths.stream().filter(width -> width.way().equals("saturate"))),
            narrowest(widths.stream()),
            seen(layers),
            widest(layers, layer -> layer.bounds().signSum()).or(() -> certified(run)),
            widest(layers, layer -> layer.bounds().dataType()),
            List.of());
    return summary.with(
        Stream.concat(
                SummaryText.of(summary).stream(),
                run.results(SweepResult.class).stream().flatMap(s -> SweepText.of(s).stream()))
            .toList());
  }

  private Summary with(List<String> text) {
    return new Summary(accuracies, plain, reachable, seen, proven, dataType, text);
  }

  /** The evaluations inside a result. */
  public static Stream<EvaluationResult> evaluations(Result result) {
    return switch (result) {
      case EvaluationResult evaluation -> Stream.of(evaluation);
      case DemoResult demo -> Stream.of(demo.network(), demo.register());
      default -> Stream.empty();
    };
  }

  /**
   * The evaluations that widths are picked from: those with narrow registers on the most images, so
   * that a quick look at a few images never hides what all of them say.
   */
  static List<AccuracyView> judged(List<AccuracyView> views) {
    List<AccuracyView> narrow = views.stream().filter(view -> !view.curves().isEmpty()).toList();
    int most = narrow.stream().mapToInt(AccuracyView::images).max().orElse(0);
    return narrow.stream().filter(view -> view.images() == most).toList();
  }

  /** One evaluation for each network and set of images, with the rows of all of them. */
  private static List<EvaluationResult> merged(List<EvaluationResult> evaluations) {
    Map<List<Object>, EvaluationResult> merged = new LinkedHashMap<>();
    for (EvaluationResult one : evaluations) {
      merged.merge(
          List.of(one.network().sha256(), one.dataset(), one.images()), one, Summary::both);
    }
    return List.copyOf(merged.values());
  }

  private static EvaluationResult both(EvaluationResult first, EvaluationResult second) {
    Set<String> known =
        first.results().stream()
            .map(EvaluationResult.AccumulatorResult::accumulator)
            .collect(Collectors.toSet());
    return new EvaluationResult(
        first.network(),
        first.dataset(),
        first.images(),
        first.floatAccuracy().or(second::floatAccuracy),
        first.quantizedAgreement().or(second::quantizedAgreement),
        Stream.concat(
                first.results().stream(),
                second.results().stream().filter(row -> !known.contains(row.accumulator())))
            .toList(),
        first.certifiedBits().or(second::certifiedBits),
        first.weights().or(second::weights),
        first.unigramNats().or(second::unigramNats),
        both(first.comparisons(), second.comparisons()));
  }

  private static Optional<List<Comparison>> both(
      Optional<List<Comparison>> first, Optional<List<Comparison>> second) {
    return first.isEmpty() && second.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Stream.of(first, second)
                .flatMap(Optional::stream)
                .flatMap(List::stream)
                .distinct()
                .toList());
  }

  private static Stream<Width> widths(AccuracyView view) {
    return view.curves().stream()
        .filter(AccuracyView.Curve::buildable)
        .flatMap(curve ->
            curve.best().stream()
                .map(point ->
                    new Width(point.bits(), curve.way(), point.accuracy(), view.images())));
  }

  /** Of several with the fewest bits the most accurate. */
  private static Optional<Width> narrowest(Stream<Width> widths) {
    return widths.min(
        Comparator.comparingInt(Width::bits)
            .thenComparing(Comparator.comparingDouble(Width::accuracy).reversed()));
  }

  private static Optional<Integer> widest(
      List<LayerAnalysis> layers, ToIntFunction<LayerAnalysis> bits) {
    return layers.stream().map(bits::applyAsInt).max(Comparator.naturalOrder());
  }

  private static Optional<Integer> seen(List<LayerAnalysis> layers) {
    return layers.stream().anyMatch(layer -> layer.profile().isEmpty())
        ? Optional.empty()
        : widest(layers, layer -> layer.profile().orElseThrow().widestSum());
  }

  private static Optional<Integer> certified(ReportRun run) {
    return run.results(CertificateResult.class).stream()
        .flatMap(certificate -> certificate.layers().stream())
        .map(CertificateResult.CertifiedLayer::bits)
        .max(Comparator.naturalOrder());
  }
}
