package dev.narrows.training.torch;

import dev.narrows.core.quantize.a2q.NormQuantizer;
import dev.narrows.core.quantize.a2q.NormStart;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.qat.CodeFormat;
import dev.narrows.training.qat.LogScales;
import dev.narrows.training.qat.QuantizationPlan;
import dev.narrows.training.qat.ScaleObserver;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

/** Weights as integers, and the scales that come from the weights themselves. */
final class WeightCodes {
  private WeightCodes() {}

  /** The codes that the fake-quantised forward multiplies: the same kernel, the same bits. */
  static byte[] of(QuantizationPlan plan, ParameterStore store, String layer) {
    DotNode dot = find(plan, layer);
    Optional<NormQuantizer> constraint = plan.constraint(dot);
    if (constraint.isPresent()) {
      int[] wide = ConstrainedWeights.of(store, dot, constraint.get()).codes();
      byte[] codes = new byte[wide.length];
      for (int i = 0; i < codes.length; i++) {
        codes[i] = (byte) wide[i];
      }
      return codes;
    }
    int limit = CodeFormat.weightLimit(plan.weightBits(dot));
    float[] weights = store.read(layer + ".weight");
    float[] scales = store.read(QuantizationPlan.weightScale(dot));
    int terms = dot.terms();
    MemorySegment in = Torch.floats(store.tensor(layer + ".weight"));
    byte[] codes = new byte[weights.length];
    float[] rounded = new float[weights.length];
    MemorySegment out = MemorySegment.ofArray(rounded);
    for (int c = 0; c < dot.outputChannels(); c++) {
      float ratio = (float) (1 / LogScales.scale(scales[c]));
      QuantizeKernel.forward(in, out, (long) c * terms, (c + 1L) * terms, ratio, -limit, limit);
    }
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (byte) rounded[i];
    }
    return codes;
  }

  /** Scale of each channel: its largest magnitude becomes the largest code. */
  static void writeAbsMaxScales(QuantizationPlan plan, ParameterStore store) {
    writeScales(plan, store, ScaleObserver.MIN_MAX);
  }

  /**
   * Scale of each channel by an observer; 1 for a channel of zeros. Weights under a norm limit get
   * their start values instead, see {@link NormStart}.
   */
  static void writeScales(QuantizationPlan plan, ParameterStore store, ScaleObserver observer) {
    for (DotNode dot : plan.model().dots()) {
      Optional<NormQuantizer> constraint = plan.constraint(dot);
      if (constraint.isPresent()) {
        NormStart.StartRule rule = plan.settings().constraint().orElseThrow().start();
        ConstrainedWeights.start(store, dot, constraint.get(), rule);
        continue;
      }
      int limit = CodeFormat.weightLimit(plan.weightBits(dot));
      float[] weights = store.read(dot.name() + ".weight");
      float[] scales = new float[dot.outputChannels()];
      for (int c = 0; c < scales.length; c++) {
        float[] channel = Arrays.copyOfRange(weights, c * dot.terms(), (c + 1) * dot.terms());
        scales[c] = LogScales.log2(observer.scale(channel, -limit, limit));
      }
      store.write(QuantizationPlan.weightScale(dot), scales);
    }
  }

  private static DotNode find(QuantizationPlan plan, String layer) {
    return plan.model().dots().stream()
        .filter(dot -> dot.name().equals(layer))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no dot layer is called " + layer));
  }
}
