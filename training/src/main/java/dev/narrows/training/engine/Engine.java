package dev.narrows.training.engine;

import dev.narrows.data.ArraySet;
import dev.narrows.data.Augmentation;
import dev.narrows.data.Examples;
import dev.narrows.data.ImageSet;
import dev.narrows.data.Preprocessing;
import dev.narrows.data.Targets;
import dev.narrows.data.TextSet;
import dev.narrows.experiments.evaluate.MeasuredTargets;
import dev.narrows.experiments.recipe.FloatNumbers;
import dev.narrows.experiments.recipe.IntegerNumbers;
import dev.narrows.experiments.recipe.Prepare;
import dev.narrows.experiments.recipe.Pruning;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.recipe.TrainingLoss;
import dev.narrows.experiments.training.EpochMetrics;
import dev.narrows.experiments.training.TrainedNetwork;
import dev.narrows.experiments.training.TrainingCancelledException;
import dev.narrows.experiments.training.TrainingException;
import dev.narrows.experiments.training.TrainingJob;
import dev.narrows.experiments.training.TrainingListener;
import dev.narrows.network.Network;
import dev.narrows.training.lower.FloatLowering;
import dev.narrows.training.lower.Lowering;
import dev.narrows.training.lower.NetworkStart;
import dev.narrows.training.optimize.OptimizerSpec;
import dev.narrows.training.optimize.ParameterOptimizer;
import dev.narrows.training.prepare.Equalization;
import dev.narrows.training.qat.FloatFormats;
import dev.narrows.training.qat.QuantizationPlan;
import dev.narrows.training.qat.TrainingRegister;
import dev.narrows.training.register.FloatRegisterChoice;
import dev.narrows.training.register.IntegerRegisterChoice;
import dev.narrows.training.torch.Batch;
import dev.narrows.training.torch.Pass;
import dev.narrows.training.torch.RunningTraining;
import dev.narrows.training.torch.StepResult;
import dev.narrows.training.torch.TorchModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Carries out one training job. The state after any step depends on the recipe alone, so a run that
 * was killed and resumed ends in the same bits as one that was not.
 */
public final class Engine {
  /** Images of a batch that start scales are observed on. */
  private static final int CALIBRATION_BATCH = 1024;

  /** Images of a batch that is only predicted. */
  private static final int PREDICTION_BATCH = 128;

  /**
   * Learning rate of log2 scales where the recipe's own factor is 1: at most 1 % a step under Adam.
   */
  private static final double SCALE_RATE = 0.005;

  private final TrainingJob job;
  private final Recipe recipe;
  private final TrainingListener listener;
  private final JobNetwork network;
  private final List<Stage> stages;
  private final Preprocessing preprocessing;
  private final Augmentation augmentation;
  private final TrainingLoss loss;
  private final CheckpointFile checkpoint;
  private final String recipeText;
  private final String quantizationText;

  private Engine(TrainingJob job, TrainingListener listener) {
    this.job = job;
    this.recipe = job.recipe();
    this.listener = listener;
    this.network = JobNetwork.of(job);
    this.stages = Stage.of(recipe);
    this.preprocessing = Preprocessing.parse(recipe.preprocess());
    this.augmentation =
        new Augmentation(
            recipe.augment().pad(), recipe.augment().flip(), recipe.augment().cutout());
    this.loss = recipe.data().loss(job.train().targets().kind());
    this.checkpoint = new CheckpointFile(job.checkpoint());
    this.recipeText = recipe.withoutCheckpointing().toYaml();
    this.quantizationText = RecipePlan.text(recipe);
  }

  /** Trains, or goes on training, and lowers. */
  public static TrainedNetwork run(TrainingJob job, TrainingListener listener) {
    Engine engine = new Engine(job, listener);
    QuantizationPlan plan = RecipePlan.of(job.recipe(), engine.network.model());
    // A rule that fits no layer is reported now, not after hours of training.
    engine.stages.forEach(stage -> check(plan, stage));
    RecipePlan.warnings(plan).forEach(listener::note);
    engine.tellLoss();
    engine.stages.stream()
        .flatMap(stage -> stage.registers().stream())
        .flatMap(registers -> registers.warnings().stream())
        .distinct()
        .forEach(warning -> listener.note("warning: " + warning));
    try (RunningTraining _ = RunningTraining.begin();
        TorchModel model = TorchModel.create(plan, engine.recipe.seed(), engine.recipe.threads())) {
      return engine.train(model);
    }
  }

