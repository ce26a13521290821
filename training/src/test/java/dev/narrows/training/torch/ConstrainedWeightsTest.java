package dev.narrows.training.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.quantize.a2q.NormMethod;
import dev.narrows.core.quantize.a2q.NormQuantizer;
import dev.narrows.core.quantize.a2q.NormStart;
import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.ModelZoo;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.qat.LogScales;
import dev.narrows.training.qat.QuantizationPlan;
import dev.narrows.training.qat.QuantizationSettings;
import dev.narrows.training.qat.WeightConstraint;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.assertj.core.data.Offset;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConstrainedWeightsTest {
  private static final long SEED = 12;
  private static final String LAYER = "block.conv1";

  private final RandomGenerator random = RandomGeneratorFactory.of("SplittableRandom").create(SEED);

  private static QuantizationPlan plan(NormMethod method, int bits, double penalty) {
    ModelSpec model = ModelZoo.create("cnn-small", 4, new FeatureMapShape(3, 12, 12), 10);
    return QuantizationPlan.of(
        model,
        QuantizationSettings.of(model, 8, 4)
            .with(
                new WeightConstraint(
                    method, bits, NormStart.StartRule.EP, penalty, NormMethod.A2Q)));
  }

  private static DotNode layer(QuantizationPlan plan) {
    return plan.model().dots().stream()
        .filter(dot -> dot.name().equals(LAYER))
        .findFirst()
        .orElseThrow();
  }

  /**
   * The formula in libtorch's own operations, without rounding: what its autograd makes of it is
   * the straight-through gradient, as long as nothing is clipped.
   */
  @ParameterizedTest
  @EnumSource(names = {"A2Q", "A2Q_PLUS"})
  void backward_nothingClipped_agreesWithNativeAutograd(NormMethod method) {
    QuantizationPlan plan = plan(method, 14, 1e-3);
    DotNode dot = layer(plan);
    NormQuantizer quantizer = plan.constraint(dot).orElseThrow();
    ParameterStore store = new ParameterStore(plan);
    int channels = dot.outputChannels();
    float[] v = normal(channels * dot.terms(), 1);
    float[] d = normal(channels, 0.2);
    float[] t = normal(channels, 2);
    for (int c = 0; c < channels; c++) {
      t[c] += 7; // the limit is 1092·s for A2Q+, half of it for A2Q: some above, some below
      d[c] -= 2;
    }
    store.write(LAYER + ".weight", v);
    store.write(QuantizationPlan.weightScale(dot), d);
    store.write(QuantizationPlan.weightNorm(dot), t);
    try (PointerScope _ = new PointerScope()) {
      CustomGradient custom = new CustomGradient();
      FakeQuantization quantize = new FakeQuantization(custom, new Workers(1));
      Tensor weights = store.tensor(LAYER + ".weight");
      Tensor g = torch.empty_like(weights.detach());
      MemorySegment.copy(
          normal(v.length, 1), 0, Torch.floats(g), ValueLayout.JAVA_FLOAT, 0, v.length);
      Tensor scale = store.tensor(QuantizationPlan.weightScale(dot));
      Tensor norm = store.tensor(QuantizationPlan.weightNorm(dot));

      ConstrainedWeights now = ConstrainedWeights.of(store, dot, quantizer);
      quantize.constrained(weights, scale, norm, now).mul(g).sum().backward();
      List<float[]> mine = gradients(weights, scale, norm);
      store.clearGradients();

      Tensor rows = weights.reshape(channels, -1);
      if (method.centred()) {
        rows =
            rows.sub(
                rows.mean(new long[] {1}, true, new org.bytedeco.pytorch.ScalarTypeOptional()));
      }
      Tensor s = torch.exp2(scale);
      Tensor limit = s.mul(new Scalar(quantizer.limit().norm()));
      Tensor wanted = torch.minimum(torch.exp2(norm), limit);
      Tensor ratio = wanted.div(rows.abs().sum(1).mul(s)).view(-1, 1);
      rows.mul(ratio).mul(g.reshape(channels, -1)).sum().backward();
      List<float[]> theirs = gradients(weights, scale, norm);

      for (int i = 0; i < mine.size(); i++) {
        assertThat(mine.get(i))
            .as("seed %d, gradient %d", SEED, i)
            .usingElementComparator((a, b) -> Math.abs(a - b) <= 1e-4f * (1 + Math.abs(b)) ? 0 : 1)
            .containsExactly(theirs.get(i));
      }
      int above = 0;
      for (float gradient : mine.get(2)) {
        above += gradient == 0 ? 1 : 0;
      }
      assertThat(above).as("channels above the limit").isBetween(1, channels - 1);
    }
  }

  @Test
  void addPenalty_normAboveTheLimit_agreesWithFiniteDifferences() {
    double penalty = 0.25;
    QuantizationPlan plan = plan(NormMethod.A2Q_PLUS, 10, penalty);
    DotNode dot = layer(plan);
    NormQuantizer quantizer = plan.constraint(dot).orElseThrow();
    try (TorchModel model = TorchModel.create(plan, SEED, 1)) {
      // nothing reaches the layer's weights from zero images, so all gradients are the penalty's
      model.calibrate(List.of(new Batch(normal(8 * 3 * 144, 1), new int[8], 8)));
      float[] d = normal(dot.outputChannels(), 1);
      float[] t = normal(dot.outputChannels(), 2);
      for (int c = 0; c < d.length; c++) {
        d[c] -= 4;
        t[c] += 2.5f;
      }
      model.write(QuantizationPlan.weightScale(dot), d);
      model.write(QuantizationPlan.weightNorm(dot), t);
      float[] zeros = new float[dot.outputChannels()];
      model.write(dot.norm().orElseThrow().scale(), zeros); // cuts the layer off
      model.differentiate(
          new Pass.Quantized(Map.of()), new Batch(normal(8 * 3 * 144, 1), new int[8], 8));
      float[] gradients = new float[model.valueCount()];
      model.readGradients(gradients);
      int above = 0;
      for (int c = 0; c < d.length; c++) {
        double h = 1e-3;
        double byScale =
            penalty
                * (excess(quantizer, d[c] + h, t[c]) - excess(quantizer, d[c] - h, t[c]))
                / (2 * h);
        double byNorm =
            penalty
                * (excess(quantizer, d[c], t[c] + h) - excess(quantizer, d[c], t[c] - h))
                / (2 * h);
        assertThat((double) gradients[model.slot(QuantizationPlan.weightScale(dot)).offset() + c])
            .isCloseTo(byScale, Offset.offset(1e-3 * (1 + Math.abs(byScale))));
        assertThat((double) gradients[model.slot(QuantizationPlan.weightNorm(dot)).offset() + c])
            .isCloseTo(byNorm, Offset.offset(1e-3 * (1 + Math.abs(byNorm))));
        above += byNorm > 0 ? 1 : 0;
      }
      assertThat(above).isBetween(1, d.length - 1);
    }
  }

  private static double excess(NormQuantizer quantizer, double d, double t) {
    return quantizer.excess(Math.pow(2, d), Math.pow(2, t));
  }

  @Test
  void weightCodes_underALimit_areWhatTheForwardPassMultiplies() {
    QuantizationPlan plan = plan(NormMethod.A2Q_PLUS, 10, 1e-3);
    DotNode dot = layer(plan);
    NormQuantizer quantizer = plan.constraint(dot).orElseThrow();
    try (PointerScope _ = new PointerScope()) {
      ParameterStore store = new ParameterStore(plan);
      store.write(LAYER + ".weight", normal(dot.outputChannels() * dot.terms(), 1));
      ConstrainedWeights.start(store, dot, quantizer, NormStart.StartRule.EP);
      Tensor forward =
          new FakeQuantization(new CustomGradient(), new Workers(1))
              .constrained(
                  store.tensor(LAYER + ".weight"),
                  store.tensor(QuantizationPlan.weightScale(dot)),
                  store.tensor(QuantizationPlan.weightNorm(dot)),
                  ConstrainedWeights.of(store, dot, quantizer));
      float[] multiplied = Torch.floats(forward).toArray(ValueLayout.JAVA_FLOAT);
      byte[] lowered = WeightCodes.of(plan, store, LAYER);
      int[] byCore = new int[dot.terms()];
      int nonZero = 0;
      for (int c = 0; c < dot.outputChannels(); c++) {
        float[] v = store.read(LAYER + ".weight");
        float[] channel = java.util.Arrays.copyOfRange(v, c * dot.terms(), (c + 1) * dot.terms());
        quantizer.quantize(
            channel,
            0,
            dot.terms(),
            new boolean[0],
            LogScales.scale(store.read(QuantizationPlan.weightScale(dot))[c]),
            LogScales.scale(store.read(QuantizationPlan.weightNorm(dot))[c]),
            byCore);
        for (int k = 0; k < dot.terms(); k++) {
          assertThat((int) lowered[c * dot.terms() + k]).isEqualTo(byCore[k]);
          assertThat(multiplied[c * dot.terms() + k]).isEqualTo(byCore[k]);
          nonZero += byCore[k] == 0 ? 0 : 1;
        }
      }
      assertThat(nonZero).isPositive();
    }
  }

  private static List<float[]> gradients(Tensor... leaves) {
    return java.util.Arrays.stream(leaves)
        .map(leaf -> Torch.floats(Torch.dense(leaf.grad())).toArray(ValueLayout.JAVA_FLOAT))
        .toList();
  }

  private float[] normal(int size, double deviation) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return values;
  }
}
