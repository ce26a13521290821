package dev.narrows.training.torch;

import dev.narrows.training.model.BatchNorm;
import dev.narrows.training.model.Node;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.qat.LogScales;
import dev.narrows.training.qat.QuantizationPlan;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * What rounding the weights adds to each channel's sums on average: E[(ŵ − w)·x] over positions of
 * the float network's activations x, ŵ the weights that the codes stand for.
 *
 * <p>A bias is corrected by subtracting it. Batch norm is corrected in its running mean, by adding
 * it: in evaluation that is the same as a correction of β by γ/σ times the error, but while
 * training goes on batch norm takes the batch's own mean, which contains the error already, and a
 * changed β would correct it twice.
 *
 * @see <a href="https://arxiv.org/abs/1906.04721">Nagel et al., Data-free quantization, ICCV 2019,
 *     section 4.2</a>
 * @see "docs/training.md, equations (34) and (35)"
 */
final class BiasCorrection {
  private final QuantizationPlan plan;
  private final ParameterStore store;
  private final Map<String, double[]> sums = new LinkedHashMap<>();
  private final Map<String, Long> positions = new HashMap<>();
  private final Map<String, Tensor> outputs = new HashMap<>();

  /** ŵ − w of each layer, in memory order. */
  private final Map<String, float[]> roundings = new HashMap<>();

  /**
   * @param floatWeights the float network's weights, because the store may hold others by now
   */
  BiasCorrection(QuantizationPlan plan, ParameterStore store, Map<String, float[]> floatWeights) {
    this.plan = plan;
    this.store = store;
    for (DotNode dot : plan.model().dots()) {
      roundings.put(dot.name(), rounding(dot, of(floatWeights, dot)));
    }
  }

  private static float[] of(Map<String, float[]> layers, DotNode dot) {
    float[] weights = layers.get(dot.name());
    if (weights == null) {
      throw new IllegalArgumentException("no weights of layer " + dot.name());
    }
    return weights;
  }

  /** Puts these weights into the store: calibration may have changed them. */
  void swap(Map<String, float[]> floatWeights) {
    for (DotNode dot : plan.model().dots()) {
      store.write(dot.name() + ".weight", of(floatWeights, dot));
    }
  }

  /** Forgets the last batch's tensors, which belong to its scope. */
  void nextBatch() {
    outputs.clear();
  }

  /** Sees a node's float output, after those of its inputs. */
  void watch(String node, Tensor output) {
    outputs.put(node, output);
    for (Node candidate : plan.model().nodes()) {
      if (candidate.name().equals(node) && candidate instanceof DotNode dot) {
        add(dot);
      }
    }
  }

  private void add(DotNode dot) {
    Tensor input = outputs.get(dot.input());
    if (input == null) {
      throw new IllegalStateException("node " + dot.input() + " has not run yet");
    }
    Tensor errors =
        Torch.dense(FloatGraph.products(dot, FloatGraph.operand(dot, input), roundings(dot)));
    MemorySegment memory = Torch.floats(errors);
    int channels = dot.outputChannels();
    double[] sum = sums.computeIfAbsent(dot.name(), _ -> new double[channels]);
    long size = errors.numel();
    for (long i = 0; i < size; i++) { // channels last
      sum[(int) (i % channels)] += memory.getAtIndex(ValueLayout.JAVA_FLOAT, i);
    }
    positions.merge(dot.name(), size / channels, Long::sum);
  }

  private Tensor roundings(DotNode dot) {
    float[] errors = of(roundings, dot);
    Tensor tensor = torch.empty_like(store.tensor(dot.name() + ".weight").detach());
    MemorySegment.copy(errors, 0, Torch.floats(tensor), ValueLayout.JAVA_FLOAT, 0, errors.length);
    return tensor;
  }

  private float[] rounding(DotNode dot, float[] weights) {
    float[] scales = store.read(QuantizationPlan.weightScale(dot));
    byte[] codes = WeightCodes.of(plan, store, dot.name());
    float[] errors = new float[weights.length];
    for (int i = 0; i < errors.length; i++) {
      errors[i] = (float) (codes[i] * LogScales.scale(scales[i / dot.terms()]) - weights[i]);
    }
    return errors;
  }

  /** E[(ŵ − w)·x] by layer and channel. */
  Map<String, double[]> errors() {
    Map<String, double[]> means = new LinkedHashMap<>();
    sums.forEach((layer, sum) -> {
      double[] mean = sum.clone();
      for (int c = 0; c < mean.length; c++) {
        mean[c] /= positions.getOrDefault(layer, 1L);
      }
      means.put(layer, mean);
    });
    return means;
  }

  /** Takes the errors out of biases and running means. */
  void correct() {
    Map<String, double[]> means = errors();
    for (DotNode dot : plan.model().dots()) {
      double[] mean = means.getOrDefault(dot.name(), new double[dot.outputChannels()]);
      String array = dot.norm().map(BatchNorm::mean).orElse(dot.name() + ".bias");
      int sign = dot.norm().isPresent() ? 1 : -1;
      float[] values = store.read(array);
      for (int c = 0; c < values.length; c++) {
        values[c] = (float) (values[c] + sign * mean[c]);
      }
      store.write(array, values);
    }
  }
}
