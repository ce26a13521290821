package dev.narrows.repair.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Searches for the plan of fewest bits whose loss is sure enough to be within a budget.
 *
 * <ol>
 *   <li>Every layer alone, bit by bit: what each bit costs.
 *   <li>From registers that nothing overflows downward, always the bit that costs least for its
 *       weight: a row of plans. Costs do not add up, so the narrowest plan of the row that fits is
 *       found by running some of them, by halving.
 *   <li>From there one layer narrower, the likeliest first; where none fits, one wider and one or
 *       two narrower, as long as bits are saved.
 * </ol>
 *
 * <p>A plan fits if the upper limit of its loss ({@link PairedCounts#upper}) is within the budget.
 * The same trials give the same plan.
 */
public final class PlanSearch {
  /** Plans of a neighbourhood that are run at once. */
  private static final int AT_ONCE = 4;

  /** A layer alone that loses so many budgets is no longer narrowed. */
  private static final double FALLEN = 3;

  /** The least loss at which a layer alone has fallen. */
  private static final double LEAST_FALLEN = 0.02;

  /** A layer alone seldom stands more rounds of narrowing, for guesses of how much is to come. */
  private static final int USUAL_ROUNDS = 4;

  /** Trials by which the halving usually ends, for the same. */
  private static final int USUAL_HALVINGS = 5;

  /** What an image costs that comes out otherwise, neither better nor worse: noise adds up. */
  private static final double NOISE = 0.25;

  private final List<PlanLayer> layers;
  private final PlanTrials trials;
  private final double budget;
  private final double z;
  private final Effort effort;
  private final List<double[]> costs = new ArrayList<>(); // by layer, by index of its widths

  private PlanSearch(
      List<PlanLayer> layers, PlanTrials trials, double budget, double z, Effort effort) {
    this.layers = layers;
    this.trials = trials;
    this.budget = budget;
    this.z = z;
    this.effort = effort;
  }

  /**
   * How much is tried around a plan before it is called final.
   *
   * @param neighbours plans with one layer narrower, the likeliest first
   * @param exchanges of one layer wider for one or two narrower
   */
  public record Effort(int neighbours, int exchanges) {
    /** For trials that only run a network. */
    public static final Effort THOROUGH = new Effort(Integer.MAX_VALUE, 16);

    /** For trials that make a network first. */
    public static final Effort FRUGAL = new Effort(8, 0);
  }

  /**
   * A plan that fits.
   *
   * @param widths by layer
   * @param counts of its trial
   * @param narrower by layer, the trial of this plan with the layer's next narrower register; empty
   *     where there is none, or none was made
   */
  public record FoundPlan(
      List<Integer> widths, PairedCounts counts, List<Optional<PairedCounts>> narrower) {
    /** Copies the lists. */
    public FoundPlan {
      widths = List.copyOf(widths);
      narrower = List.copyOf(narrower);
    }
  }

  /**
   * Searches.
   *
   * @param layers at least one
   * @param budget the greatest loss, a share of the images
   * @param z the normal quantile of the confidence that a plan is within the budget
   * @return the plan; empty if not even the widest registers are sure enough to be within the
   *     budget, for too few images
   */
  public static Optional<FoundPlan> of(
      List<PlanLayer> layers, PlanTrials trials, double budget, double z, Effort effort) {
    PlanSearch search = new PlanSearch(List.copyOf(layers), trials, budget, z, effort);
    List<Integer> widest = layers.stream().map(PlanLayer::widest).toList();
    if (!search.fits(search.one("widest registers", widest))) {
      return Optional.empty();
    }
    search.alone();
    return Optional.of(search.improved(search.start(widest)));
  }

  /**
   * The narrowest width that all layers together can have within the budget, a layer keeping a
   * narrower register where that is the widest it needs.
   *
   * @param widths to choose from
   * @return empty if none fits
   */
  public static Optional<Integer> uniform(
      List<PlanLayer> layers, List<Integer> widths, PlanTrials trials, double budget, double z) {
    PlanSearch search = new PlanSearch(List.copyOf(layers), trials, budget, z, Effort.THOROUGH);
    List<Integer> falling = widths.stream().sorted(Comparator.reverseOrder()).toList();
    Optional<Integer> best = Optional.empty();
    int seen = layers.stream().mapToInt(PlanLayer::widest).max().orElse(0);
    for (int bits : falling) {
      List<Integer> plan = Collections.nCopies(layers.size(), bits);
      if (bits < seen && !search.fits(search.one("every layer in " + bits + " bits", plan))) {
        return best;
      }
      best = Optional.of(bits);
    }
    return best;
  }

  /**
   * The narrowest width that all layers together can have within the budget, where a trial is dear:
   * by steps that double, down or up from a guess, then by halving. Losses are taken to fall as
   * registers widen.
   *
   * @param layers a layer whose widest register is narrower than a width keeps that
   * @param widths to choose from, ascending
   * @param guess one of them
   * @return empty if not even the widest fits
   */
  public static Optional<Integer> uniformNear(
      List<PlanLayer> layers,
      List<Integer> widths,
      int guess,
      PlanTrials trials,
      double budget,
      double z) {
    PlanSearch search = new PlanSearch(List.copyOf(layers), trials, budget, z, Effort.FRUGAL);
    int beyond = -1; // does not fit
    int fitting = widths.size(); // fits
    int at = widths.indexOf(guess);
    for (int step = 1; fitting - beyond > 1; step *= 2) {
      if (search.fits(search.all(widths.get(at)))) {
        fitting = at;
        at = beyond < 0 ? Math.max(0, at - step) : (fitting + beyond) / 2;
      } else {
        beyond = at;
        at =
            fitting == widths.size()
                ? Math.min(widths.size() - 1, at + step)
                : (fitting + beyond) / 2;
      }
    }
    return fitting == widths.size() ? Optional.empty() : Optional.of(widths.get(fitting));
  }

  /** Every layer in one width, or in the widest that it needs. */
  private PairedCounts all(int bits) {
    List<Integer> plan = layers.stream().map(layer -> Math.min(bits, layer.widest())).toList();
    return one("every layer in " + bits + " bits", plan);
  }

  private boolean fits(PairedCounts counts) {
    return counts.images() == trials.images() && counts.upper(z) <= budget;
  }

  private PairedCounts one(String what, List<Integer> plan) {
    return trials.run(what, plan, List.of(plan)).getFirst();
  }

  /** Every layer alone, from its widest register until it has fallen. */
  private void alone() {
    List<Integer> exact = Collections.nCopies(layers.size(), PlanTrials.EXACT);
    int[] place = layers.stream().mapToInt(layer -> layer.widths().size() - 1).toArray();
    for (PlanLayer layer : layers) {
      double[] cost = new double[layer.widths().size()];
      Arrays.fill(cost, Double.POSITIVE_INFINITY);
      cost[cost.length - 1] = 0;
      costs.add(cost);
    }
    List<Integer> live =
        IntStream.range(0, layers.size()).filter(i -> place[i] > 0).boxed().toList();
    for (int round = 1; !live.isEmpty(); round++) {
      trials.toCome(
          live.size() * Math.max(1, USUAL_ROUNDS + 1 - round) + USUAL_HALVINGS + neighbours());
      List<List<Integer>> choices = new ArrayList<>();
      for (int i : live) {
        choices.add(with(exact, i, layers.get(i).widths().get(place[i] - 1)));
      }
      List<PairedCounts> found = trials.run("layers alone, round " + round, exact, choices);
      List<Integer> next = new ArrayList<>();
      for (int j = 0; j < live.size(); j++) {
        int i = live.get(j);
        PairedCounts counts = found.get(j);
        place[i]--;
        costs.get(i)[place[i]] = Math.max(cost(counts), costs.get(i)[place[i] + 1]);
        if (place[i] > 0
            && counts.images() == trials.images()
            && counts.loss() < Math.max(LEAST_FALLEN, FALLEN * budget)) {
          next.add(i);
        }
      }
      live = next;
    }
  }

  private static double cost(PairedCounts counts) {
    double differing = (double) (counts.onlyExact() + counts.onlyPlan()) / counts.images();
    return Math.max(0, counts.loss()) + NOISE * differing;
  }

  /** The narrowest plan that fits of those that take away the cheapest bit each time. */
  private List<Integer> start(List<Integer> widest) {
    List<List<Integer>> row = new ArrayList<>(List.of(widest));
    for (Optional<List<Integer>> next = cheaper(widest);
        next.isPresent();
        next = cheaper(row.getLast())) {
      row.add(next.get());
    }
    int fitting = 0;
    int beyond = row.size();
    while (beyond - fitting > 1) {
      int middle = (fitting + beyond) / 2;
      trials.toCome(32 - Integer.numberOfLeadingZeros(beyond - fitting - 1) + neighbours());
      if (fits(one("all layers together, " + bits(row.get(middle)), row.get(middle)))) {
        fitting = middle;
      } else {
        beyond = middle;
      }
    }
    return row.get(fitting);
  }

  private int neighbours() {
    return Math.min(effort.neighbours(), layers.size());
  }

  private String bits(List<Integer> plan) {
    return plan.stream().mapToInt(Integer::intValue).sum() + " bits";
  }

  private Optional<List<Integer>> cheaper(List<Integer> plan) {
    return IntStream.range(0, layers.size())
        .filter(i -> narrower(plan, i) < plan.get(i))
        .filter(i -> Double.isFinite(expected(plan, i)))
        .boxed()
        .min(Comparator.comparingDouble(i -> expected(plan, i) / saved(plan, i)))
        .map(i -> with(plan, i, narrower(plan, i)));
  }

  /** What the layer's next narrower register costs by itself. */
  private double expected(List<Integer> plan, int i) {
    int place = layers.get(i).widths().indexOf(plan.get(i));
    return costs.get(i)[place - 1] - costs.get(i)[place];
  }

  private double saved(List<Integer> plan, int i) {
    return layers.get(i).weight() * (plan.get(i) - narrower(plan, i));
  }

  private int narrower(List<Integer> plan, int i) {
    return layers.get(i).narrower(plan.get(i));
  }

  private static List<Integer> with(List<Integer> plan, int layer, int bits) {
    List<Integer> changed = new ArrayList<>(plan);
    changed.set(layer, bits);
    return List.copyOf(changed);
  }

  /** Moves on while a neighbour fits that saves bits. */
  private FoundPlan improved(List<Integer> from) {
    List<Integer> plan = from;
    Set<List<Integer>> tried = new HashSet<>();
    while (true) {
      Optional<List<Integer>> next = narrowed(plan, tried);
      if (next.isEmpty()) {
        next = exchanged(plan, tried);
      }
      if (next.isEmpty()) {
        return found(plan);
      }
      plan = next.get();
    }
  }

  /** One layer narrower: the first few that fit, the best of them. */
  private Optional<List<Integer>> narrowed(List<Integer> plan, Set<List<Integer>> tried) {
    List<List<Integer>> choices =
        IntStream.range(0, layers.size())
            .filter(i -> narrower(plan, i) < plan.get(i))
            .boxed()
            .sorted(Comparator.comparingDouble(i -> expected(plan, i) / saved(plan, i)))
            .map(i -> with(plan, i, narrower(plan, i)))
            .limit(effort.neighbours())
            .filter(tried::add)
            .toList();
    return best("one layer narrower", plan, choices);
  }

  private Optional<List<Integer>> best(
      String what, List<Integer> plan, List<List<Integer>> choices) {
    for (int from = 0; from < choices.size(); from += AT_ONCE) {
      List<List<Integer>> some = choices.subList(from, Math.min(choices.size(), from + AT_ONCE));
      trials.toCome(choices.size() - from);
      List<PairedCounts> counts = trials.run(what + " of " + bits(plan), plan, some);
      Optional<Integer> best =
          IntStream.range(0, some.size())
              .filter(i -> fits(counts.get(i)))
              .boxed()
              .min(
                  Comparator.<Integer>comparingDouble(i -> weighed(some.get(i)))
                      .thenComparingDouble(i -> counts.get(i).upper(z)));
      if (best.isPresent()) {
        return Optional.of(some.get(best.get()));
      }
    }
    return Optional.empty();
  }

  /** The sum of all registers' bits, each by its weight. */
  private double weighed(List<Integer> plan) {
    return IntStream.range(0, plan.size())
        .mapToDouble(i -> layers.get(i).weight() * plan.get(i))
        .sum();
  }

  /**
   * One layer wider and one or two narrower, the likeliest first, as far as what each of the three
   * changes alone tells.
   */
  private Optional<List<Integer>> exchanged(List<Integer> plan, Set<List<Integer>> tried) {
    if (effort.exchanges() == 0) {
      return Optional.empty();
    }
    double[] down = changes(plan, trials("one layer narrower", plan, this::narrower));
    double[] up = changes(plan, trials("one layer wider", plan, this::wider));
    record Exchange(List<Integer> plan, double loss) {}
    List<Exchange> exchanges = new ArrayList<>();
    double now = weighed(plan);
    for (int i = 0; i < layers.size(); i++) {
      for (int j = 0; j < layers.size(); j++) {
        for (int k = j; k < layers.size(); k++) {
          if (i == j || i == k || !Double.isFinite(up[i] + down[j] + down[k])) {
            continue;
          }
          List<Integer> wider = with(plan, i, wider(plan, i));
          List<Integer> one = with(wider, j, narrower(plan, j));
          List<Integer> two = with(one, k, narrower(plan, k));
          double loss = up[i] + down[j] + (k == j ? 0 : down[k]);
          if (weighed(two) < now) {
            exchanges.add(new Exchange(two, loss));
          }
        }
      }
    }
    return best(
        "an exchange",
        plan,
        exchanges.stream()
            .sorted(
                Comparator.comparingDouble(Exchange::loss)
                    .thenComparingDouble(exchange -> weighed(exchange.plan)))
            .map(Exchange::plan)
            .filter(tried::add)
            .limit(effort.exchanges())
            .toList());
  }

  private int wider(List<Integer> plan, int i) {
    return layers.get(i).wider(plan.get(i));
  }

  private interface Change {
    int of(List<Integer> plan, int layer);
  }

  /** The plan with each layer changed; empty where the change changes nothing. */
  private List<Optional<PairedCounts>> trials(String what, List<Integer> plan, Change change) {
    List<Integer> changing =
        IntStream.range(0, layers.size())
            .filter(i -> change.of(plan, i) != plan.get(i))
            .boxed()
            .toList();
    List<PairedCounts> counts =
        changing.isEmpty()
            ? List.of()
            : trials.run(
                what + " than " + bits(plan),
                plan,
                changing.stream().map(i -> with(plan, i, change.of(plan, i))).toList());
    return IntStream.range(0, layers.size())
        .mapToObj(i ->
            changing.contains(i)
                ? Optional.of(counts.get(changing.indexOf(i)))
                : Optional.<PairedCounts>empty())
        .toList();
  }

  /** How much each change alone adds to the plan's loss; infinite where there is none. */
  private double[] changes(List<Integer> plan, List<Optional<PairedCounts>> trials) {
    double now = one("the plan", plan).upper(z);
    return trials.stream()
        .mapToDouble(counts -> counts.map(c -> c.upper(z) - now).orElse(Double.POSITIVE_INFINITY))
        .toArray();
  }

  private FoundPlan found(List<Integer> plan) {
    List<Optional<PairedCounts>> narrower =
        effort.neighbours() >= layers.size()
            ? trials("one layer narrower", plan, this::narrower)
            : IntStream.range(0, layers.size())
                .mapToObj(i -> trials.known(with(plan, i, narrower(plan, i))))
                .toList();
    return new FoundPlan(plan, one("the plan", plan), narrower);
  }
}
