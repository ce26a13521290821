package dev.narrows.training.torch;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.training.model.BatchNorm;
import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.ModelZoo;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.model.ParameterSpec;
import dev.narrows.training.qat.LogScales;
import dev.narrows.training.qat.QuantizationPlan;
import dev.narrows.training.qat.QuantizationSettings;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BiasCorrectionTest {
  private static final FeatureMapShape IMAGE = new FeatureMapShape(3, 12, 12);
  private static final int IMAGES = 64;

  @ParameterizedTest
  @ValueSource(strings = {"mlp2", "cnn-small", "dscnn", "resnet8"})
  void correct_weightsOfThreeBits_lowersTheMeanErrorOfTheScores(String name) {
    ModelSpec spec = ModelZoo.create(name, 8, IMAGE, 5);
    QuantizationPlan plan = QuantizationPlan.of(spec, QuantizationSettings.of(spec, 3, 8));
    try (TorchModel model = TorchModel.create(plan, 1, 1)) {
      Random random = new Random(9);
      for (ParameterSpec parameter : spec.parameters()) {
        if (parameter.role() == ParameterSpec.ParameterRole.NORM_SHIFT) {
          float[] shift = model.read(parameter.name());
          for (int c = 0; c < shift.length; c++) {
            shift[c] = 0.5f + (float) random.nextGaussian();
          }
          model.write(parameter.name(), shift);
        }
      }
      Batch batch = batch(random);
      model.calibrate(List.of(batch));
      float[] values = new float[model.valueCount()];
      model.readValues(values);
      double[] real = means(model, batch);
      roundWeights(model);
      double uncorrected = distance(real, means(model, batch));
      model.writeValues(values);
      model.integers().correctBiases(model.weights(), List.of(batch));
      roundWeights(model);
      double corrected = distance(real, means(model, batch));
      assertThat(corrected).as("uncorrected %s", uncorrected).isLessThan(0.6 * uncorrected);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp2", "resnet8"})
  void correct_firstLayer_leavesNoErrorBehind(String name) {
    ModelSpec spec = ModelZoo.create(name, 8, IMAGE, 5);
    QuantizationSettings settings = QuantizationSettings.of(spec, 3, 8);
    QuantizationPlan plan =
        QuantizationPlan.of(
            spec,
            new QuantizationSettings(3, 8, 3, settings.excluded(), true, settings.observer()));
    try (TorchModel model = TorchModel.create(plan, 1, 1)) {
      Batch batch = batch(new Random(10));
      model.calibrate(List.of(batch));
      DotNode first = spec.dots().getFirst();
      String array = first.norm().map(BatchNorm::mean).orElse(first.name() + ".bias");
      double[] errors =
          requireNonNull(
              model
                  .integers()
                  .weightErrors(model.weights(), List.of(batch))
                  .errors()
                  .get(first.name()));
      float[] before = model.read(array);
      model.integers().correctBiases(model.weights(), List.of(batch));
      float[] after = model.read(array);
      for (int c = 0; c < before.length; c++) {
        double moved = first.norm().isPresent() ? errors[c] : -errors[c];
        assertThat(after[c]).isEqualTo((float) (before[c] + moved));
        assertThat(after[c]).isNotEqualTo(before[c]);
      }
    }
  }

  private static Batch batch(Random random) {
    float[] images = new float[IMAGES * IMAGE.size()];
    for (int i = 0; i < images.length; i++) {
      images[i] = 0.5f + (float) random.nextGaussian();
    }
    return new Batch(images, new int[IMAGES], IMAGES);
  }

  private static void roundWeights(TorchModel model) {
    for (DotNode dot : model.plan().model().dots()) {
      float[] scales = model.read(QuantizationPlan.weightScale(dot));
      byte[] codes = model.integers().weightCodes(dot.name());
      float[] rounded = new float[codes.length];
      for (int i = 0; i < codes.length; i++) {
        rounded[i] = (float) (codes[i] * LogScales.scale(scales[i / dot.terms()]));
      }
      model.write(dot.name() + ".weight", rounded);
    }
  }

  /** Mean score of each class by the float network. */
  private static double[] means(TorchModel model, Batch batch) {
    double[] scores = model.scores(new Pass.Float(), batch);
    double[] means = new double[5];
    for (int i = 0; i < scores.length; i++) {
      means[i % 5] += scores[i] / IMAGES;
    }
    return means;
  }

  private static double distance(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return Math.sqrt(sum);
  }
}
