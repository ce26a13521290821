package dev.narrows.training.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.experiments.recipe.BatchNormSteps;
import dev.narrows.experiments.recipe.Precision;
import dev.narrows.training.model.BatchNorm;
import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.ModelZoo;
import dev.narrows.training.model.Rectifier;
import dev.narrows.training.qat.QuantizationPlan;
import dev.narrows.training.qat.QuantizationSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Batch norm, residual and rectifier in one, against libtorch's three in binary64. */
class FusedBatchNormTest {
  private static final long SEED = 29;
  private static final BatchNorm NORM = new BatchNorm("norm");

  private final RandomGenerator random = RandomGeneratorFactory.of("SplittableRandom").create(SEED);

  @ParameterizedTest
  @CsvSource({"NONE, false", "RELU, false", "RELU6, false", "NONE, true", "RELU, true"})
  void apply_channelsAroundLaneEdges_agreesWithLibtorch(Rectifier rectifier, boolean residual) {
    for (torch.ScalarType type :
        new torch.ScalarType[] {torch.ScalarType.Float, torch.ScalarType.BFloat16}) {
      for (int channels : new int[] {1, 3, 8, 16, 17, 32, 40, 64}) {
        compare(type, rectifier, residual, 9, channels, 7, 5);
      }
      compare(type, rectifier, residual, 64, 16, 20, 20); // many pieces
      compare(type, rectifier, residual, 70, 24); // dense
      compare(type, rectifier, residual, 1, 5, 1, 2); // hardly any rows
    }
  }

  private record Result(Tensor output, List<Tensor> gradients, Tensor mean, Tensor variance) {}

  private void compare(
      torch.ScalarType type, Rectifier rectifier, boolean residual, long... shape) {
    String what = type + " " + rectifier + " " + Arrays.toString(shape) + ", seed " + SEED;
    int channels = (int) shape[1];
    try (PointerScope _ = new PointerScope();
        Workers workers = new Workers(2)) {
      Tensor x = normal(shape).mul(new Scalar(3f)).add(new Scalar(7f)).to(type);
      Tensor r = normal(shape).to(type);
      Tensor weights = normal(shape).to(type);
      Tensor gamma = normal(channels);
      Tensor beta = normal(channels);
      CustomGradient custom = new CustomGradient();
      Result fused =
          run(
              torch.ScalarType.Float,
              type,
              List.of(x, gamma, beta, r),
              weights,
              (leaves, mean, variance) ->
                  new FusedBatchNorm(custom, workers)
                      .apply(
                          leaves[0],
                          new FusedBatchNorm.NormArrays(NORM, leaves[1], leaves[2], mean, variance),
                          residual ? Optional.of(leaves[3]) : Optional.empty(),
                          rectifier));
      Result exact =
          run(
              torch.ScalarType.Double,
              torch.ScalarType.Double,
              List.of(x, gamma, beta, r),
              weights,
              (leaves, mean, variance) -> {
                Tensor y =
                    Torch.batchNorm(NORM, leaves[0], leaves[1], leaves[2], mean, variance, true);
                Tensor sum = residual ? y.add(leaves[3]) : y.add(leaves[3].mul(new Scalar(0f)));
                return switch (rectifier) {
                  case NONE -> sum;
                  case RELU -> torch.relu(sum);
                  case RELU6 -> Torch.clamp(sum, 0, 6);
                };
              });
      boolean half = type == torch.ScalarType.BFloat16;
      boolean few = shape[0] == 1; // of two rows hardly anything is left of a gradient
      double tolerance = half ? few ? 0.2 : 0.02 : few ? 1e-3 : 2e-5;
      assertClose(what + " output", half ? 0.005 : 1e-6, fused.output(), exact.output());
      for (int i = 0; i < (residual ? 4 : 3); i++) {
        assertClose(
            what + " gradient " + i, tolerance, fused.gradients().get(i), exact.gradients().get(i));
      }
      assertClose(what + " mean", 1e-6, fused.mean(), exact.mean());
      assertClose(what + " variance", 1e-5, fused.variance(), exact.variance());
      custom.release();
    }
  }

  private interface Operation {
    Tensor of(Tensor[] leaves, Tensor mean, Tensor variance);
  }

