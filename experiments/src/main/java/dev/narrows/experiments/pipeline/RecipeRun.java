package dev.narrows.experiments.pipeline;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.Resolved;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.bound.Guarantee;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.data.DataException;
import dev.narrows.data.Examples;
import dev.narrows.data.Preprocessing;
import dev.narrows.experiments.analyze.Analysis;
import dev.narrows.experiments.analyze.Certification;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.evaluate.Evaluator;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.evaluate.RunEvaluation;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.recipe.Constraint;
import dev.narrows.experiments.recipe.FloatNumbers;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.recipe.RegisterPhase;
import dev.narrows.experiments.run.Environment;
import dev.narrows.experiments.run.FolderLock;
import dev.narrows.experiments.run.RunFolder;
import dev.narrows.experiments.run.TrainingRun;
import dev.narrows.experiments.training.TrainedNetwork;
import dev.narrows.experiments.training.Trainer;
import dev.narrows.experiments.training.TrainingException;
import dev.narrows.experiments.training.TrainingJob;
import dev.narrows.experiments.training.TrainingListener;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.report.AnalysisResult;
import dev.narrows.report.CertificateResult;
import dev.narrows.report.EvaluationResult;
import dev.narrows.report.ResultJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One recipe, trained, lowered and evaluated into its run folder. Resumes a run that was
 * interrupted; of one that has come to its end it only reads the results.
 *
 * @param command the words after {@code narrows}, for {@code environment.json}
 */
public record RecipeRun(TrainingRun training, Trainer trainer, Path out, List<String> command) {
  private static final int ANALYSED_IMAGES = 1000;

  /** Up to so many in a network, channels are listed too: more make pages long. */
  private static final int ANALYSED_CHANNELS = 512;

  /** Pins the recipe's own data and model. */
  public RecipeRun {
    training = training.pinnedIn(out);
  }

  /**
   * Brings the run to its end: evaluated in exact registers and those it was trained for.
   *
   * @return what {@code results.json} holds
   * @throws NotCertifiedException if the recipe's norm limit did not lead to a safe network; the
   *     certificate with the witness is in the folder then, results are not
   */
  public EvaluationResult finish(
      int threads, TrainingListener trainingListener, EvaluationListener evaluationListener)
      throws IOException {
    return finish(List.of(), threads, trainingListener, evaluationListener);
  }

  /** {@link #finish(int, TrainingListener, EvaluationListener)}, evaluated in more registers. */
  EvaluationResult finish(
      List<LayerRegisters> more,
      int threads,
      TrainingListener trainingListener,
      EvaluationListener evaluationListener)
      throws IOException {
    RunFolder folder = RunFolder.create(out, training.recipe());
    try (FolderLock _ = folder.lock()) {
      if (folder.finished()) {
        trainingListener.note(out + ": complete already, nothing is trained again");
        return ModelFile.open(out).stored().orElseThrow();
      }
      TrainingJob job = job(folder);
      job.notes().forEach(trainingListener::note);
      folder.writeEnvironment(environment().json());
      TrainedNetwork trained = train(folder, job, trainingListener);
      certify(folder);
      EvaluationResult result = evaluate(folder, job, trained, more, threads, evaluationListener);
      folder.writeAnalysis(ResultJson.write(analysis(job, threads, evaluationListener)));
      folder.writeResults(ResultJson.write(result));
      return result;
    }
  }

  private Environment environment() {
    return Environment.here(
        training.recipe().seed(), command, Map.of("training", trainer.version()));
  }

  /** What the recipe refers to; if something is not there, a corrected recipe may follow. */
  private TrainingJob job(RunFolder folder) throws IOException {
    try {
      return training.job(folder);
    } catch (BadInputException | DataException refused) {
      folder.forgetIfNothingWasMade();
      throw refused;
    }
  }

  private TrainedNetwork train(RunFolder folder, TrainingJob job, TrainingListener listener)
      throws IOException {
    TrainedNetwork trained;
    try {
      trained = trainer.train(job, new MetricsKeeper(folder, listener));
    } catch (BadInputException | TrainingException refused) {
      folder.forgetIfNothingWasMade();
      throw refused;
    }
    folder.writeMetrics(trained.metrics());
    folder.writeNetwork(trained.network());
    return trained;
  }