  /** Says what follows from own data. */
  private void tellLoss() {
    if (recipe.data().own().isPresent()) {
      Targets targets = job.train().targets();
      listener.note(
          "targets: %s; loss: %s; measure: %s"
              .formatted(
                  targets.describe(),
                  loss.title(),
                  recipe.data().measure(targets.kind()).column()));
    }
  }

  private static void check(QuantizationPlan plan, Stage stage) {
    registers(plan, stage);
    stage
        .floats()
        .ifPresent(floats -> FloatRegisterChoice.of(plan, stage.registers().orElseThrow(), floats));
  }

  private TrainedNetwork train(TorchModel model) {
    checkpoint.removeLeftovers();
    ParameterOptimizer optimizer = optimizer(model, 0);
    RunState state;
    if (checkpoint.exists()) {
      CheckpointFile.Loaded loaded = checkpoint.resume(recipeText, model);
      state = loaded.state();
      optimizer = optimizer(model, state.stage);
      optimizer.restore(loaded.first(), loaded.second(), loaded.optimizerSteps());
      listener.note("resuming " + where(state));
    } else {
      state = start(model);
    }
    while (state.stage < stages.size()) {
      Stage stage = stages.get(state.stage);
      if (state.epoch == 0 && state.step == 0) {
        optimizer = optimizer(model, state.stage);
        begin(stage, model, state);
      }
      Optional<Teacher> teacher = Teacher.of(stage, recipe, network, model.plan());
      try {
        new StageRun(stage, model, optimizer, state, teacher).run();
      } finally {
        teacher.ifPresent(Teacher::close);
      }
    }
    return result(model, optimizer, state);
  }

  private RunState start(TorchModel model) {
    if (job.from().isPresent()) {
      RunState state = new CheckpointFile(job.from().get()).continueFrom(quantizationText, model);
      state.calibrated &= !stages.isEmpty(); // quantising anew is all that such a recipe asks for
      return state;
    }
    network.floats().ifPresent(weights -> weights.accept(model));
    return new RunState();
  }

  private void begin(Stage stage, TorchModel model, RunState state) {
    String width = stage.bits() == 0 ? "" : " through " + stage.registers().orElseThrow().base();
    listener.note("phase " + stage.kind().word() + width + ", epochs: " + stage.phase().epochs());
    if (stage.kind() != Stage.PhaseKind.FLOAT) {
      rememberFloat(model, state);
    }
    if (stage.quantized()) {
      quantize(model, state);
    } else if (stage.floats().isPresent()) {
      observe(model, state);
    }
  }

  /** Lets formats of stored floats follow what they hold, once. */
  private void observe(TorchModel model, RunState state) {
    if (!state.calibrated) {
      model.observeOperands(calibrationBatches(CALIBRATION_BATCH));
      state.calibrated = true;
    }
  }

  /** The float network's predictions, before anything of it is pruned or quantised. */
  private void rememberFloat(TorchModel model, RunState state) {
    if (job.from().isPresent()) {
      return;
    }
    if (!classes()) {
      if (state.floatQuality.isEmpty()) {
        state.floatQuality = Optional.of(quality(model, new Pass.Float(), job.test()));
      }
    } else if (state.floatPredictions.isEmpty()) {
      state.floatPredictions = Optional.of(predictions(model, new Pass.Float(), job.test()));
    }
  }

  /** Sets the start values of the scales, once. */
  private void quantize(TorchModel model, RunState state) {
    if (state.calibrated) {
      return;
    }
    rememberFloat(model, state); // a run of float phases alone comes here at its end
    prepare(model);
    state.calibrated = true;
  }

  /** The passes before weights become integers, in the order in which they need each other. */
  private void prepare(TorchModel model) {
    Prepare prepare = recipe.prepare();
    if (prepare.equalize()) {
      List<Equalization.Pair> pairs =
          Equalization.apply(model.plan().model(), model::read, model::write);
      listener.note("equalised pairs of layers: " + pairs.size());
    }
    Map<String, float[]> floatWeights = model.weights();
    model.calibrate(calibrationBatches(CALIBRATION_BATCH));
    if (job.start().isPresent()) { // its biases are corrected as they should be
      NetworkStart.load(model, job.start().get());
      return;
    }
    if (prepare.correctBias()) {
      model.correctBiases(floatWeights, calibrationBatches(PREDICTION_BATCH));
    }
  }

