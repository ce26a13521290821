package dev.narrows.training.torch;

import dev.narrows.experiments.recipe.BatchNormSteps;
import dev.narrows.experiments.recipe.Precision;
import dev.narrows.training.model.Initializer;
import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.model.ParameterSpec;
import dev.narrows.training.optimize.Slot;
import dev.narrows.training.qat.FloatPlan;
import dev.narrows.training.qat.QuantizationPlan;
import dev.narrows.training.qat.TrainingPlan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;

/**
 * A network that libtorch can run and differentiate. Everything that training changes is in two
 * flat arrays, {@linkplain #readValues values} and {@linkplain #readStatistics statistics}; with
 * the optimiser's state that is all a checkpoint needs.
 *
 * <p>Not thread-safe. The same calls with the same number of threads give the same bits.
 */
public final class TorchModel implements AutoCloseable {
  private final TrainingPlan plan;
  private final ParameterStore store;
  private final CustomGradient custom;
  private final Workers workers;
  private final FloatGraph floats;
  private final Optional<IntegerModel> integers;
  private final ClassScores classes;

  private TorchModel(TrainingPlan plan, int threads) {
    this.plan = plan;
    this.workers = new Workers(threads);
    this.custom = new CustomGradient();
    this.store = new ParameterStore(plan);
    this.floats = FloatGraph.of(plan, store, custom, workers);
    this.integers =
        switch (plan) {
          case QuantizationPlan codes ->
              Optional.of(new IntegerModel(codes, store, floats, custom, workers));
          case FloatPlan _ -> Optional.empty();
        };
    this.classes = ClassScores.of(plan.model());
  }