  /** Proves what the recipe's norm limit promises, by the integers that were stored. */
  private static void certify(RunFolder folder) throws IOException {
    Optional<Constraint> constraint = folder.recipe().numbers().constraint();
    if (constraint.isEmpty()) {
      return;
    }
    int bits = constraint.get().bits();
    CertificateResult certificate =
        Certification.of(ModelFile.open(folder.path()), bits, false, Guarantee.SUMS);
    folder.writeCertificate(ResultJson.write(certificate));
    for (CertificateResult.CertifiedLayer layer : certificate.layers()) {
      if (layer.bits() > bits) {
        throw new NotCertifiedException(
            "%s: the network is not safe in %d bits: layer \"%s\" needs %d; see certificate.json"
                .formatted(folder.path(), bits, layer.name(), layer.bits()));
      }
    }
  }

  private EvaluationResult evaluate(
      RunFolder folder,
      TrainingJob job,
      TrainedNetwork trained,
      List<LayerRegisters> more,
      int threads,
      EvaluationListener listener)
      throws IOException {
    ModelFile model = ModelFile.open(folder.path());
    NetworkInputs inputs = inputs(model, job, job.test());
    Evaluator evaluator = new Evaluator(model.network(), inputs, threads, listener);
    evaluator.diagnose(ANALYSED_IMAGES);
    List<LayerRegisters> registers = new ArrayList<>(List.of(LayerRegisters.exact()));
    registers.addAll(trainedFor(job.recipe()));
    more.stream().filter(one -> !registers.contains(one)).forEach(registers::add);
    Optional<Double> floatAccuracy =
        trained
            .floatTestQuality()
            .or(() -> trained.floatTestPredictions().map(evaluator::accuracy));
    if (floatAccuracy.isEmpty()) {
      Optional<RunFolder> before = training.before();
      if (before.isPresent()) {
        floatAccuracy =
            ModelFile.open(before.get().path()).stored().flatMap(EvaluationResult::floatAccuracy);
      }
    }
    LayerRegisters own =
        trainedFor(job.recipe()).stream().findFirst().orElse(LayerRegisters.exact());
    int agreeing =
        inputs.answers()
            - Evaluator.differing(evaluator.predictions(own), trained.quantizedTestPredictions());
    // floats differ in their last bits, which a class hides and a number does not
    boolean comparable = inputs.measured().isEmpty() || !model.network().output().isFloat();
    return RunEvaluation.of(
        model,
        inputs,
        evaluator,
        registers,
        floatAccuracy,
        comparable ? Optional.of(agreeing) : Optional.empty());
  }

  /** What each layer's sums need, on a sample: enough for the report, and done in seconds. */
  private AnalysisResult analysis(TrainingJob job, int threads, EvaluationListener listener)
      throws IOException {
    ModelFile model = ModelFile.open(out);
    NetworkInputs inputs = inputs(model, job, job.test().limit(ANALYSED_IMAGES));
    int channels =
        model.network().dotLayers().stream().mapToInt(layer -> layer.operands().channels()).sum();
    Summation natural =
        new Summation(new Saturating(Accumulator.MAX_BITS), new SummationOrder.Sequential());
    return new Analysis(model, natural, channels <= ANALYSED_CHANNELS, threads)
        .of(inputs, listener);
  }

  private static NetworkInputs inputs(ModelFile model, TrainingJob job, Examples examples) {
    return NetworkInputs.ofExamples(
        model.network(),
        examples,
        Preprocessing.parse(job.recipe().preprocess()),
        Optional.of(job.recipe().data().measure(examples.targets().kind())));
  }

  /** The registers a recipe trains for, and the same width in natural order to compare with. */
  static List<LayerRegisters> trainedFor(Recipe recipe) {
    Optional<LayerRegisters> own = recipe.phases().register().map(RegisterPhase::registers);
    if (own.isEmpty() || recipe.numbers() instanceof FloatNumbers) {
      return own.stream().toList();
    }
    LayerRegisters natural =
        own.get().each(one -> sequential(one, new Saturating(one.accumulator().bits())));
    LayerRegisters resolved =
        own.get().each(one -> sequential(one, new Resolved(one.accumulator().bits(), false)));
    return Stream.of(own.get(), natural, resolved).distinct().toList();
  }

  private static Summation sequential(Summation summation, Accumulator narrow) {
    return summation.accumulator() instanceof Exact
        ? summation
        : new Summation(narrow, new SummationOrder.Sequential());
  }
}