  private Iterable<Batch> calibrationBatches(int size) {
    return all(batches(job.train().limit(recipe.prepare().calibrate()), size));
  }

  private Batches batches(Examples set, int size) {
    return Batches.of(set, preprocessing, augmentation, loss, size);
  }

  /** All batches of a set, each made when it is asked for: they share their arrays. */
  private static Iterable<Batch> all(Batches batches) {
    return () -> IntStream.range(0, batches.covering()).mapToObj(batches::plain).iterator();
  }

  private TrainedNetwork result(TorchModel model, ParameterOptimizer optimizer, RunState state) {
    return switch (recipe.numbers()) {
      case IntegerNumbers _ -> integers(model, optimizer, state);
      case FloatNumbers floats -> floats(floats, model, optimizer, state);
    };
  }

  private TrainedNetwork floats(
      FloatNumbers numbers, TorchModel model, ParameterOptimizer optimizer, RunState state) {
    rememberFloat(model, state);
    observe(model, state);
    checkpoint.save(recipeText, quantizationText, model, optimizer, state);
    FloatFormats formats = FloatRegisterChoice.formats(numbers);
    Pass pass =
        stages.isEmpty() || stages.getLast().floats().isEmpty()
            ? new Pass.Floating(Map.of(), formats)
            : pass(model, stages.getLast());
    return trained(model, pass, FloatLowering.network(model, formats, metadata()), state);
  }

  private Map<String, String> metadata() {
    Map<String, String> metadata = new HashMap<>();
    if (classes()) {
      metadata.put("classes", Integer.toString(job.train().classes()));
    }
    switch (job.train()) {
      case ImageSet _, ArraySet _ -> metadata.put("preprocess", preprocessing.text());
      case TextSet text -> metadata.put("characters", text.vocabulary());
    }
    return metadata;
  }

  private TrainedNetwork integers(TorchModel model, ParameterOptimizer optimizer, RunState state) {
    boolean floats = !stages.isEmpty() && !state.calibrated;
    quantize(model, state);
    if (!floats) { // else those who go on from here get the float network, prepared for no W and A
      checkpoint.save(recipeText, quantizationText, model, optimizer, state);
    }
    Pass pass = stages.isEmpty() ? new Pass.Quantized(Map.of()) : pass(model, stages.getLast());
    Pass quantized = pass instanceof Pass.Float ? new Pass.Quantized(Map.of()) : pass;
    return trained(model, quantized, Lowering.network(model, state.pruned, metadata()), state);
  }

  private TrainedNetwork trained(TorchModel model, Pass pass, Network network, RunState state) {
    return new TrainedNetwork(
        network,
        state.floatPredictions,
        state.floatQuality,
        predictions(model, pass, job.test()),
        quality(model, pass, job.validation()),
        state.metrics);
  }

  private ParameterOptimizer optimizer(TorchModel model, int stage) {
    OptimizerSpec spec = new OptimizerSpec.Sgd(0, 0, false);
    if (stage < stages.size()) {
      var phase = stages.get(stage).phase();
      spec =
          switch (phase.optimizer()) {
            case SGD -> new OptimizerSpec.Sgd(phase.momentum(), phase.weightDecay(), false);
            case ADAM -> OptimizerSpec.Adam.withDecay(phase.weightDecay());
          };
    }
    return new ParameterOptimizer(spec, model.slots(), model.valueCount());
  }

  private Pass pass(TorchModel model, Stage stage) {
    if (stage.floats().isPresent() && recipe.numbers() instanceof FloatNumbers numbers) {
      return new Pass.Floating(
          FloatRegisterChoice.of(
              model.plan(), stage.registers().orElseThrow(), stage.floats().get()),
          FloatRegisterChoice.formats(numbers));
    }
    if (!stage.quantized()) {
      return new Pass.Float(stage.phase().precision());
    }
    return new Pass.Quantized(registers(model.plan(), stage));
  }