  /** Makes a network with start values that depend on {@code seed} alone. */
  public static TorchModel create(TrainingPlan plan, long seed, int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, got " + threads);
    }
    Torch.useThreads(threads);
    TorchModel made = new TorchModel(plan, threads);
    ModelSpec model = plan.model();
    List<ParameterSpec> specs = model.parameters();
    for (int i = 0; i < specs.size(); i++) {
      made.store.write(specs.get(i).name(), Initializer.values(model, specs.get(i), i, seed));
    }
    return made;
  }

  /** The library's version. */
  public static String version() {
    // A class literal does not initialise the class, so nothing native is loaded for this.
    return Objects.requireNonNullElse(
        Tensor.class.getPackage().getImplementationVersion(), "of unknown version");
  }

  public TrainingPlan plan() {
    return plan;
  }

  /**
   * The model in integers.
   *
   * @throws IllegalStateException if its plan is one of floating-point numbers
   */
  public IntegerModel integers() {
    return integers.orElseThrow(
        () -> new IllegalStateException(plan.model().name() + " has no integers in its plan"));
  }

  /** Names of all arrays: parameters, batch-norm statistics, log2 scales. */
  public List<String> arrays() {
    return store.names();
  }

  /** A copy of every dot layer's weights, by layer, memory order. */
  public Map<String, float[]> weights() {
    return store.weights(plan.model());
  }

  /** A copy of an array in memory order, see {@link ParameterSpec}. */
  public float[] read(String array) {
    return store.read(array);
  }

  /** Replaces an array; memory order, see {@link ParameterSpec}. */
  public void write(String array, float[] values) {
    store.write(array, values);
  }

  /** How the flat values are to be updated. */
  public List<Slot> slots() {
    return store.slots();
  }

  /** Where a trained array lies in the flat values. */
  public Slot slot(String array) {
    return store.slot(array);
  }

  public int valueCount() {
    return store.valueCount();
  }

  public int statisticCount() {
    return store.statisticCount();
  }

  public void readValues(float[] target) {
    store.readValues(target);
  }

  public void writeValues(float[] source) {
    store.writeValues(source);
  }

  /** Gradients of the last {@link #differentiate}, parallel to the values. */
  public void readGradients(float[] target) {
    store.readGradients(target);
  }

  public void readStatistics(float[] target) {
    store.readStatistics(target);
  }

  public void writeStatistics(float[] source) {
    store.writeStatistics(source);
  }

  /**
   * Tells which weights of a layer are pruned (false), in memory order: a norm limit's centring
   * leaves them out. Setting them to zero is the caller's part.
   */
  public void mask(String layer, boolean[] kept) {
    store.mask(layer, kept);
  }

  /**
   * Ends the norm limits of {@code before}, a plan of the same network whose parameters this model
   * holds: weights become those w that the integers stood for.
   *
   * @param array reads a log2 scale or norm of that plan
   */
  public void release(QuantizationPlan before, Function<String, float[]> array) {
    for (DotNode dot : before.model().dots()) {
      before
          .constraint(dot)
          .ifPresent(limit ->
              ConstrainedWeights.release(
                  store,
                  dot,
                  limit,
                  array.apply(QuantizationPlan.weightScale(dot)),
                  array.apply(QuantizationPlan.weightNorm(dot))));
    }
  }

  /**
   * Starts from data what the plan adds to the model's arrays: the scales of integers, or the
   * largest magnitudes that formats of floating-point numbers follow.
   */
  public void calibrate(Iterable<Batch> batches) {
    switch (plan) {
      case QuantizationPlan _ -> integers().calibrate(batches);
      case FloatPlan numbers -> observe(numbers, batches);
    }
  }

  private void observe(FloatPlan numbers, Iterable<Batch> batches) {
    Map<String, Float> largest = new HashMap<>();
    for (Batch batch : batches) {
      NativeScope.evaluate(
          workers,
          () ->
              floats.scores(
                  images(batch),
                  (node, output) -> largest.merge(node, FloatRounding.largest(output), Math::max)));
    }
    for (DotNode dot : numbers.model().dots()) {
      if (numbers.observesOperand(dot)) {
        store.write(
            FloatPlan.operandLargest(dot), new float[] {largest.getOrDefault(dot.input(), 1f)});
      }
    }
  }

  /**
   * Forward in training mode and backward; leaves the gradients to be read and moves the batch-norm
   * statistics. The penalty of a norm limit is in the gradients, not in the loss that is returned.
   */
  public StepResult differentiate(Pass pass, Batch batch) {
    return differentiate(pass, batch, Optional.empty());
  }

  /** {@link #differentiate(Pass, Batch)} of the loss that a teacher takes part in. */
  public StepResult differentiate(Pass pass, Batch batch, Optional<SoftTargets> teacher) {
    store.clearGradients();
    try (NativeScope _ = NativeScope.recording(workers)) {
      Tensor scores = forward(pass, images(batch));
      Tensor loss =
          batch
              .targets()
              .map(targets -> TargetLosses.of(scores, targets))
              .orElseGet(() -> classes.loss(scores, batch, teacher));
      int correct = batch.targets().isPresent() ? 0 : classes.correct(Torch.numbers(scores), batch);
      loss.backward();
      integers.ifPresent(IntegerModel::addPenalty);
      return new StepResult(loss.item_double(), correct, batch.size());
    } finally {
      custom.release();
    }
  }

  private Tensor forward(Pass pass, Tensor images) {
    return switch (pass) {
      case Pass.Float(Precision precision, BatchNormSteps norms) -> {
        try (Autocast _ = Autocast.begin(precision)) {
          yield Torch.float32(floats.scores(images, norms));
        }
      }
      case Pass.Floating floating -> floats.scores(images, true, floating);
      case Pass.Quantized quantized -> integers().training(images, quantized.registers());
    };
  }

  /**
   * Class scores [image][class], or [sequence][class][position], with the running batch-norm
   * statistics: binary32 of a float network, codes of the last layer (32-bit integers) of a
   * quantised network, see {@link IntegerGraph}.
   */
  public double[] scores(Pass pass, Batch batch) {
    return NativeScope.evaluate(workers, () -> evaluated(pass, images(batch)));
  }

  private double[] evaluated(Pass pass, Tensor images) {
    return switch (pass) {
      case Pass.Float _ -> Torch.numbers(floats.scores(images));
      case Pass.Floating floating -> Torch.numbers(floats.scores(images, false, floating));
      case Pass.Quantized quantized ->
          integers().scores(images, quantized.registers(), (_, _) -> {});
    };
  }

  /** The class with the best score at each place that has a label; the first one of equals. */
  public int[] predictions(Pass pass, Batch batch) {
    return classes.predictions(scores(pass, batch), batch);
  }

  /** Whether {@link #scores} are codes. */
  public boolean integerScores(Pass pass) {
    return pass instanceof Pass.Quantized && !integers().floatScores();
  }

  /** What one unit of {@link #scores} is worth: 1 of floats, else the scale of the codes. */
  public double scoreScale(Pass pass) {
    return integerScores(pass) ? integers().scoreScale() : 1;
  }

  private Tensor images(Batch batch) {
    return batch.tensor(plan.model().input().shape());
  }

  @Override
  public void close() {
    custom.release();
    store.close();
    workers.close();
  }
}
