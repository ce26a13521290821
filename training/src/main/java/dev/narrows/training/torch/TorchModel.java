package dev.narrows.training.torch;

import dev.narrows.experiments.recipe.Precision;
import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.Initializer;
import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.Node;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.model.ParameterSpec;
import dev.narrows.training.optimize.Slot;
import dev.narrows.training.qat.FoldedDot;
import dev.narrows.training.qat.LogScales;
import dev.narrows.training.qat.QuantizationPlan;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * A network that libtorch can run and differentiate. Everything that training changes is in two
 * flat arrays, {@linkplain #readValues values} and {@linkplain #readStatistics statistics}; with
 * the optimiser's state that is all a checkpoint needs.
 *
 * <p>Not thread-safe. The same calls with the same number of threads give the same bits.
 */
public final class TorchModel implements AutoCloseable {
  private final QuantizationPlan plan;
  private final ParameterStore store;
  private final CustomGradient custom;
  private final Workers workers;
  private final FloatGraph floats;
  private final FakeQuantizedGraph quantized;
  private final IntegerRegisterSums registers;

  private TorchModel(QuantizationPlan plan, int threads) {
    this.plan = plan;
    this.workers = new Workers(threads);
    this.custom = new CustomGradient();
    this.store = new ParameterStore(plan);
    this.registers = new IntegerRegisterSums(custom, workers);
    this.floats =
        new FloatGraph(
            plan,
            store,
            new FloatRegisterSums(custom, workers),
            new FloatProducts(custom, workers),
            new FloatRounding(custom, workers));
    this.quantized =
        new FakeQuantizedGraph(
            plan,
            store,
            new FakeQuantization(custom, workers),
            new BatchNormQuantization(custom, workers),
            registers);
  }

  /** Makes a network with start values that depend on {@code seed} alone. */
  public static TorchModel create(QuantizationPlan plan, long seed, int threads) {
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

  public QuantizationPlan plan() {
    return plan;
  }

  /** Names of all arrays: parameters, batch-norm statistics, log2 scales. */
  public List<String> arrays() {
    return store.names();
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
   * Forward in training mode and backward; leaves the gradients to be read and moves the batch-norm
   * statistics. The penalty of a norm limit is in the gradients, not in the loss that is returned.
   */
  public StepResult differentiate(Pass pass, Batch batch) {
    return differentiate(pass, batch, Optional.empty());
  }

  /** {@link #differentiate(Pass, Batch)} of the loss that a teacher takes part in. */
  public StepResult differentiate(Pass pass, Batch batch, Optional<SoftTargets> teacher) {
    Torch.useThreads(workers.threads());
    store.clearGradients();
    try (RunningTraining.NativeCall _ = RunningTraining.nativeCall();
        PointerScope _ = new PointerScope()) {
      Tensor scores = forward(pass, images(batch));
      if (batch.targets().isPresent()) {
        return finish(TargetLosses.of(scores, batch.targets().get()), 0, batch);
      }
      Tensor labels =
          Torch.labels(batch.labels(), batch.size() * plan.model().positions())
              .view(labelShape(scores));
      Tensor loss =
          teacher
              .filter(soft -> soft.weight() > 0)
              .map(soft -> Torch.distillation(scores, labels, soft))
              .orElseGet(() -> Torch.crossEntropy(scores, labels));
      return finish(loss, correct(doubles(scores(scores)), batch), batch);
    } finally {
      custom.release();
    }
  }

  private StepResult finish(Tensor loss, int correct, Batch batch) {
    loss.backward();
    ConstrainedWeights.addPenalty(plan, store);
    return new StepResult(loss.item_double(), correct, batch.size());
  }

  /**
   * What one unit of {@link #scores} is worth: 1 of floats, the scale of the last node's codes of a
   * quantised network.
   */
  public double scoreScale(Pass pass) {
    Node output = plan.model().output();
    if (!(pass instanceof Pass.Quantized) || plan.floats(output.name())) {
      return 1;
    }
    followWeights();
    if (!(output instanceof DotNode last && plan.output(output.name()).isEmpty())) {
      return LogScales.scale(store.read(plan.outputScale(output.name()))[0]);
    }
    return FoldedDot.of(plan, last, store::read, weightCodes(last.name())).outputScale();
  }

  /**
   * Class scores [image][class], or [sequence][class][position], with the running batch-norm
   * statistics: binary32 of a float network, codes of the last layer (32-bit integers) of a
   * quantised network, see {@link IntegerGraph}.
   */
  public double[] scores(Pass pass, Batch batch) {
    Torch.useThreads(workers.threads());
    try (RunningTraining.NativeCall _ = RunningTraining.nativeCall();
        PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      return switch (pass) {
        case Pass.Float _ -> doubles(scores(floats.scores(images(batch), false)));
        case Pass.Floating floating ->
            doubles(scores(floats.scores(images(batch), false, floating)));
        case Pass.Quantized quantised -> {
          followWeights();
          yield new IntegerGraph(plan, store, registers, workers)
              .scores(images(batch), quantised.registers(), (_, _) -> {});
        }
      };
    }
  }

  /**
   * The codes of every node's output but the class scores, by node, [image][channel][row][column]:
   * what a lowered network's tensors are compared with.
   */
  public Map<String, int[]> codes(Pass.Quantized pass, Batch batch) {
    Torch.useThreads(workers.threads());
    Map<String, int[]> all = new LinkedHashMap<>();
    try (RunningTraining.NativeCall _ = RunningTraining.nativeCall();
        PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      followWeights();
      new IntegerGraph(plan, store, registers, workers)
          .scores(
              images(batch),
              pass.registers(),
              (node, codes) -> all.put(node, IntegerRegisterSums.integers(codes.contiguous())));
    }
    return all;
  }

  /** The class with the best score at each place that has a label; the first one of equals. */
  public int[] predictions(Pass pass, Batch batch) {
    double[] scores = scores(pass, batch);
    return places(batch).map(place -> best(scores, place)).toArray();
  }

  /** Images, or positions of sequences, that a batch has labels for. */
  private IntStream places(Batch batch) {
    return IntStream.range(0, batch.size() * plan.model().positions())
        .filter(place -> batch.labels()[place] != Batch.NO_LABEL);
  }

  /** The best class at a place, of scores [example][class][position]. */
  private int best(double[] scores, int place) {
    int classes = plan.model().classes();
    int positions = plan.model().positions();
    int from = place / positions * classes * positions + place % positions;
    int best = 0;
    for (int c = 1; c < classes; c++) {
      if (scores[from + c * positions] > scores[from + best * positions]) {
        best = c;
      }
    }
    return best;
  }

  /** Labels have the scores' shape without the classes. */
  private static long[] labelShape(Tensor scores) {
    long[] shape = new long[Math.toIntExact(scores.dim()) - 1];
    shape[0] = scores.size(0);
    for (int i = 1; i < shape.length; i++) {
      shape[i] = scores.size(i + 1);
    }
    return shape;
  }

  /** The integers that a dot layer's weights are rounded to, row-major [channel][term]. */
  public byte[] weightCodes(String layer) {
    return WeightCodes.of(plan, store, layer);
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
   * Starts every scale from data, those of weights from themselves. Weights under a norm limit get
   * their start values, which may change them.
   */
  public void calibrate(Iterable<Batch> batches) {
    Torch.useThreads(workers.threads());
    Calibration calibration = new Calibration(plan, store);
    try (RunningTraining.NativeCall _ = RunningTraining.nativeCall();
        NoGradGuard _ = new NoGradGuard()) {
      for (Batch batch : batches) {
        try (PointerScope _ = new PointerScope()) {
          floats.scores(images(batch), false, calibration::watch);
        }
      }
    }
    calibration.writeScales();
  }

  /** Notes the largest magnitude of what each dot layer multiplies, for formats that follow it. */
  public void observeOperands(Iterable<Batch> batches) {
    Torch.useThreads(workers.threads());
    Map<String, Float> largest = new HashMap<>();
    try (RunningTraining.NativeCall _ = RunningTraining.nativeCall();
        NoGradGuard _ = new NoGradGuard()) {
      for (Batch batch : batches) {
        try (PointerScope _ = new PointerScope()) {
          floats.scores(
              images(batch),
              false,
              (node, output) -> largest.merge(node, FloatRounding.largest(output), Math::max));
        }
      }
    }
    for (DotNode dot : plan.model().dots()) {
      if (plan.observesOperand(dot)) {
        store.write(
            QuantizationPlan.operandLargest(dot),
            new float[] {largest.getOrDefault(dot.input(), 1f)});
      }
    }
  }

  /** A copy of every dot layer's weights, by layer, memory order. */
  public Map<String, float[]> weights() {
    Map<String, float[]> all = new LinkedHashMap<>();
    plan.model().dots().forEach(dot -> all.put(dot.name(), read(dot.name() + ".weight")));
    return all;
  }

  /**
   * Takes out of biases and running means what the integers of the weights add to sums on average.
   * The scales must have been set.
   *
   * @param floatWeights the float network's {@link #weights}, from before the scales were set
   */
  public void correctBiases(Map<String, float[]> floatWeights, Iterable<Batch> batches) {
    weightErrors(floatWeights, batches).correct();
  }

  /** What the integers of the weights add to the sums of each layer's channels on average. */
  BiasCorrection weightErrors(Map<String, float[]> floatWeights, Iterable<Batch> batches) {
    Torch.useThreads(workers.threads());
    followWeights();
    BiasCorrection correction = new BiasCorrection(plan, store, floatWeights);
    Map<String, float[]> present = weights();
    correction.swap(floatWeights);
    try (RunningTraining.NativeCall _ = RunningTraining.nativeCall();
        NoGradGuard _ = new NoGradGuard()) {
      for (Batch batch : batches) {
        try (PointerScope _ = new PointerScope()) {
          floats.scores(images(batch), false, correction::watch);
          correction.nextBatch();
        }
      }
    } finally {
      correction.swap(present);
    }
    return correction;
  }

  private Tensor forward(Pass pass, Tensor images) {
    return switch (pass) {
      case Pass.Float(Precision precision) -> {
        try (Autocast _ = Autocast.begin(precision)) {
          yield Torch.float32(floats.scores(images, true));
        }
      }
      case Pass.Floating floating -> floats.scores(images, true, floating);
      case Pass.Quantized q -> {
        followWeights();
        yield quantized.scores(images, q.registers());
      }
    };
  }

  /** Observed scales of weights belong to the weights as they are now. */
  private void followWeights() {
    if (!plan.settings().learnScales()) {
      WeightCodes.writeAbsMaxScales(plan, store);
    }
  }

  private Tensor images(Batch batch) {
    FeatureMapShape shape = plan.model().input().shape();
    return Torch.images(
        batch.images(), batch.size(), shape.channels(), shape.height(), shape.width());
  }

  private static float[] scores(Tensor scores) {
    return Torch.floats(scores.contiguous()).toArray(ValueLayout.JAVA_FLOAT);
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    Arrays.setAll(doubles, i -> values[i]);
    return doubles;
  }

  private int correct(double[] scores, Batch batch) {
    return (int)
        places(batch).filter(place -> best(scores, place) == batch.labels()[place]).count();
  }

  @Override
  public void close() {
    custom.release();
    store.close();
    workers.close();
  }
}
