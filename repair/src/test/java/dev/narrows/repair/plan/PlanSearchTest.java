package dev.narrows.repair.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.narrows.repair.plan.PlanSearch.Effort;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlanSearchTest {
  private static final double Z = 1.6448536269514722;
  private static final Effort THOROUGH = Effort.THOROUGH;

  /** Losses by a formula: each layer's own, and more where several are narrow. */
  private static class Formula implements PlanTrials {
    final int[] need;
    final Map<List<Integer>, Integer> runs = new HashMap<>();
    final List<Integer> guesses = new ArrayList<>();

    Formula(int... need) {
      this.need = need;
    }

    @Override
    public int images() {
      return 10_000;
    }

    @Override
    public List<PairedCounts> run(String what, List<Integer> base, List<List<Integer>> choices) {
      choices.forEach(choice -> runs.merge(choice, 1, Integer::sum));
      return choices.stream().map(this::counts).toList();
    }

    @Override
    public void toCome(int trials) {
      assertThat(trials).isPositive();
      guesses.add(trials);
    }

    @Override
    public Optional<PairedCounts> known(List<Integer> choice) {
      return runs.containsKey(choice) ? Optional.of(counts(choice)) : Optional.empty();
    }

    PairedCounts counts(List<Integer> plan) {
      double lost = 0;
      for (int i = 0; i < need.length; i++) {
        int missing = plan.get(i) == EXACT ? 0 : Math.max(0, need[i] - plan.get(i));
        lost += missing == 0 ? 0 : 12 * Math.pow(3, missing) * (i + 1);
      }
      int b = (int) Math.min(6000, lost + lost * lost / 400);
      return new PairedCounts(images(), b, Math.min(3000, b / 3));
    }
  }

  private static List<PlanLayer> layers(Formula formula, List<Integer> offered) {
    return IntStream.range(0, formula.need.length)
        .mapToObj(i ->
            new PlanLayer(
                "layer" + i,
                offered.stream()
                    .filter(bits ->
                        bits
                            <= offered.stream()
                                .filter(width -> width >= formula.need[i])
                                .findFirst()
                                .orElseThrow())
                    .toList(),
                1))
        .toList();
  }

  private static int bits(List<Integer> plan) {
    return plan.stream().mapToInt(Integer::intValue).sum();
  }

  /** The fewest bits of all plans that fit, by looking at every one. */
  private static int fewest(Formula formula, List<PlanLayer> layers, double budget) {
    List<List<Integer>> plans = new ArrayList<>(List.of(List.of()));
    for (PlanLayer layer : layers) {
      List<List<Integer>> longer = new ArrayList<>();
      for (List<Integer> plan : plans) {
        for (int bits : layer.widths()) {
          List<Integer> next = new ArrayList<>(plan);
          next.add(bits);
          longer.add(next);
        }
      }
      plans = longer;
    }
    return plans.stream()
        .filter(plan -> formula.counts(plan).upper(Z) <= budget)
        .mapToInt(PlanSearchTest::bits)
        .min()
        .orElseThrow();
  }

  @Test
  void of_lossesThatDoNotAddUp_findsTheFewestBitsThereAre() {
    Formula formula = new Formula(14, 12, 15, 9);
    List<PlanLayer> layers = layers(formula, IntStream.rangeClosed(5, 16).boxed().toList());
    for (double budget : new double[] {0.002, 0.01, 0.03, 0.1}) {
      PlanSearch.FoundPlan found =
          PlanSearch.of(layers, formula, budget, Z, THOROUGH).orElseThrow();
      assertThat(found.counts()).isEqualTo(formula.counts(found.widths()));
      assertThat(found.counts().upper(Z)).isLessThanOrEqualTo(budget);
      assertThat(bits(found.widths()))
          .as("budget %s", budget)
          .isEqualTo(fewest(formula, layers, budget));
      for (Optional<PairedCounts> one : found.narrower()) {
        assertThat(one.map(counts -> counts.upper(Z)).orElse(1.0)).isGreaterThan(budget);
      }
    }
  }

  @Test
  void of_offeredWidths_choosesAmongThem() {
    Formula formula = new Formula(14, 12, 15, 9);
    List<PlanLayer> layers = layers(formula, List.of(8, 12, 16, 24));
    PlanSearch.FoundPlan found = PlanSearch.of(layers, formula, 0.02, Z, THOROUGH).orElseThrow();
    assertThat(found.widths()).allMatch(List.of(8, 12, 16, 24)::contains);
    assertThat(bits(found.widths())).isEqualTo(fewest(formula, layers, 0.02));
  }

  @Test
  void of_weights_savesWhereBitsAreDear() {
    Formula formula = new Formula(12, 12);
    List<Integer> offered = IntStream.rangeClosed(5, 12).boxed().toList();
    List<PlanLayer> layers =
        List.of(new PlanLayer("cheap", offered, 1), new PlanLayer("dear", offered, 100));
    PlanSearch.FoundPlan found = PlanSearch.of(layers, formula, 0.01, Z, THOROUGH).orElseThrow();
    List<PlanLayer> other =
        List.of(new PlanLayer("dear", offered, 100), new PlanLayer("cheap", offered, 1));
    PlanSearch.FoundPlan reversed = PlanSearch.of(other, formula, 0.01, Z, THOROUGH).orElseThrow();
    assertThat(found.widths().get(1)).isLessThan(reversed.widths().get(1));
  }

  @Test
  void of_twice_runsTheSameTrials() {
    List<Integer> offered = IntStream.rangeClosed(5, 16).boxed().toList();
    Formula one = new Formula(14, 12, 15, 9);
    Formula two = new Formula(14, 12, 15, 9);
    assertThat(PlanSearch.of(layers(one, offered), one, 0.01, Z, THOROUGH))
        .isEqualTo(PlanSearch.of(layers(two, offered), two, 0.01, Z, THOROUGH));
    assertThat(one.runs).isEqualTo(two.runs);
    assertThat(one.guesses.getFirst()).isBetween(one.runs.size() / 3, 2 * one.runs.size());
    assertThat(one.guesses.getLast()).isLessThan(one.guesses.getFirst());
  }

  @Test
  void of_budgetThatNoSampleShows_findsNothing() {
    Formula formula = new Formula(6, 6);
    List<PlanLayer> layers = layers(formula, List.of(4, 5, 6));
    assertThat(PlanSearch.of(layers, formula, 0, Z, THOROUGH)).isEmpty();
  }

  @Test
  void uniform_widths_isTheNarrowestThatFitsEverywhere() {
    Formula formula = new Formula(14, 12, 15, 9);
    List<Integer> offered = IntStream.rangeClosed(5, 20).boxed().toList();
    List<PlanLayer> layers = layers(formula, offered);
    assertThat(PlanSearch.uniform(layers, offered, formula, 0.01, Z)).contains(15);
    assertThat(PlanSearch.uniform(layers, offered, formula, 0.2, Z))
        .hasValueSatisfying(bits -> assertThat(bits).isLessThan(15));
  }

  @Test
  void uniformNear_anyGuess_isTheNarrowestThatFitsInFewTrials() {
    List<Integer> offered = IntStream.rangeClosed(5, 30).boxed().toList();
    for (int guess : offered) {
      for (double budget : new double[] {0.002, 0.01, 0.1}) {
        Formula formula = new Formula(14, 12, 15, 9);
        List<PlanLayer> layers = layers(formula, offered);
        Optional<Integer> one = PlanSearch.uniform(layers, offered, formula, budget, Z);
        formula.runs.clear();
        assertThat(PlanSearch.uniformNear(layers, offered, guess, formula, budget, Z))
            .isEqualTo(one);
        assertThat(formula.runs.values().stream().mapToInt(n -> n).sum()).isLessThan(11);
      }
    }
    Formula narrow = new Formula(14, 12);
    List<Integer> few = List.of(4, 5, 6);
    List<PlanLayer> layers = List.of(new PlanLayer("a", few, 1), new PlanLayer("b", few, 1));
    assertThat(PlanSearch.uniformNear(layers, few, 5, narrow, 0.001, Z)).isEmpty();
  }

  @Test
  void of_frugal_exchangesNothingAndTriesFewNeighbours() {
    Formula formula = new Formula(14, 12, 15, 9, 13, 11);
    List<PlanLayer> layers = layers(formula, IntStream.rangeClosed(5, 16).boxed().toList());
    PlanSearch.FoundPlan thorough = PlanSearch.of(layers, formula, 0.01, Z, THOROUGH).orElseThrow();
    int most = formula.runs.size();
    formula.runs.clear();
    PlanSearch.FoundPlan frugal =
        PlanSearch.of(layers, formula, 0.01, Z, new Effort(2, 0)).orElseThrow();
    assertThat(formula.runs).hasSizeLessThan(most);
    assertThat(frugal.counts().upper(Z)).isLessThanOrEqualTo(0.01);
    assertThat(bits(frugal.widths())).isGreaterThanOrEqualTo(bits(thorough.widths()));
    assertThat(frugal.narrower()).anyMatch(Optional::isEmpty).anyMatch(Optional::isPresent);
  }

  @Test
  void new_layerWithoutWidths_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new PlanLayer("none", List.of(), 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PlanLayer("falling", List.of(8, 7), 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new PlanLayer("free", List.of(8), 0));
  }
}