  private static Map<String, TrainingRegister> registers(QuantizationPlan plan, Stage stage) {
    return stage
        .registers()
        .filter(_ -> stage.floats().isEmpty())
        .map(all -> IntegerRegisterChoice.of(plan, all))
        .orElse(Map.of());
  }

  private boolean classes() {
    return job.train().targets().kind() == Targets.TargetKind.CLASSES;
  }

  /** The class of each answer; where targets are no classes, what tells outputs from others. */
  private int[] predictions(TorchModel model, Pass pass, Examples set) {
    if (!classes()) {
      double[] outputs = outputs(model, pass, set);
      int[] words = new int[outputs.length];
      for (int i = 0; i < words.length; i++) {
        words[i] =
            pass instanceof Pass.Quantized
                    && !model.plan().floats(model.plan().model().output().name())
                ? (int) outputs[i]
                : Float.floatToRawIntBits((float) outputs[i]);
      }
      return MeasuredTargets.told(words, set.size());
    }
    Batches batches = batches(set, PREDICTION_BATCH);
    int[] all = new int[set.size() * set.answers()];
    int at = 0;
    for (int i = 0; i < batches.covering(); i++) {
      int[] some = model.predictions(pass, batches.plain(i));
      System.arraycopy(some, 0, all, at, some.length);
      at += some.length;
    }
    return all;
  }

  /** What the network gives for each example, in units of {@link TorchModel#scoreScale}. */
  private double[] outputs(TorchModel model, Pass pass, Examples set) {
    Batches batches = batches(set, PREDICTION_BATCH);
    double[] all = new double[set.size() * set.targets().outputs()];
    int at = 0;
    for (int i = 0; i < batches.covering(); i++) {
      double[] some = model.scores(pass, batches.plain(i));
      System.arraycopy(some, 0, all, at, some.length);
      at += some.length;
    }
    return all;
  }