  /**
   * Output and gradients of Σ weights·output.
   *
   * @param values x, γ, β, residual
   */
  private static Result run(
      torch.ScalarType ofNorm,
      torch.ScalarType ofData,
      List<Tensor> values,
      Tensor weights,
      Operation operation) {
    Tensor[] leaves = new Tensor[values.size()];
    for (int i = 0; i < leaves.length; i++) {
      boolean norm = i == 1 || i == 2;
      leaves[i] = values.get(i).detach().to(norm ? ofNorm : ofData).clone();
      leaves[i].set_requires_grad(true);
    }
    Tensor mean = torch.zeros(values.get(1).numel()).to(ofNorm);
    Tensor variance = torch.ones(values.get(1).numel()).to(ofNorm);
    Tensor output = operation.of(leaves, mean, variance);
    output.mul(weights.to(ofData)).to(torch.ScalarType.Double).sum().backward();
    List<Tensor> gradients = new ArrayList<>();
    for (Tensor leaf : leaves) {
      gradients.add(leaf.grad().defined() ? leaf.grad() : torch.zeros(1));
    }
    return new Result(output.detach(), gradients, mean, variance);
  }

  /** Up to a share of the largest magnitude. */
  private static void assertClose(String what, double share, Tensor actual, Tensor expected) {
    double[] a = doubles(actual);
    double[] b = doubles(expected);
    double largest = Arrays.stream(b).map(Math::abs).max().orElse(0);
    for (int i = 0; i < b.length; i++) {
      assertThat(Math.abs(a[i] - b[i]))
          .as("%s, element %d: %s against %s", what, i, a[i], b[i])
          .isLessThanOrEqualTo(share * Math.max(1, largest));
    }
  }

  private static double[] doubles(Tensor tensor) {
    return Torch.doubles(Torch.dense(tensor.to(torch.ScalarType.Double)));
  }

  private Tensor normal(long... shape) {
    int size = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Torch.dense(Torch.vector(values).reshape(shape));
  }

  @ParameterizedTest
  @CsvSource({"resnet8", "cnn-small", "mobilenetv2", "resnet18"})
  void differentiate_fused_isSeparateButForRounding(String name) {
    ModelSpec model = ModelZoo.create(name, 8, new FeatureMapShape(3, 16, 16), 4);
    Batch batch = batch(8);
    float[] separate = gradients(model, 1, new Pass.Float(), batch);
    Pass fused = new Pass.Float(Precision.FLOAT32, BatchNormSteps.FUSED);
    float[] once = gradients(model, 1, fused, batch);
    assertThat(cosine(separate, once)).isBetween(0.99999, 1.000001);
    assertThat(once).isNotEqualTo(separate); // else nothing was fused
    assertThat(gradients(model, 1, fused, batch)).isEqualTo(once);
  }

  @ParameterizedTest
  @CsvSource({"resnet8", "cnn-small"})
  void differentiate_fusedInBf16_pointsWhereFloat32Does(String name) {
    ModelSpec model = ModelZoo.create(name, 8, new FeatureMapShape(3, 16, 16), 4);
    Batch batch = batch(8);
    float[] exact = gradients(model, 1, new Pass.Float(), batch);
    Pass fused = new Pass.Float(Precision.BF16, BatchNormSteps.FUSED);
    assertThat(cosine(gradients(model, 1, fused, batch), exact)).isBetween(0.98, 0.999999);
  }

  @Test
  void scores_ofAFusedPhase_areThoseOfASeparateOne() {
    ModelSpec model = ModelZoo.create("resnet8", 8, new FeatureMapShape(3, 16, 16), 4);
    try (TorchModel network = network(model, 1)) {
      Pass fused = new Pass.Float(Precision.FLOAT32, BatchNormSteps.FUSED);
      Batch batch = batch(4);
      assertThat(network.scores(fused, batch)).isEqualTo(network.scores(new Pass.Float(), batch));
    }
  }

  private static TorchModel network(ModelSpec model, int threads) {
    return TorchModel.create(
        QuantizationPlan.of(model, QuantizationSettings.of(model, 4, 4)), 1, threads);
  }

  private static float[] gradients(ModelSpec model, int threads, Pass pass, Batch batch) {
    try (TorchModel network = network(model, threads)) {
      network.differentiate(pass, batch);
      float[] gradients = new float[network.valueCount()];
      network.readGradients(gradients);
      return gradients;
    }
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

  private Batch batch(int size) {
    float[] images = new float[size * 3 * 16 * 16];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian();
    }
    int[] labels = new int[size];
    for (int i = 0; i < size; i++) {
      labels[i] = i % 4;
    }
    return new Batch(images, labels, size);
  }
}
