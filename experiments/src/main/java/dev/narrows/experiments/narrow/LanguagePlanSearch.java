package dev.narrows.experiments.narrow;

import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.evaluate.LanguageEvaluation;
import dev.narrows.experiments.evaluate.LanguageParts;
import dev.narrows.experiments.evaluate.TextLosses;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.llama.LlamaMatrix;
import dev.narrows.network.llama.LlamaShape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The parts of a language model that may be summed in narrow registers within a budget. Register by
 * register, in the order in which they are offered, every part that is still exact is tried alone;
 * parts are then taken by what they cost for each multiplication, the cheapest first, as many as
 * the budget allows together. How many is found by halving, as if a longer list always cost more;
 * what is returned was measured as a whole.
 *
 * @param text what is searched on
 * @param registers the narrowest first
 * @param budget the most that perplexity may be above that of exact sums, in percent
 */
public record LanguagePlanSearch(
    LanguageEvaluation text,
    List<Summation> registers,
    LanguageParts parts,
    double budget,
    int threads,
    EvaluationListener listener) {
  /** Copies the list. */
  public LanguagePlanSearch {
    registers = List.copyOf(registers);
    if (!(budget >= 0)) {
      throw new IllegalArgumentException("a budget must not be negative, got " + budget);
    }
  }

  /** A part that is not narrow yet. */
  private record Candidate(String glob, Summation register, double alone, double multiplications) {
    LanguagePlan.NarrowPart part() {
      return new LanguagePlan.NarrowPart(glob, register, alone);
    }

    double price() {
      return alone / multiplications;
    }
  }

  /** Searches; the plan keeps the budget on the text, if only by being empty. */
  public LanguagePlan find() {
    Network sums = text.model().sums();
    TextLosses exact = text.losses(LayerRegisters.exact(), threads, listener);
    Map<String, Double> work = multiplications(sums);
    double all = work.values().stream().mapToDouble(each -> each).sum();
    List<String> left = new ArrayList<>(work.keySet());
    LanguagePlan plan = new LanguagePlan(List.of(), 0, 0);
    for (Summation register : registers) {
      List<Candidate> candidates = new ArrayList<>();
      for (String glob : left) {
        LanguagePlan alone = plan(List.of(new LanguagePlan.NarrowPart(glob, register, 0)), 0, 0);
        candidates.add(
            new Candidate(glob, register, above(alone, exact), work.getOrDefault(glob, 1.0)));
      }
      candidates.sort(Comparator.comparingDouble(Candidate::price).thenComparing(Candidate::glob));
      plan = taken(plan, candidates, exact);
      plan.parts().forEach(part -> left.remove(part.glob()));
    }
    double narrow =
        plan.parts().stream().mapToDouble(part -> work.getOrDefault(part.glob(), 0.0)).sum();
    return plan(plan.parts(), plan.above(), 100 * narrow / all);
  }

  private static LanguagePlan plan(
      List<LanguagePlan.NarrowPart> parts, double above, double share) {
    return new LanguagePlan(parts, above, share);
  }

  /** The plan with as many more parts as the budget allows. */
  private LanguagePlan taken(LanguagePlan plan, List<Candidate> candidates, TextLosses exact) {
    LanguagePlan best = plan;
    int low = 0; // so many are within the budget
    int high = candidates.size() + 1; // so many are not
    int next = candidates.size(); // all at once may do
    while (high - low > 1) {
      List<LanguagePlan.NarrowPart> parts = new ArrayList<>(plan.parts());
      candidates.subList(0, next).forEach(each -> parts.add(each.part()));
      double above = above(plan(parts, 0, 0), exact);
      if (above <= budget) {
        low = next;
        best = plan(parts, above, 0);
      } else {
        high = next;
      }
      next = (low + high) >>> 1;
    }
    return best;
  }

  /** In percent; infinite where sums are not finite. */
  private double above(LanguagePlan plan, TextLosses exact) {
    return text.losses(plan.registers(), threads, listener).above(exact);
  }

  /** Of a token, by part; a query looks at half of its window. */
  private Map<String, Double> multiplications(Network sums) {
    LlamaShape shape = text.llama("narrow").shape();
    Map<String, Double> byName = new HashMap<>();
    for (LlamaMatrix matrix : LlamaMatrix.values()) {
      for (int layer = 0; layer < (matrix.inLayers() ? shape.layers() : 1); layer++) {
        byName.put(matrix.name(layer), (double) matrix.rows(shape) * matrix.terms(shape));
      }
    }
    double attention = shape.dim() * text.context() / 2.0;
    LayerRegisters any = LayerRegisters.of(registers.getFirst());
    Map<String, Double> work = new LinkedHashMap<>();
    for (String glob : parts.of(any, sums).keySet()) {
      LayerRegisters.Rule rule = new LayerRegisters.Rule(glob, Summation.exact());
      double of = 0;
      for (Layer layer : sums.layers()) {
        of += rule.matches(layer.name()) ? byName.getOrDefault(layer.name(), attention) : 0;
      }
      work.put(glob, of);
    }
    return work;
  }
}