  /** Accuracy in percent, or the measure of targets that are no classes; NaN without examples. */
  private double quality(TorchModel model, Pass pass, Examples set) {
    if (classes()) {
      return accuracy(model, pass, set);
    }
    if (set.size() == 0) {
      return Double.NaN;
    }
    double[] outputs = outputs(model, pass, set);
    double scale = model.scoreScale(pass);
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] *= scale;
    }
    Targets targets = set.targets();
    return new MeasuredTargets(targets, recipe.data().measure(targets.kind())).of(outputs);
  }

  /** In percent; NaN without examples. */
  private double accuracy(TorchModel model, Pass pass, Examples set) {
    int[] predictions = predictions(model, pass, set);
    int[] labels = set.labels();
    int correct = 0;
    for (int i = 0; i < predictions.length; i++) {
      correct += predictions[i] == labels[i] ? 1 : 0;
    }
    return predictions.length == 0 ? Double.NaN : 100.0 * correct / predictions.length;
  }

  private String where(RunState state) {
    if (state.stage >= stages.size()) {
      return "a finished run";
    }
    return "phase %s, epoch %d, step %d"
        .formatted(stages.get(state.stage).kind().word(), state.epoch + 1, state.step + 1);
  }

  /** The steps of one stage. */
  private final class StageRun {
    private final Stage stage;
    private final TorchModel model;
    private final ParameterOptimizer optimizer;
    private final RunState state;
    private final Pass pass;
    private final Optional<Teacher> teacher;
    private final Batches batches;
    private final float[] values;
    private final float[] gradients;
    private final Speed speed = new Speed();
    private double rate;

    StageRun(
        Stage stage,
        TorchModel model,
        ParameterOptimizer optimizer,
        RunState state,
        Optional<Teacher> teacher) {
      this.stage = stage;
      this.model = model;
      this.optimizer = optimizer;
      this.state = state;
      this.pass = pass(model, stage);
      this.teacher = teacher;
      this.batches = batches(job.train(), recipe.batch());
      this.values = new float[model.valueCount()];
      this.gradients = new float[model.valueCount()];
    }

    /** Runs from the present state to the end of the stage. */
    void run() {
      int epochs = stage.phase().epochs();
      while (state.epoch < epochs) {
        epoch(epochs);
      }
      state.stage++;
      state.epoch = 0;
      state.clearEpoch();
      save();
    }

    private void epoch(int epochs) {
      int steps = batches.perEpoch();
      int[] order = batches.order(recipe.seed(), state.epochOfRun);
      while (state.step < steps) {
        long began = System.nanoTime();
        Batch batch = batches.training(order, recipe.seed(), state.epochOfRun, state.step);
        step(batch, steps, epochs);
        double seconds = (System.nanoTime() - began) / 1e9;
        state.seconds += seconds;
        state.step++;
        tell(batch.size(), seconds, steps, epochs);
        if (listener.cancelled() || RunningTraining.ending()) {
          save();
          throw new TrainingCancelledException();
        }
        boolean due =
            recipe.checkpoint().everySteps().isPresent()
                && state.step % recipe.checkpoint().everySteps().getAsInt() == 0;
        if (due && state.step < steps) {
          save();
        }
      }
      finishEpoch(epochs, steps);
    }

    private void step(Batch batch, int steps, int epochs) {
      long total = (long) steps * epochs;
      long step = (long) steps * state.epoch + state.step;
      if (stage.kind() == Stage.PhaseKind.PRUNE) {
        Pruning pruning = recipe.pruning().orElseThrow();
        int keep = pruning.keptAt(step, total);
        if (step == 0 || keep != state.kept) {
          PruningMasks.choose(model, pruning, keep, state);
        }
      }
      double factor = stage.phase().schedule().factor(step, steps, total);
      rate = stage.phase().rate() * factor;
      StepResult result = model.differentiate(pass, batch, teacher.map(t -> t.of(batch)));
      if (!Double.isFinite(result.loss())) {
        throw diverged("the loss is " + result.loss());
      }
      model.readValues(values);
      model.readGradients(gradients);
      optimizer.step(values, gradients, rate, SCALE_RATE * factor);
      for (float value : values) { // else the next checkpoint would be of no use
        if (!Float.isFinite(value)) {
          throw diverged("a weight is " + value);
        }
      }
      PruningMasks.apply(model, state, values);
      model.writeValues(values);
      state.lossSum += result.loss();
      state.correct += result.correct();
    }

    /** Ends the run; its last checkpoint stays. */
    private TrainingException diverged(String what) {
      return new TrainingException(
          "phase %s, epoch %d, step %d: %s; a smaller rate may help"
              .formatted(stage.kind().word(), state.epoch + 1, state.step + 1, what));
    }

    private void finishEpoch(int epochs, int steps) {
      double answers = (double) steps * batches.answers();
      double validation = validate();
      state.metrics.add(
          new EpochMetrics(
              stage.kind().word(),
              state.epoch + 1,
              state.lossSum / Math.max(1, steps),
              classes() ? 100.0 * state.correct / Math.max(1, answers) : Double.NaN,
              validation,
              rate,
              stage.kind() == Stage.PhaseKind.PRUNE ? state.kept : 0,
              stage.bits(),
              state.seconds));
      state.epoch++;
      state.epochOfRun++;
      state.clearEpoch();
      if (state.epoch < epochs) {
        save();
      }
      listener.epoch(new ArrayList<>(state.metrics));
    }

    private double validate() {
      try {
        return quality(model, pass, job.validation());
      } catch (TrainingCancelledException e) {
        save(); // all steps are done; a resumed run begins with this validation
        throw e;
      }
    }

    private void tell(int images, double seconds, int steps, int epochs) {
      speed.add(images, seconds);
      long before = 0;
      long all = 0;
      for (int i = 0; i < stages.size(); i++) {
        long own = (long) stages.get(i).phase().epochs() * steps;
        before += i < state.stage ? own : 0;
        all += own;
      }
      before += (long) state.epoch * steps + state.step;
      double perSecond = speed.imagesPerSecond();
      listener.step(
          new TrainingListener.Progress(
              stage.kind().word(),
              state.epoch + 1,
              epochs,
              state.step,
              steps,
              (double) before / all,
              state.lossSum / state.step,
              classes()
                  ? 100.0 * state.correct / ((double) state.step * batches.answers())
                  : Double.NaN,
              perSecond,
              (double) (all - before) * batches.size() / perSecond));
    }

    private void save() {
      checkpoint.save(recipeText, quantizationText, model, optimizer, state);
    }
  }
}
