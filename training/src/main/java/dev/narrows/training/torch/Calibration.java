package dev.narrows.training.torch;

import dev.narrows.training.model.Node;
import dev.narrows.training.qat.CodeFormat;
import dev.narrows.training.qat.LogScales;
import dev.narrows.training.qat.Operand;
import dev.narrows.training.qat.QuantizationPlan;
import dev.narrows.training.qat.ScaleObserver;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/** Collects what the float network computes and turns it into start scales. */
final class Calibration {
  /** Values kept of each tensor of each batch, evenly spaced; its extremes are kept as well. */
  private static final int KEPT = 8192;

  private final QuantizationPlan plan;
  private final ParameterStore store;
  private final Map<String, List<float[]>> samples = new HashMap<>();

  Calibration(QuantizationPlan plan, ParameterStore store) {
    this.plan = plan;
    this.store = store;
  }

  /** Sees a node's float output. */
  void watch(String node, Tensor output) {
    if (plan.output(node).isEmpty()) {
      return;
    }
    Tensor dense = Torch.dense(output);
    MemorySegment memory = Torch.floats(dense);
    long size = dense.numel();
    int kept = (int) Math.min(size, KEPT);
    float[] sample = new float[kept + 2];
    for (int i = 0; i < kept; i++) {
      sample[i] = memory.getAtIndex(ValueLayout.JAVA_FLOAT, size * i / kept);
    }
    sample[kept] = dense.max().item_float();
    sample[kept + 1] = dense.min().item_float();
    samples.computeIfAbsent(node, _ -> new ArrayList<>()).add(sample);
  }

  /** Writes start values of all log2 scales. */
  void writeScales() {
    ScaleObserver observer = plan.settings().observer();
    WeightCodes.writeScales(
        plan, store, plan.settings().learnScales() ? observer : ScaleObserver.MIN_MAX);
    for (Node node : plan.model().nodes()) {
      for (Operand operand : Operand.all(node)) {
        plan.operand(operand)
            .ifPresent(codes -> write(operand.scale(), observer, operand.input(), codes));
      }
      Optional<CodeFormat> codes = plan.output(node.name());
      if (codes.isPresent() && plan.scaleOwner(node.name()).equals(node.name())) {
        write(plan.outputScale(node.name()), observer, node.name(), codes.get());
      }
    }
  }

  private void write(String array, ScaleObserver observer, String node, CodeFormat codes) {
    double scale = observer.scale(sample(node), codes.min(), codes.max());
    store.write(array, new float[] {LogScales.log2(scale)});
  }

  private float[] sample(String node) {
    List<float[]> parts = samples.getOrDefault(node, List.of());
    float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }
}
