package dev.narrows.training.torch;

import dev.narrows.training.model.Node;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.qat.FoldedDot;
import dev.narrows.training.qat.LogScales;
import dev.narrows.training.qat.QuantizationPlan;
import dev.narrows.training.qat.TrainingRegister;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.bytedeco.pytorch.Tensor;

/**
 * What a model is in the integers of its plan: fake-quantised in training, evaluated as the lowered
 * network computes.
 */
public final class IntegerModel {
  private final QuantizationPlan plan;
  private final ParameterStore store;
  private final Workers workers;
  private final FloatGraph floats;
  private final IntegerRegisterSums registers;
  private final FakeQuantizedGraph quantized;

  IntegerModel(
      QuantizationPlan plan,
      ParameterStore store,
      FloatGraph floats,
      CustomGradient custom,
      Workers workers) {
    this.plan = plan;
    this.store = store;
    this.workers = workers;
    this.floats = floats;
    this.registers = new IntegerRegisterSums(custom, workers);
    this.quantized =
        new FakeQuantizedGraph(
            plan,
            store,
            new FakeQuantization(custom, workers),
            new BatchNormQuantization(custom, workers),
            registers);
  }

  public QuantizationPlan plan() {
    return plan;
  }

  /** Forward in training mode. */
  Tensor training(Tensor images, Map<String, TrainingRegister> layers) {
    followWeights();
    return quantized.scores(images, layers);
  }

  /** Codes of the last layer, see {@link IntegerGraph}. */
  double[] scores(
      Tensor images, Map<String, TrainingRegister> layers, BiConsumer<String, Tensor> watcher) {
    followWeights();
    return new IntegerGraph(plan, store, registers, workers).scores(images, layers, watcher);
  }

  /** Whether the last node gives floating-point numbers all the same. */
  boolean floatScores() {
    return plan.floats(plan.model().output().name());
  }

  /** The scale of the last node's codes. */
  double scoreScale() {
    followWeights();
    Node output = plan.model().output();
    if (output instanceof DotNode last && plan.output(output.name()).isEmpty()) {
      return FoldedDot.of(plan, last, store::read, weightCodes(last.name())).outputScale();
    }
    return LogScales.scale(store.read(plan.outputScale(output.name()))[0]);
  }

  /**
   * The codes of every node's output but the class scores, by node, [image][channel][row][column]:
   * what a lowered network's tensors are compared with.
   */
  public Map<String, int[]> codes(Pass.Quantized pass, Batch batch) {
    Map<String, int[]> all = new LinkedHashMap<>();
    NativeScope.evaluate(
        workers,
        () ->
            scores(
                batch.tensor(plan.model().input().shape()),
                pass.registers(),
                (node, codes) -> all.put(node, IntegerRegisterSums.integers(codes.contiguous()))));
    return all;
  }

  /** The integers that a dot layer's weights are rounded to, row-major [channel][term]. */
  public byte[] weightCodes(String layer) {
    return WeightCodes.of(plan, store, layer);
  }

  /**
   * Starts every scale from data, those of weights from themselves. Weights under a norm limit get
   * their start values, which may change them.
   */
  void calibrate(Iterable<Batch> batches) {
    Calibration calibration = new Calibration(plan, store);
    for (Batch batch : batches) {
      watch(batch, calibration::watch);
    }
    calibration.writeScales();
  }

  /** Shows the float network's output of every node. */
  private void watch(Batch batch, BiConsumer<String, Tensor> watcher) {
    NativeScope.evaluate(
        workers, () -> floats.scores(batch.tensor(plan.model().input().shape()), watcher));
  }

  /**
   * Takes out of biases and running means what the integers of the weights add to sums on average.
   * The scales must have been set.
   *
   * @param floatWeights the float network's {@link TorchModel#weights}, from before the scales were
   *     set
   */
  public void correctBiases(Map<String, float[]> floatWeights, Iterable<Batch> batches) {
    weightErrors(floatWeights, batches).correct();
  }

  /** What the integers of the weights add to the sums of each layer's channels on average. */
  BiasCorrection weightErrors(Map<String, float[]> floatWeights, Iterable<Batch> batches) {
    followWeights();
    BiasCorrection correction = new BiasCorrection(plan, store, floatWeights);
    Map<String, float[]> present = store.weights(plan.model());
    correction.swap(floatWeights);
    try {
      for (Batch batch : batches) {
        watch(batch, correction::watch);
        correction.nextBatch();
      }
    } finally {
      correction.swap(present);
    }
    return correction;
  }

  /** Adds the penalty of norm limits to the gradients. */
  void addPenalty() {
    ConstrainedWeights.addPenalty(plan, store);
  }

  /** Observed scales of weights belong to the weights as they are now. */
  private void followWeights() {
    if (!plan.learnsArrays()) {
      WeightCodes.writeAbsMaxScales(plan, store);
    }
  }
}
