package dev.narrows.training.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.narrows.data.CounterRandom;
import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.ModelZoo;
import dev.narrows.training.qat.QuantizationPlan;
import dev.narrows.training.qat.QuantizationSettings;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DistillationTest {
  private static final int IMAGES = 5;
  private static final int CLASSES = 4;

  @ParameterizedTest
  @CsvSource({"4, 0.9", "1, 0.5", "0.5, 1", "20, 0.1"})
  void distillation_lossAndGradient_areTheDefinitions(double temperature, double weight) {
    float[] student = scores(1);
    float[] teacher = scores(2);
    int[] labels = {0, 3, 1, 2, 0};
    double loss = 0;
    double[] gradient = new double[student.length];
    for (int i = 0; i < IMAGES; i++) {
      double[] hard = softmax(student, i, 1);
      double[] soft = softmax(student, i, temperature);
      double[] wanted = softmax(teacher, i, temperature);
      loss -= (1 - weight) * Math.log(hard[labels[i]]) / IMAGES;
      for (int c = 0; c < CLASSES; c++) {
        loss +=
            weight * temperature * temperature * wanted[c] * Math.log(wanted[c] / soft[c]) / IMAGES;
        double label = labels[i] == c ? 1 : 0;
        gradient[i * CLASSES + c] =
            ((1 - weight) * (hard[c] - label) + weight * temperature * (soft[c] - wanted[c]))
                / IMAGES;
      }
    }
    try (PointerScope _ = new PointerScope()) {
      Tensor leaf = Torch.vector(student).view(IMAGES, CLASSES).detach();
      leaf.set_requires_grad(true);
      Tensor found =
          Torch.distillation(
              leaf, Torch.labels(labels, IMAGES), new SoftTargets(teacher, temperature, weight));
      found.backward();
      // float32, sums of a few terms: some units in the last place of values near 10
      assertThat(found.item_double()).isCloseTo(loss, within(2e-5));
      float[] gradients = Torch.floats(leaf.grad()).toArray(ValueLayout.JAVA_FLOAT);
      for (int i = 0; i < gradients.length; i++) {
        assertThat((double) gradients[i]).isCloseTo(gradient[i], within(2e-6));
      }
    }
  }

  @Test
  void differentiate_teacherOfWeightZero_givesTheBitsOfNoTeacher() {
    ModelSpec model = ModelZoo.create("cnn-small", 8, new FeatureMapShape(1, 12, 12), CLASSES);
    QuantizationPlan plan = QuantizationPlan.of(model, QuantizationSettings.of(model, 4, 4));
    Batch batch = new Batch(images(IMAGES * 144), new int[] {0, 1, 2, 3, 0}, IMAGES);
    Pass pass = new Pass.Quantized(Map.of());
    try (TorchModel network = TorchModel.create(plan, 1, 1)) {
      network.calibrate(List.of(batch));
      float[] statistics = new float[network.statisticCount()];
      network.readStatistics(statistics);
      float[] alone = gradients(network, pass, batch, Optional.empty());
      SoftTargets none = new SoftTargets(scores(2), 4, 0);
      network.writeStatistics(statistics); // sums are taken about the running means
      assertThat(Arrays.equals(gradients(network, pass, batch, Optional.of(none)), alone)).isTrue();
      network.writeStatistics(statistics);
      SoftTargets some = new SoftTargets(scores(2), 4, 0.01);
      assertThat(Arrays.equals(gradients(network, pass, batch, Optional.of(some)), alone))
          .isFalse();
    }
  }

  private static float[] gradients(
      TorchModel network, Pass pass, Batch batch, Optional<SoftTargets> teacher) {
    network.differentiate(pass, batch, teacher);
    float[] gradients = new float[network.valueCount()];
    network.readGradients(gradients);
    return gradients;
  }

  private static double[] softmax(float[] scores, int image, double temperature) {
    double[] shares = new double[CLASSES];
    double sum = 0;
    for (int c = 0; c < CLASSES; c++) {
      shares[c] = Math.exp(scores[image * CLASSES + c] / temperature);
      sum += shares[c];
    }
    for (int c = 0; c < CLASSES; c++) {
      shares[c] /= sum;
    }
    return shares;
  }

  private static float[] scores(long seed) {
    return random(seed, IMAGES * CLASSES, 4);
  }

  private static float[] images(int count) {
    return random(7, count, 1);
  }

  private static float[] random(long seed, int count, float limit) {
    CounterRandom random = CounterRandom.of(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = limit * (random.below(20_001, i) - 10_000) / 10_000f;
    }
    return values;
  }
}
