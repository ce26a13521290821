package dev.narrows.experiments.reproduce.figure;

import dev.narrows.data.catalog.DataRoots;
import dev.narrows.data.catalog.Split;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.evaluate.LanguageEvaluation;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.hardware.verilog.Synthesis;
import dev.narrows.network.Network;
import dev.narrows.report.EvaluationResult;
import dev.narrows.report.LanguageResult.AccumulatorLoss;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;

/**
 * Where a figure is made: trains and evaluates. Every finished part is kept, so that nothing is
 * done twice and an interrupted figure goes on where it was.
 */
public interface Workshop {
  /** How much work the figure is made with. */
  Scale scale();

  /** The network that the figure shall be made on instead of its usual one. */
  Optional<AskedNetwork> asked();

  /** What a figure is made on: what is asked for, else at scale smoke a small network. */
  default TestBed bed(TestBed usual) {
    return asked().map(network -> network.at(scale())).orElseGet(() -> TestBed.of(scale(), usual));
  }

  /** What is kept lies here; a figure may add files in a sub-folder of its own. */
  Path folder();

  /** Where data sets are looked for. */
  DataRoots roots();

  /**
   * Synthesises a Verilog module: its text and its name; empty where there is no tool for it.
   *
   * @see Synthesis#of
   */
  Optional<BiFunction<String, String, Synthesis>> synthesis();

  /** To evaluate on; results do not depend on it. */
  int threads();

  /** Sums that a figure tries of random numbers, which no network depends on. */
  default long randomSums(long usual) {
    return usual;
  }

  /** Hears how evaluations get on. */
  EvaluationListener evaluation();

  /**
   * The network of a recipe, trained into the run folder {@code <name>-<seed>} unless it is there
   * already. A recipe's {@code from} may name such a folder.
   */
  ModelFile trained(Recipe recipe) throws IOException;

  /**
   * A network made from others, stored in the file {@code networks/<name>.narrows}.
   *
   * @param name unlike that of others
   */
  ModelFile derived(String name, Network network) throws IOException;

  /** The network that {@link #derived(String, Network)} stored under a name, if it did. */
  Optional<ModelFile> derived(String name) throws IOException;

  /**
   * Images or windows of a known set as a network's inputs; validation images are those that the
   * model's run held back.
   *
   * @param limit at most this many, the first; empty: all
   */
  NetworkInputs inputs(ModelFile model, String set, Split split, OptionalInt limit);

  /**
   * The accuracy of a network under accumulators, in their order; what was evaluated before is
   * read.
   *
   * @param accumulators in text form
   */
  EvaluationResult evaluated(ModelFile model, NetworkInputs inputs, List<String> accumulators)
      throws IOException;

  /** The accuracy of a network in exact registers on a whole split of a set, in percent. */
  default double exactAccuracy(ModelFile model, String set, Split split) throws IOException {
    return evaluated(model, inputs(model, set, split, OptionalInt.empty()), List.of("exact"))
        .results()
        .getFirst()
        .accuracy();
  }

  /**
   * {@link #evaluated(ModelFile, NetworkInputs, List)} with the classes of all dot products, which
   * takes longer.
   */
  EvaluationResult classified(ModelFile model, NetworkInputs inputs, List<String> accumulators)
      throws IOException;

  /**
   * A language model under accumulators, in their order; what was evaluated before is read.
   *
   * @param accumulators in text form
   */
  List<AccumulatorLoss> evaluated(LanguageEvaluation model, List<String> accumulators)
      throws IOException;
}
