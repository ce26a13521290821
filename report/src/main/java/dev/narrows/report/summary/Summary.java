package dev.narrows.report.summary;

import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.report.AnalysisResult;
import dev.narrows.report.CertificateResult;
import dev.narrows.report.EvaluationResult;
import dev.narrows.report.LayerAnalysis;
import dev.narrows.report.QualityMeasure;
import dev.narrows.report.SweepResult;
import dev.narrows.report.TargetResult;
import dev.narrows.report.WeightsResult;
import dev.narrows.report.run.ReportRun;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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
 * @param targets the verdict of every analysis that was asked about a target, in a sentence
 * @param accuracies one for every evaluation of the run
 * @param plain the smallest saturating register, summing in natural order, that is enough
 * @param reachable the smallest register that is enough in any way of summing that can be built
 * @param seen the width that no dot product of the data set exceeded
 * @param proven the width that no input can overflow, in any order
 * @param trained the width that the network was trained to be safe in, if it was
 * @param exactLayers layers that keep exact registers, to which no width here applies
 * @param certificates what each certificate of the run proves, or fails to prove
 * @param dataType the width by the usual rule, from K, W and A alone
 * @param sentences the same in words
 */
public record Summary(
    List<String> targets,
    List<AccuracyView> accuracies,
    Optional<Width> plain,
    Optional<Width> reachable,
    Optional<Integer> seen,
    Optional<Integer> proven,
    Optional<Integer> dataType,
    Optional<Integer> trained,
    List<String> exactLayers,
    List<Proof> certificates,
    List<String> sentences) {
  /** Copies the lists. */
  public Summary {
    targets = List.copyOf(targets);
    accuracies = List.copyOf(accuracies);
    exactLayers = List.copyOf(exactLayers);
    certificates = List.copyOf(certificates);
    sentences = List.copyOf(sentences);
  }

  /**
   * A register that is enough.
   *
   * @param way as in {@link AccuracyView.Curve}
   * @param accuracy in percent
   * @param images that the accuracy was measured on
   * @param words the way as a phrase for people
   * @param measure what the accuracy is, where targets are no classes; else absent
   */
  public record Width(
      int bits,
      String way,
      double accuracy,
      int images,
      String words,
      Optional<QualityMeasure> measure) {
    /** Words as the way has them. */
    public Width(int bits, String way, double accuracy, int images) {
      this(bits, way, accuracy, images, Optional.empty());
    }

    /** Words as the way has them. */
    public Width(
        int bits, String way, double accuracy, int images, Optional<QualityMeasure> measure) {
      this(bits, way, accuracy, images, Summation.parseWay(way, bits).wayInWords(), measure);
    }

    /** The accuracy, or another measure, with its unit. */
    String figure() {
      return QualityMeasure.named(measure).withUnit(accuracy);
    }

    Summation summation() {
      return Summation.parseWay(way, bits);
    }
  }

  /** Whether a width is that of a saturating register in natural order. */
  private static boolean plain(Width width) {
    return width
        .summation()
        .equals(new Summation(new Saturating(width.bits()), new SummationOrder.Sequential()));
  }

  /**
   * What a certificate proves.
   *
   * @param bits P: the width asked for
   * @param ofTerms whether it is about single terms, not sums
   * @param layers how many it covers
   * @param wider the layers that need more than P bits: with any, the proof fails
   * @param needed the widest layer's width, in bits
   * @param skipped layers that it does not cover
   */
  public record Proof(
      int bits, boolean ofTerms, int layers, List<String> wider, int needed, List<String> skipped) {
    /** Copies the lists. */
    public Proof {
      wider = List.copyOf(wider);
      skipped = List.copyOf(skipped);
    }

    static Proof of(CertificateResult certificate) {
      return new Proof(
          certificate.bits(),
          certificate.ofTerms(),
          certificate.layers().size(),
          certificate.wider().stream().map(CertificateResult.CertifiedLayer::name).toList(),
          certificate.layers().stream()
              .mapToInt(CertificateResult.CertifiedLayer::bits)
              .max()
              .orElse(1),
          certificate.skipped());
    }
  }

  /** Picks the widths of a run. */
  public static Summary of(ReportRun run) {
    List<EvaluationResult> evaluations =
        merged(run.results().stream().flatMap(result -> result.evaluations().stream()).toList());
    List<AccuracyView> views = evaluations.stream().map(AccuracyView::of).toList();
    List<AnalysisResult> analyses = run.results(AnalysisResult.class);
    Set<String> exact = exactLayers(evaluations, views, analyses);
    List<String> left = new ArrayList<>(exact);
    if (analyses.isEmpty()) { // the width that is proven is that of certificates
      run.results(CertificateResult.class).stream()
          .flatMap(certificate -> certificate.skipped().stream())
          .filter(name -> !left.contains(name))
          .forEach(left::add);
    }
    List<LayerAnalysis> layers =
        analyses.stream()
            .flatMap(analysis -> analysis.layers().stream())
            .filter(layer -> !exact.contains(layer.name()))
            .toList();
    List<Width> widths = judged(views).stream().flatMap(Summary::widths).toList();
    Summary summary =
        new Summary(
            analyses.stream()
                .flatMap(analysis -> analysis.target().stream())
                .map(TargetResult::headline)
                .toList(),
            views,
            narrowest(widths.stream().filter(Summary::plain)),
            narrowest(widths.stream()),
            seen(layers),
            widest(layers, layer -> layer.bounds().signSum()).or(() -> certified(run)),
            widest(layers, layer -> layer.bounds().dataType()),
            analyses.stream()
                .flatMap(analysis -> analysis.trainedBits().stream())
                .findFirst()
                .or(() ->
                    evaluations.stream().flatMap(e -> e.certifiedBits().stream()).findFirst()),
            left,
            run.results(CertificateResult.class).stream().map(Proof::of).toList(),
            List.of());
    return summary.with(
        Stream.concat(
                SummaryText.of(summary).stream(),
                run.results(SweepResult.class).stream().flatMap(s -> SweepText.of(s).stream()))
            .toList());
  }

  private Summary with(List<String> text) {
    return new Summary(
        targets,
        accuracies,
        plain,
        reachable,
        seen,
        proven,
        dataType,
        trained,
        exactLayers,
        certificates,
        text);
  }

  /**
   * Layers on exact registers whatever the accumulator. An evaluation in exact registers alone does
   * not show them; its weights and an analysis say which layers keep them.
   */
  private static Set<String> exactLayers(
      List<EvaluationResult> evaluations, List<AccuracyView> views, List<AnalysisResult> analyses) {
    Set<String> exact = new LinkedHashSet<>();
    views.forEach(view -> exact.addAll(view.pinned()));
    analyses.forEach(analysis -> analysis.exactLayers().ifPresent(exact::addAll));
    evaluations.stream()
        .flatMap(evaluation -> evaluation.weights().stream())
        .flatMap(weights -> weights.layers().stream())
        .filter(WeightsResult.LayerWeights::exact)
        .forEach(layer -> exact.add(layer.name()));
    if (evaluations.stream().anyMatch(Summary::pins)) {
      analyses.stream()
          .flatMap(analysis -> analysis.layers().stream())
          .filter(layer -> layer.kind().equals("averagePool"))
          .forEach(layer -> exact.add(layer.name()));
    }
    return exact;
  }

  private static boolean pins(EvaluationResult evaluation) {
    return evaluation
        .weights()
        .filter(weights -> weights.layers().stream().anyMatch(WeightsResult.LayerWeights::exact))
        .isPresent();
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
        joined(first.comparisons(), second.comparisons()),
        first.measure(),
        first.wholeImages().or(second::wholeImages),
        joined(first.decided(), second.decided()));
  }

  private static <T> Optional<List<T>> joined(Optional<List<T>> first, Optional<List<T>> second) {
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
        .filter(AccuracyView.Curve::alone)
        .flatMap(curve ->
            curve.best().stream()
                .map(point ->
                    new Width(
                        point.bits(),
                        curve.way(),
                        point.accuracy(),
                        view.images(),
                        view.measure())));
  }

  /** Of several with the fewest bits the most accurate. */
  private static Optional<Width> narrowest(Stream<Width> widths) {
    return widths.min(
        Comparator.comparingInt(Width::bits)
            .thenComparing(
                Comparator.comparingDouble((Width width) ->
                    -QualityMeasure.named(width.measure()).goodness(width.accuracy()))));
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
        .filter(certificate -> !certificate.ofTerms()) // terms that fit say nothing of their sums
        .flatMap(certificate -> certificate.layers().stream())
        .map(CertificateResult.CertifiedLayer::bits)
        .max(Comparator.naturalOrder());
  }
}
