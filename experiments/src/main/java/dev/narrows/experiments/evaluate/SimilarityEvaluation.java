package dev.narrows.experiments.evaluate;

import dev.narrows.data.SentenceTriple;
import dev.narrows.network.Network;
import dev.narrows.network.bert.BertModel;
import dev.narrows.network.bert.SentenceVectors;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.report.Comparison;
import dev.narrows.report.NetworkFile;
import dev.narrows.report.SimilarityResult;
import dev.narrows.report.SimilarityResult.AccumulatorSimilarity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * An encoder on triples of sentences under any number of registers, beside exact sums: the near
 * sentence is found if the cosine of its vector with the anchor's is the larger one.
 *
 * @param text what results call the text that the sentences are of
 * @param seed of their choice
 */
public record SimilarityEvaluation(
    BertModel model, NetworkFile id, String text, long seed, List<SentenceTriple> triples) {
  public SimilarityEvaluation {
    triples = List.copyOf(triples);
    if (triples.isEmpty()) {
      throw new IllegalArgumentException("no triples of sentences");
    }
  }

  /** Answers under one choice of registers: cosines of near ones, then of far ones. */
  private record Cosines(double[] values, SentenceVectors vectors) {
    int[] answers() {
      int triples = values.length / 2;
      return IntStream.range(0, triples)
          .map(i -> values[i] > values[triples + i] ? 1 : 0)
          .toArray();
    }
  }

  /** The encoder on sentences of a few tokens, for the names of its layers. */
  public Network sums() {
    return model.network(Math.min(2, model.longest()));
  }

  /**
   * The accuracies under each choice of registers, in their order.
   *
   * @param diagnosed whether to tell what floating-point registers did, layer by layer
   */
  public SimilarityResult of(
      List<LayerRegisters> registers, boolean diagnosed, int threads, EvaluationListener listener) {
    Map<String, Integer> places = new LinkedHashMap<>();
    for (SentenceTriple triple : triples) {
      for (String sentence : List.of(triple.anchor(), triple.near(), triple.far())) {
        places.putIfAbsent(sentence, places.size());
      }
    }
    int[][] sentences =
        places.keySet().stream()
            .map(sentence -> model.tokenizer().marked(sentence, model.longest()))
            .toArray(int[][]::new);
    Cosines exact = cosines(places, sentences, LayerRegisters.exact(), false, threads, listener);
    List<AccumulatorSimilarity> results = new ArrayList<>();
    Network sums = sums();
    for (LayerRegisters one : registers) {
      Cosines these =
          one.equals(LayerRegisters.exact())
              ? exact
              : cosines(places, sentences, one, diagnosed, threads, listener);
      results.add(result(one, these, exact, sums));
    }
    return new SimilarityResult(id, text, seed, triples.size(), sentences.length, results);
  }

  private Cosines cosines(
      Map<String, Integer> places,
      int[][] sentences,
      LayerRegisters registers,
      boolean diagnosed,
      int threads,
      EvaluationListener listener) {
    String what = Evaluator.text(registers);
    SentenceVectors vectors =
        SentenceVectors.of(
            model,
            sentences,
            registers,
            diagnosed,
            threads,
            done -> listener.progress(what, done, sentences.length));
    double[] cosines = new double[2 * triples.size()];
    for (int i = 0; i < triples.size(); i++) {
      SentenceTriple triple = triples.get(i);
      float[] anchor = vectors.vectors()[places.getOrDefault(triple.anchor(), -1)];
      float[] near = vectors.vectors()[places.getOrDefault(triple.near(), -1)];
      float[] far = vectors.vectors()[places.getOrDefault(triple.far(), -1)];
      cosines[i] = SentenceVectors.cosine(anchor, near);
      cosines[triples.size() + i] = SentenceVectors.cosine(anchor, far);
    }
    return new Cosines(cosines, vectors);
  }

  private AccumulatorSimilarity result(
      LayerRegisters registers, Cosines these, Cosines exact, Network sums) {
    int[] answers = these.answers();
    int[] exactAnswers = exact.answers();
    int[] right = new int[answers.length];
    Arrays.fill(right, 1);
    int differing = Evaluator.differing(answers, exactAnswers);
    Optional<Comparison> comparison =
        differing == 0
            ? Optional.empty()
            : Optional.of(
                Significance.compared(
                    Evaluator.text(registers), answers, "exact", exactAnswers, right));
    double off = 0;
    for (int i = 0; i < these.values().length; i++) {
      off += Math.abs(these.values()[i] - exact.values()[i]);
    }
    int correct = Arrays.stream(answers).sum();
    return new AccumulatorSimilarity(
        Evaluator.text(registers),
        100.0 * correct / answers.length,
        Significance.wilson(correct, answers.length),
        differing,
        comparison,
        off / these.values().length,
        spearman(these.values(), exact.values()),
        Evaluator.accumulators(registers.of(sums)),
        these.vectors().statistics().isEmpty()
            ? Optional.empty()
            : Optional.of(
                these.vectors().statistics().stream().map(FloatDiagnosis::diagnostics).toList()));
  }

  /**
   * Spearman's rank correlation: that of the ranks, equal values sharing the mean of theirs; empty
   * where all values are equal.
   */
  static Optional<Double> spearman(double[] a, double[] b) {
    double[] ranksA = ranks(a);
    double[] ranksB = ranks(b);
    double mean = (a.length + 1) / 2.0;
    double both = 0;
    double squaresA = 0;
    double squaresB = 0;
    for (int i = 0; i < a.length; i++) {
      both += (ranksA[i] - mean) * (ranksB[i] - mean);
      squaresA += (ranksA[i] - mean) * (ranksA[i] - mean);
      squaresB += (ranksB[i] - mean) * (ranksB[i] - mean);
    }
    return squaresA == 0 || squaresB == 0
        ? Optional.empty()
        : Optional.of(both / Math.sqrt(squaresA * squaresB));
  }

  private static double[] ranks(double[] values) {
    Integer[] order = new Integer[values.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (i, j) -> Double.compare(values[i], values[j]));
    double[] ranks = new double[values.length];
    for (int from = 0; from < order.length; ) {
      int to = from + 1;
      while (to < order.length && values[order[to]] == values[order[from]]) {
        to++;
      }
      for (int i = from; i < to; i++) {
        ranks[order[i]] = (from + 1 + to) / 2.0;
      }
      from = to;
    }
    return ranks;
  }
}
