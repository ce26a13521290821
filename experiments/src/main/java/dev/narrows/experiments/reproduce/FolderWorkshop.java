package dev.narrows.experiments.reproduce;

import dev.narrows.core.dot.Summation;
import dev.narrows.data.Inputs;
import dev.narrows.data.catalog.DataCatalog;
import dev.narrows.data.catalog.DataRoots;
import dev.narrows.data.catalog.KnownSet;
import dev.narrows.data.catalog.KnownSets;
import dev.narrows.data.catalog.Split;
import dev.narrows.data.file.AtomicFile;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.evaluate.Evaluator;
import dev.narrows.experiments.evaluate.LanguageEvaluation;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.evaluate.RunEvaluation;
import dev.narrows.experiments.pipeline.RecipeRun;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.reproduce.figure.AskedNetwork;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.experiments.run.TrainingRun;
import dev.narrows.experiments.training.Trainer;
import dev.narrows.experiments.training.TrainingListener;
import dev.narrows.hardware.tools.HardwareTool;
import dev.narrows.hardware.verilog.Synthesis;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.format.NarrowsWriter;
import dev.narrows.report.EvaluationResult;
import dev.narrows.report.EvaluationResult.AccumulatorResult;
import dev.narrows.report.LanguageResult;
import dev.narrows.report.LanguageResult.AccumulatorLoss;
import dev.narrows.report.NetworkFile;
import dev.narrows.report.ResultJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * A workshop that trains and evaluates, and keeps every finished part in its folder.
 *
 * @param asked what figures are made on instead of their usual network
 * @param folder gets a run folder for each recipe, networks made from theirs, and evaluations
 * @param command the words after {@code narrows}, for the run folders
 */
