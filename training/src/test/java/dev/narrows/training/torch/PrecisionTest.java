package dev.narrows.training.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.data.CounterRandom;
import dev.narrows.experiments.recipe.Precision;
import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.ModelZoo;
import dev.narrows.training.qat.QuantizationPlan;
import dev.narrows.training.qat.QuantizationSettings;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PrecisionTest {
  private static final Pass FLOAT32 = new Pass.Float();
  private static final Pass BF16 = new Pass.Float(Precision.BF16);

  @Test
  void differentiate_bf16_roundsTheProductsAndPointsTheSameWay() {
    ModelSpec model = ModelZoo.create("resnet8", 8, new FeatureMapShape(3, 16, 16), 4);
    try (TorchModel network =
        TorchModel.create(QuantizationPlan.of(model, QuantizationSettings.of(model, 4, 4)), 1, 1)) {
      Batch batch = batch(16);
      float[] exact = gradients(network, FLOAT32, batch);
      float[] rounded = gradients(network, BF16, batch);
      assertThat(cosine(exact, rounded)).isBetween(0.99, 0.999999);
      // nothing of it is left on the thread
      assertThat(Arrays.equals(gradients(network, FLOAT32, batch), exact)).isTrue();
    }
  }

  @Test
  void scores_ofABf16Phase_areThoseOfFloat32() {
    ModelSpec model = ModelZoo.create("cnn-small", 8, new FeatureMapShape(3, 16, 16), 4);
    try (TorchModel network =
        TorchModel.create(QuantizationPlan.of(model, QuantizationSettings.of(model, 4, 4)), 1, 1)) {
      assertThat(network.scores(BF16, batch(4))).isEqualTo(network.scores(FLOAT32, batch(4)));
    }
  }

  private static float[] gradients(TorchModel network, Pass pass, Batch batch) {
    network.differentiate(pass, batch);
    float[] gradients = new float[network.valueCount()];
    network.readGradients(gradients);
    return gradients;
  }

  private static double cosine(float[] left, float[] right) {
    double dot = 0;
    double first = 0;
    double second = 0;
    for (int i = 0; i < left.length; i++) {
      dot += (double) left[i] * right[i];
      first += (double) left[i] * left[i];
      second += (double) right[i] * right[i];
    }
    return dot / Math.sqrt(first * second);
  }

  private static Batch batch(int size) {
    CounterRandom random = CounterRandom.of(5);
    float[] images = new float[size * 3 * 16 * 16];
    for (int i = 0; i < images.length; i++) {
      images[i] = (random.below(2001, i) - 1000) / 500f;
    }
    int[] labels = new int[size];
    for (int i = 0; i < size; i++) {
      labels[i] = i % 4;
    }
    return new Batch(images, labels, size);
  }
}
