package dev.narrows.training.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.ModelZoo;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.optimize.OptimizerSpec;
import dev.narrows.training.optimize.ParameterOptimizer;
import dev.narrows.training.qat.QuantizationPlan;
import dev.narrows.training.qat.QuantizationSettings;
import dev.narrows.training.qat.TrainingRegister;
import dev.narrows.training.qat.TrainingRegister.ResolvedRegister;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("slow")
class TorchModelTest {
  static List<String> zoo() {
    return ModelZoo.OF_IMAGES;
  }

  @ParameterizedTest
  @MethodSource("zoo")
  void differentiate_everyNetworkInFloatAndQuantised_learnsASmallBatch(String name) {
    ModelSpec model = ModelZoo.create(name, 8, new FeatureMapShape(3, 16, 16), 4);
    QuantizationPlan plan = QuantizationPlan.of(model, QuantizationSettings.of(model, 4, 4));
    try (TorchModel network = TorchModel.create(plan, 1, 1)) {
      Batch batch = batch(model, 16, 3);
      double before = network.differentiate(new Pass.Float(), batch).loss();
      boolean deep = name.startsWith("mobile"); // 27 batch norms of few numbers
      double after = train(network, new Pass.Float(), batch, deep ? 100 : 40, deep ? 0.01 : 0.05);
      assertThat(after).isLessThan(0.8 * before);
      network.calibrate(List.of(batch));
      double rounded = network.differentiate(quantised(plan, 12), batch).loss();
      double quantised = train(network, quantised(plan, 12), batch, 12, 0.05);
      assertThat(quantised).isLessThan(Math.max(before, rounded));
    }
  }

  @Test
  void differentiate_sameSeedAndThreads_givesTheSameBits() {
    float[] first = trained(5, 2);
    assertThat(trained(5, 2)).isEqualTo(first);
    assertThat(trained(6, 2)).isNotEqualTo(first);
  }

  private static float[] trained(long seed, int threads) {
    ModelSpec model = ModelZoo.create("cnn-small", 16, new FeatureMapShape(1, 28, 28), 10);
    QuantizationPlan plan = QuantizationPlan.of(model, QuantizationSettings.of(model, 4, 4));
    try (TorchModel network = TorchModel.create(plan, seed, threads)) {
      Batch batch = batch(model, 64, 9);
      train(network, new Pass.Float(), batch, 4, 0.05);
      network.calibrate(List.of(batch));
      train(network, quantised(plan, 9), batch, 4, 0.05);
      float[] values = new float[network.valueCount()];
      network.readValues(values);
      return values;
    }
  }

  @Test
  void weightCodes_lieInTheNarrowRange_andReachItAfterAbsMaxCalibration() {
    ModelSpec model = ModelZoo.create("resnet20", 16, new FeatureMapShape(3, 16, 16), 10);
    for (int bits = 2; bits <= 8; bits++) {
      QuantizationPlan plan = QuantizationPlan.of(model, QuantizationSettings.of(model, bits, 4));
      try (TorchModel network = TorchModel.create(plan, 1, 1)) {
        network.calibrate(List.of(batch(model, 4, 1)));
        byte[] codes = network.integers().weightCodes("layer2.1.conv1");
        int limit = (1 << (bits - 1)) - 1;
        assertThat(codes).hasSize(32 * 32 * 9);
        for (byte code : codes) {
          assertThat((int) code).isBetween(-limit, limit);
        }
      }
    }
  }

  @Test
  void calibrate_layerOfZerosAndConstantInput_staysFinite() {
    ModelSpec model = ModelZoo.create("cnn-small", 16, new FeatureMapShape(1, 28, 28), 10);
    QuantizationPlan plan = QuantizationPlan.of(model, QuantizationSettings.of(model, 3, 3));
    try (TorchModel network = TorchModel.create(plan, 1, 1)) {
      network.write("block.conv1.weight", new float[network.read("block.conv1.weight").length]);
      Batch batch = new Batch(new float[4 * 784], new int[] {0, 1, 2, 3}, 4);
      network.calibrate(List.of(batch));
      assertThat(network.integers().weightCodes("block.conv1")).containsOnly(0);
      assertThat(network.differentiate(quantised(plan, 8), batch).loss()).isFinite();
      for (double score : network.scores(quantised(plan, 8), batch)) {
        assertThat(score).isFinite();
      }
    }
  }

  private static Pass quantised(QuantizationPlan plan, int registerBits) {
    Map<String, TrainingRegister> registers = new HashMap<>();
    for (DotNode dot : plan.model().dots()) {
      if (plan.narrow(dot)) {
        registers.put(dot.name(), new ResolvedRegister(registerBits));
      }
    }
    return new Pass.Quantized(registers);
  }

  private static double train(TorchModel network, Pass pass, Batch batch, int steps, double rate) {
    ParameterOptimizer optimizer =
        new ParameterOptimizer(
            new OptimizerSpec.Sgd(0.9, 1e-4, true), network.slots(), network.valueCount());
    float[] values = new float[network.valueCount()];
    float[] gradients = new float[network.valueCount()];
    double loss = Double.NaN;
    for (int i = 0; i < steps; i++) {
      loss = network.differentiate(pass, batch).loss();
      network.readValues(values);
      network.readGradients(gradients);
      optimizer.step(values, gradients, rate, 1e-3);
      network.writeValues(values);
    }
    return loss;
  }

  private static Batch batch(ModelSpec model, int size, long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("SplittableRandom").create(seed);
    float[] images = new float[size * model.input().shape().size()];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian();
    }
    int[] labels = new int[size];
    for (int i = 0; i < size; i++) {
      labels[i] = i % model.classes();
    }
    return new Batch(images, labels, size);
  }
}