record FolderWorkshop(
    Scale scale,
    Optional<AskedNetwork> asked,
    Path folder,
    DataRoots roots,
    Trainer trainer,
    int threads,
    List<String> command,
    TrainingListener training,
    EvaluationListener evaluation)
    implements Workshop {
  /** Copies the words. */
  FolderWorkshop {
    command = List.copyOf(command);
  }

  @Override
  public Optional<BiFunction<String, String, Synthesis>> synthesis() {
    return HardwareTool.YOSYS.find().isPresent()
        ? Optional.of(Synthesis::of)
        : Optional.<BiFunction<String, String, Synthesis>>empty();
  }

  @Override
  public ModelFile trained(Recipe recipe) throws IOException {
    Path run = folder.resolve(recipe.name() + "-" + recipe.seed());
    new RecipeRun(new TrainingRun(recipe, folder, roots), trainer, run, command)
        .finish(threads, training, evaluation);
    return named(ModelFile.open(run));
  }

  @Override
  public Optional<ModelFile> derived(String name) throws IOException {
    Path file = folder.resolve("networks").resolve(name + ".narrows");
    return Files.isRegularFile(file) ? Optional.of(named(ModelFile.open(file))) : Optional.empty();
  }

  @Override
  public ModelFile derived(String name, Network network) throws IOException {
    Path file = folder.resolve("networks").resolve(name + ".narrows");
    Files.createDirectories(file.resolveSibling(""));
    NarrowsWriter.write(network, file);
    return named(ModelFile.open(file));
  }

  /** The file named as seen from the folder: results then say the same wherever it lies. */
  private ModelFile named(ModelFile model) {
    String name = folder.relativize(model.path()).toString();
    return new ModelFile(
        model.path(), model.network(), new NetworkFile(name, model.id().sha256()), model.run());
  }

  @Override
  public NetworkInputs inputs(ModelFile model, String set, Split split, OptionalInt limit) {
    KnownSet known =
        KnownSets.named(set)
            .orElseThrow(() -> new IllegalArgumentException("unknown data set " + set));
    Inputs inputs = Inputs.of(new DataCatalog(roots).examples(known, split, model.validation()));
    // another seed holds back other images: their evaluations must not be taken for each other
    boolean others =
        split == Split.VALIDATION
            && model.validation().seed() != DataCatalog.Validation.DEFAULT.seed();
    return NetworkInputs.of(
        model.network(),
        set + "/" + split + (others ? "-" + model.validation().seed() : ""),
        limit.isPresent() ? inputs.limit(limit.getAsInt()) : inputs,
        Optional.empty());
  }

  @Override
  public EvaluationResult evaluated(
      ModelFile model, NetworkInputs inputs, List<String> accumulators) throws IOException {
    return evaluated(model, inputs, accumulators, false);
  }

  @Override
  public EvaluationResult classified(
      ModelFile model, NetworkInputs inputs, List<String> accumulators) throws IOException {
    return evaluated(model, inputs, accumulators, true);
  }

  private EvaluationResult evaluated(
      ModelFile model, NetworkInputs inputs, List<String> accumulators, boolean classes)
      throws IOException {
    List<Summation> asked = accumulators.stream().map(Summation::parse).toList();
    Path file = evaluation(model.id(), inputs.name(), inputs.answers());
    List<AccumulatorResult> known = new ArrayList<>();
    Optional<Double> floatAccuracy = Optional.empty();
    Optional<Integer> agreement = Optional.empty();
    Optional<EvaluationResult> before = before(file, model, inputs);
    if (before.isPresent()) {
      EvaluationResult stored = before.get();
      stored.results().stream()
          .filter(row -> !classes || row.classes().isPresent() || row.accumulator().equals("exact"))
          .forEach(known::add);
      floatAccuracy = stored.floatAccuracy();
      agreement = stored.quantizedAgreement();
    }
    List<LayerRegisters> missing =
        asked.stream()
            .filter(one -> find(known, one).findAny().isEmpty())
            .map(LayerRegisters::of)
            .toList();
    if (!missing.isEmpty()) {
      Evaluator evaluator = new Evaluator(model.network(), inputs, threads, evaluation);
      if (!classes) {
        evaluator.withoutClasses();
      }
      EvaluationResult made = RunEvaluation.of(model, inputs, evaluator, missing);
      known.addAll(made.results());
      floatAccuracy = made.floatAccuracy();
      agreement = made.quantizedAgreement();
      Files.createDirectories(file.resolveSibling(""));
      AtomicFile.write(
          file, ResultJson.write(result(model, inputs, floatAccuracy, agreement, known)));
    }
    List<AccumulatorResult> results = asked.stream().flatMap(one -> find(known, one)).toList();
    return result(model, inputs, floatAccuracy, agreement, results);
  }

  /** Where the evaluation of a network on this many answers of a data set is kept. */
  private Path evaluation(NetworkFile id, String data, int answers) {
    String name = data.replaceAll("[^A-Za-z0-9]+", "-");
    return folder
        .resolve("evaluations")
        .resolve("%s-%s-%d.json".formatted(id.sha256().substring(0, 16), name, answers));
  }

  /** What is known of a network on these inputs: evaluated here before, or when it was trained. */
  private static Optional<EvaluationResult> before(Path file, ModelFile model, NetworkInputs inputs)
      throws IOException {
    if (Files.isRegularFile(file)) {
      return Optional.of(ResultJson.readEvaluation(file.toString(), Files.readString(file)));
    }
    return model
        .stored()
        .filter(result ->
            result.dataset().equals(inputs.name()) && result.images() == inputs.answers());
  }

  @Override
  public List<AccumulatorLoss> evaluated(LanguageEvaluation model, List<String> accumulators)
      throws IOException {
    Path file = evaluation(model.id(), model.text(), model.tokens().length);
    List<AccumulatorLoss> known = new ArrayList<>();
    if (Files.isRegularFile(file)
        && ResultJson.read(file.toString(), Files.readString(file))
            instanceof LanguageResult stored) {
      known.addAll(stored.results());
    }
    List<String> asked = accumulators.stream().map(one -> Summation.parse(one).toString()).toList();
    List<LayerRegisters> missing =
        asked.stream()
            .filter(one -> known.stream().noneMatch(row -> row.accumulator().equals(one)))
            .map(one -> LayerRegisters.of(Summation.parse(one)))
            .toList();
    if (!missing.isEmpty()) {
      LanguageResult made = model.of(missing, threads, evaluation);
      known.addAll(made.results());
      Files.createDirectories(file.resolveSibling(""));
      AtomicFile.write(
          file,
          ResultJson.write(
              new LanguageResult(
                  made.network(), made.text(), made.tokens(), made.context(), known)));
    }
    return asked.stream()
        .flatMap(one -> known.stream().filter(row -> row.accumulator().equals(one)).limit(1))
        .toList();
  }

  private static EvaluationResult result(
      ModelFile model,
      NetworkInputs inputs,
      Optional<Double> floatAccuracy,
      Optional<Integer> agreement,
      List<AccumulatorResult> results) {
    return new EvaluationResult(
        model.id(),
        inputs.name(),
        inputs.answers(),
        floatAccuracy,
        agreement,
        results,
        Optional.empty(),
        Optional.empty(),
        inputs.masked().map(NetworkInputs.Masked::unigramEntropy),
        Optional.empty());
  }

  private static Stream<AccumulatorResult> find(List<AccumulatorResult> known, Summation asked) {
    return known.stream().filter(row -> row.accumulator().equals(asked.toString())).limit(1);
  }
}
