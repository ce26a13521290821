package dev.narrows.experiments.narrow;

import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.network.Network;
import dev.narrows.network.execute.Branches;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.NetworkRunner;
import dev.narrows.repair.plan.PairedCounts;
import dev.narrows.repair.plan.PlanTrials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
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

  private final Network network;
  private final NetworkInputs inputs;
  private final int[] labels;
  private final List<String> layers;
  private final List<Integer> safe;
  private final PlanRequest request;
  private final TrialLedger ledger;
  private final EvaluationListener listener;
  private final int[] first;
  private final int[] others;
  private Optional<int[]> exact = Optional.empty();
  private int passes;
  private long nanos;

  /**
   * Trials.
   *
   * @param inputs of the search
   * @param labels classes to be found
   * @param layers that have a register, by name
   * @param safe widths that no input overflows, by layer: sums are exact there
   */
  SearchTrials(
      Network network,
      NetworkInputs inputs,
      int[] labels,
      List<String> layers,
      List<Integer> safe,
      PlanRequest request,
      TrialLedger ledger,
      EvaluationListener listener) {
    this.network = network;
    this.inputs = inputs;
    this.labels = labels;
    this.layers = List.copyOf(layers);
    this.safe = List.copyOf(safe);
    this.request = request;
    this.ledger = ledger;
    this.listener = listener;
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
      passes++;
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
      part(told, first, base, open, found);
      List<List<Integer>> still = new ArrayList<>();
      for (List<Integer> choice : open) {
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
      part(told, others, base, open, found);
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

  /** In percent. */
  double exactAccuracy() {
    int[] known = exact();
    return 100.0
        * IntStream.range(0, images()).filter(i -> known[i] == labels[i]).count()
        / images();
  }

  private int[] exact() {
    if (exact.isEmpty()) {
      int[] all = IntStream.range(0, images()).toArray();
      exact =
          Optional.of(
              predictions("exact registers", all, LayerRegisters.exact(), List.of()).getFirst());
    }
    return exact.get();
  }

  private void part(
      String what,
      int[] images,
      List<Integer> base,
      List<List<Integer>> choices,
      Map<List<Integer>, int[]> found) {
    exact();
    List<int[]> classes =
        predictions(what, images, registers(base), choices.stream().map(this::registers).toList());
    for (int c = 0; c < choices.size(); c++) {
      int[] all = classes(found, choices.get(c));
      for (int i = 0; i < images.length; i++) {
        all[images[i]] = classes.get(c + 1)[i];
      }
    }
  }

  /** The classes of images in the base's registers, then in each choice. */
  private List<int[]> predictions(
      String what, int[] images, LayerRegisters base, List<LayerRegisters> choices) {
    NetworkInputs part = inputs.subset(network.inputElements(), images);
    IntConsumer progress = done -> listener.progress(what, done, images.length);
    List<int[]> all = new ArrayList<>();
    if (inputs.program().isEmpty() && inputs.masked().isEmpty()) {
      Branches.Classes classes =
          Branches.of(network, base, choices, request.threads()).run(part.source(), progress);
      all.add(classes.base());
      all.addAll(classes.choices());
      return all;
    }
    all.add(alone(part, base, progress));
    choices.forEach(choice -> all.add(alone(part, choice, progress)));
    return all;
  }

  private int[] alone(NetworkInputs part, LayerRegisters registers, IntConsumer progress) {
    try (NetworkRunner runner = part.runner(network, registers, request.threads())) {
      return part.predictions(runner.run(part.source(), part.options().withProgress(progress)));
    }
  }

  /** A register that no input overflows is exact, and is run so. */
  private LayerRegisters registers(List<Integer> widths) {
    Map<String, Summation> rules = new LinkedHashMap<>();
    for (int i = 0; i < widths.size(); i++) {
      int bits = widths.get(i);
      if (bits != EXACT && bits < safe.get(i)) {
        rules.put(layers.get(i), request.way().withBits(bits));
      }
    }
    return LayerRegisters.of(Summation.exact(), rules);
  }

  /** How long passes took so far, for people who wait. */
  private String pace() {
    return passes == 0
        ? ""
        : " (pass %d, %.0f s each so far)".formatted(passes + 1, nanos / 1e9 / passes);
  }
}
