package dev.narrows.experiments.pipeline;

import dev.narrows.core.accumulator.Resolved;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.accumulator.Wrapping;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.data.catalog.DataRoots;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.run.TrainingRun;
import dev.narrows.experiments.training.Trainer;
import dev.narrows.experiments.training.TrainingListener;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.report.DemoResult;
import dev.narrows.report.DemoResult.WidthRow;
import dev.narrows.report.EvaluationResult;
import dev.narrows.report.EvaluationResult.AccumulatorResult;
import dev.narrows.report.EvaluationResult.OverflowCounts;
import dev.narrows.report.SmallestWidth;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The main job on embedded images: a network trained for exact registers, what narrow registers and
 * orders make of it, and the same network trained through a register too narrow for it.
 */
public final class Demo {
  /** The widths that are shown; the narrowest is that of the second run's register. */
  static final int NARROWEST = 7;

  static final int WIDEST = 20;

  /** How far below float a width may fall to count as enough, in points. */
  static final double ALLOWED_LOSS = 1;

  /** The ways of summing by the names that the result gives them, in registers of any width. */
  private static final Map<String, Summation> WAYS = ways();

  private final DataRoots roots;
  private final Trainer trainer;
  private final Path out;
  private final List<String> command;

  /**
   * A demo that has done nothing yet.
   *
   * @param out gets the run folders {@code network} and {@code register}
   */
  public Demo(DataRoots roots, Trainer trainer, Path out, List<String> command) {
    this.roots = roots;
    this.trainer = trainer;
    this.out = out;
    this.command = List.copyOf(command);
  }

  private static Map<String, Summation> ways() {
    SummationOrder natural = new SummationOrder.Sequential();
    Saturating saturating = new Saturating(NARROWEST);
    Map<String, Summation> ways = new LinkedHashMap<>();
    ways.put("saturate", new Summation(saturating, natural));
    ways.put("wrap", new Summation(new Wrapping(NARROWEST), natural));
    ways.put("resolved", new Summation(new Resolved(NARROWEST, false), natural));
    for (SummationOrder order :
        List.of(
            new SummationOrder.Ascending(),
            SummationOrder.Sorted.rounds(1),
            SummationOrder.Sorted.all())) {
      ways.put(order.toString(), new Summation(saturating, order));
    }
    return ways;
  }

  /**
   * Does it all, or reads what was done before.
   *
   * @param trainingThreads instead of all processors
   * @param threads to evaluate on
   */
  public DemoResult run(
      long seed,
      Optional<Integer> trainingThreads,
      int threads,
      TrainingListener training,
      EvaluationListener evaluation)
      throws IOException {
    Recipe recipe = recipe("demo-network.yaml", seed, trainingThreads);
    EvaluationResult network =
        recipeRun(recipe, out.resolve("network"))
            .finish(registers(), threads, training, evaluation);
    double floatAccuracy = network.floatAccuracy().orElseThrow();
    List<WidthRow> widths = widths(network);
    Recipe narrow = recipe("demo-register.yaml", seed, trainingThreads);
    int bits = narrow.phases().register().orElseThrow().accumulator().accumulator().bits();
    EvaluationResult register =
        recipeRun(narrow, out.resolve("register")).finish(List.of(), threads, training, evaluation);
    Map<String, Integer> smallest = smallest(widths, floatAccuracy - ALLOWED_LOSS);
    return new DemoResult(
        network,
        widths,
        smallest,
        register,
        bits,
        DemoNotes.of(network, widths, smallest, register, bits));
  }

  private RecipeRun recipeRun(Recipe recipe, Path folder) {
    return new RecipeRun(new TrainingRun(recipe, out, roots), trainer, folder, command);
  }

  private static Recipe recipe(String resource, long seed, Optional<Integer> threads) {
    Recipe recipe = recipe(resource).withSeed(seed);
    return threads.map(recipe::withThreads).orElse(recipe);
  }

  private static Recipe recipe(String resource) {
    try (InputStream in = Demo.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("this program lacks its part " + resource);
      }
      return Recipe.parse(resource, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every width under every way of summing: what {@code evaluate} repeats. */
  static List<LayerRegisters> registers() {
    return IntStream.rangeClosed(NARROWEST, WIDEST)
        .boxed()
        .flatMap(bits -> WAYS.values().stream().map(way -> LayerRegisters.of(way.withBits(bits))))
        .toList();
  }

  private static List<WidthRow> widths(EvaluationResult evaluation) {
    List<WidthRow> rows = new ArrayList<>();
    for (int bits = NARROWEST; bits <= WIDEST; bits++) {
      Map<String, Double> accuracies = new LinkedHashMap<>();
      Map<String, OverflowCounts> classes = new LinkedHashMap<>();
      for (Map.Entry<String, Summation> way : WAYS.entrySet()) {
        Summation summation = way.getValue().withBits(bits);
        AccumulatorResult result =
            evaluation
                .in(summation)
                .orElseThrow(() -> new IllegalStateException("no result for " + summation));
        accuracies.put(way.getKey(), result.accuracy());
        boolean natural = summation.order() instanceof SummationOrder.Sequential;
        if (summation.accumulator() instanceof Saturating) {
          result.classes().ifPresent(c -> classes.put(natural ? "natural" : way.getKey(), c));
        }
      }
      rows.add(new WidthRow(bits, accuracies, classes));
    }
    return rows;
  }

  private static Map<String, Integer> smallest(List<WidthRow> widths, double atLeast) {
    Map<String, Integer> smallest = new LinkedHashMap<>();
    for (String way : WAYS.keySet()) {
      NavigableMap<Integer, Double> byWidth = new TreeMap<>();
      widths.forEach(row -> byWidth.put(row.bits(), row.accuracies().getOrDefault(way, 0.0)));
      OptionalInt bits = SmallestWidth.of(byWidth, atLeast);
      bits.ifPresent(found -> smallest.put(way, found));
    }
    return smallest;
  }
}
