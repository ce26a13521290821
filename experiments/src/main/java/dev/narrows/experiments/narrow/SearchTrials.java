package dev.narrows.experiments.narrow;

import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.repair.plan.PairedCounts;
import dev.narrows.repair.plan.PlanSearch;
import dev.narrows.repair.plan.PlanTrials;
import dev.narrows.report.PlanResult.PlanSearched;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Trials on the images of a search. A fifth of the images is run first; a choice whose loss there
 * is far beyond the budget is not run on the others.
 */
final class SearchTrials implements PlanTrials {
  /** One in so many images is run first. */
  private static final int FIRST = 5;

  /** Fewer images say too little to leave a choice at that. */
  private static final int LEAST_FIRST = 100;

  /** Standard deviations beyond the budget at which a choice is given up. */
  private static final double FAR = 3;

  private final TrialPredictions predictions;
  private final NetworkInputs inputs;
  private final int elements;
  private final int[] labels;
  private final PlanRequest request;
  private final TrialLedger ledger;
  private final int[] first;
  private final int[] others;
  private Optional<int[]> exact = Optional.empty();
  private int run;
  private long nanos;
  private int toCome;

  /**
   * Trials.
   *
   * @param inputs of the search, with the classes to be found
   * @param elements words of one image
   */
  SearchTrials(
      TrialPredictions predictions,
      NetworkInputs inputs,
      int elements,
      PlanRequest request,
      TrialLedger ledger) {
    this.predictions = predictions;
    this.inputs = inputs;
    this.elements = elements;
    this.labels = inputs.labels().orElseThrow();
    this.request = request;
    this.ledger = ledger;
    int images = inputs.images();
    boolean apart = images >= FIRST * LEAST_FIRST;
    this.first = IntStream.range(0, images).filter(i -> apart && i % FIRST == 0).toArray();
    this.others = IntStream.range(0, images).filter(i -> !apart || i % FIRST != 0).toArray();
  }

  @Override
  public int images() {
    return inputs.images();
  }

  @Override
  public void toCome(int trials) {
    toCome = trials;
  }

  @Override
  public Optional<PairedCounts> known(List<Integer> choice) {
    return ledger.of(choice);
  }

  @Override
  public List<PairedCounts> run(String what, List<Integer> base, List<List<Integer>> choices) {
    List<List<Integer>> unknown =
        choices.stream().filter(choice -> ledger.of(choice).isEmpty()).distinct().toList();
    if (!unknown.isEmpty()) {
      long start = System.nanoTime();
      try {
        measure(what, base, unknown);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      run += unknown.size();
      nanos += System.nanoTime() - start;
    }
    return choices.stream().map(choice -> ledger.of(choice).orElseThrow()).toList();
  }

  /** Runs the first images, then the others of the choices that are still open. */
  private void measure(String what, List<Integer> base, List<List<Integer>> choices)
      throws IOException {
    String told = what + pace();
    Map<List<Integer>, int[]> found = new LinkedHashMap<>();
    choices.forEach(choice -> found.put(choice, new int[images()]));
    List<List<Integer>> open = choices;
    if (first.length > 0) {
      List<List<Integer>> still = new ArrayList<>();
      for (List<Integer> choice : part(told, first, base, open, found)) {
        PairedCounts counts = counts(classes(found, choice), first);
        if (far(counts)) {
          ledger.put(choice, counts);
        } else {
          still.add(choice);
        }
      }
      open = still;
    }
    if (!open.isEmpty()) {
      open = part(told, others, base, open, found);
    }
    for (List<Integer> choice : open) {
      ledger.put(choice, counts(classes(found, choice), IntStream.range(0, images()).toArray()));
    }
  }

  private static int[] classes(Map<List<Integer>, int[]> found, List<Integer> choice) {
    return found.getOrDefault(choice, new int[0]);
  }

  private boolean far(PairedCounts counts) {
    double spread = Math.sqrt(counts.onlyExact() + counts.onlyPlan()) / counts.images();
    return counts.loss() > Math.max(0.02, 3 * request.budget() / 100) + FAR * spread;
  }

  private PairedCounts counts(int[] plan, int[] images) {
    int[] known = exact();
    return PairedCounts.of(
        IntStream.of(images).map(i -> known[i]).toArray(),
        IntStream.of(images).map(i -> plan[i]).toArray(),
        IntStream.of(images).map(i -> labels[i]).toArray());
  }

  /** What the search's images say of a plan that it found. */
  PlanSearched searched(PlanSearch.FoundPlan found) {
    double z = PairedCounts.quantile(request.confidence());
    return new PlanSearched(
        images(),
        ledger.size(),
        exactAccuracy(),
        exactAccuracy() - 100 * found.counts().loss(),
        100 * found.counts().upper(z),
        Optional.empty());
  }

  /** In percent. */
  private double exactAccuracy() {
    int[] known = exact();
    return 100.0
        * IntStream.range(0, images()).filter(i -> known[i] == labels[i]).count()
        / images();
  }

  private int[] exact() {
    if (exact.isEmpty()) {
      exact = Optional.of(predictions.exact("exact registers", inputs));
    }
    return exact.get();
  }

  /**
   * Runs some images.
   *
   * @return the choices that there is a network for
   */
  private List<List<Integer>> part(
      String what,
      int[] images,
      List<Integer> base,
      List<List<Integer>> choices,
      Map<List<Integer>, int[]> found)
      throws IOException {
    exact();
    List<int[]> classes = predictions.of(what, inputs.subset(elements, images), base, choices);
    List<List<Integer>> possible = new ArrayList<>();
    for (int c = 0; c < choices.size(); c++) {
      if (classes.get(c).length == 0) {
        ledger.put(choices.get(c), IMPOSSIBLE);
        continue;
      }
      possible.add(choices.get(c));
      int[] all = classes(found, choices.get(c));
      for (int i = 0; i < images.length; i++) {
        all[images[i]] = classes.get(c)[i];
      }
    }
    return possible;
  }

  /** How far the search is, for people who wait; networks are repaired and run at one pace. */
  private String pace() {
    if (run == 0) {
      return "";
    }
    long seconds = Math.round(toCome * (nanos / 1e9 / run));
    String left = seconds < 90 ? seconds + " s" : Math.round(seconds / 60.0) + " min";
    return " (%d plans run, about %s left)".formatted(run, left);
  }
}
