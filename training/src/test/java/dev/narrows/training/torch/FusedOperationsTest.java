package dev.narrows.training.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.training.model.BatchNorm;
import dev.narrows.training.qat.CodeFormat;
import dev.narrows.training.qat.TrainingRegister;
import dev.narrows.training.qat.TrainingRegister.ExactRegister;
import dev.narrows.training.qat.TrainingRegister.ResolvedRegister;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/** Operations that do several steps in one pass, against the same steps by library calls. */
class FusedOperationsTest {
  private static final long SEED = 17;

  private final RandomGenerator random = RandomGeneratorFactory.of("SplittableRandom").create(SEED);

  @Test
  void normQuantize_channelsAroundLaneEdges_agreesWithLibraryCalls() {
    for (int channels : new int[] {1, 3, 8, 16, 17, 40}) {
      norm(new ExactRegister(), new CodeFormat(4, false), 9, channels, 7, 5);
      norm(new ExactRegister(), new CodeFormat(8, true), 3, channels, 4, 4);
    }
    norm(new ExactRegister(), new CodeFormat(2, false), 64, 16, 20, 20); // many pieces
    norm(new ExactRegister(), new CodeFormat(3, true), 70, 24); // dense
  }

  @Test
  void normQuantize_throughARegister_agreesWithAClampBefore() {
    for (int bits : new int[] {5, 7, 8}) {
      norm(new ResolvedRegister(bits), new CodeFormat(4, false), 9, 17, 7, 5);
      norm(new ResolvedRegister(bits), new CodeFormat(8, true), 30, 16, 12, 12);
    }
  }

  private void norm(TrainingRegister register, CodeFormat codes, long... shape) {
    long images = shape[0];
    int channels = (int) shape[1];
    long[] full = shape.clone();
    try (PointerScope _ = new PointerScope();
        Workers workers = new Workers(2)) {
      Tensor base =
          Torch.dense(normal(full).mul(new Scalar(60f)).add(new Scalar(25f)).round()).detach();
      base.set_requires_grad(true);
      float[] log2 = new float[channels];
      float[] signs = new float[channels];
      float[] gammas = new float[channels];
      float[] betas = new float[channels];
      for (int c = 0; c < channels; c++) {
        log2[c] = -5 + c % 3;
        signs[c] = c % 4 == 1 ? -1 : 1;
        gammas[c] = (float) (signs[c] * (0.5 + random.nextDouble()));
        betas[c] = (float) random.nextGaussian();
      }
      Tensor log2Scale = leaf(log2);
      Tensor gamma = leaf(gammas);
      Tensor beta = leaf(betas);
      Tensor output = leaf(new float[] {codes.bits() > 4 ? -5f : -1.5f});
      float[] startMean = new float[channels];
      Arrays.fill(startMean, 0.8f);
      Tensor[] means = {Torch.vector(startMean), Torch.vector(startMean)};
      Tensor[] variances = {torch.ones(channels), torch.ones(channels)};

      CustomGradient custom = new CustomGradient();
      BatchNormQuantization fused = new BatchNormQuantization(custom, workers);
      FakeQuantization quantize = new FakeQuantization(custom, workers);
      Supplier<Tensor> mine =
          () ->
              fused.apply(
                  base,
                  register,
                  new BatchNormQuantization.BatchNormTensors(
                      new BatchNorm("norm"), log2Scale, signs, gamma, beta, means[0], variances[0]),
                  output,
                  codes);
      long[] broadcast =
          full.length == 4 ? new long[] {1, channels, 1, 1} : new long[] {1, channels};
      Supplier<Tensor> theirs =
          () -> {
            Tensor k = torch.exp2(log2Scale).mul(Torch.vector(signs)).view(broadcast);
            Tensor real =
                Torch.batchNorm(
                    new BatchNorm("norm"),
                    seen(register, base).mul(k),
                    gamma,
                    beta,
                    means[1],
                    variances[1],
                    true);
            return quantize.activations(real, output, codes);
          };
      String what = Arrays.toString(shape) + " " + codes + ", seed " + SEED;
      float[] codesFound = channelRows(mine.get());
      // The library's own statistics are float sums, off by 5e-5 in one case; so compare with
      // double.
      Tensor z =
          seen(register, base.detach())
              .to(torch.ScalarType.Double)
              .mul(torch.exp2(log2Scale.detach()).mul(Torch.vector(signs)).view(broadcast))
              .transpose(0, 1)
              .reshape(channels, -1);
      assertRounded(
          what, codesFound, reference(z, gamma.detach(), beta.detach(), output.detach()), codes);
      assertClose(what, 1e-6, values(means[0]), moved(0.8, z.mean(1)));
      assertClose(what, 1e-6, values(variances[0]), moved(1, z.var(new long[] {1}, true, false)));
      // log2Scale: what is left after batch norm has cancelled it is far below the others'
      // rounding.
      Tensor[] leaves = {base, gamma, beta, output};
      List<float[]> a = gradients(mine, leaves);
      List<float[]> b = gradients(theirs, leaves);
      for (int i = 0; i < leaves.length; i++) {
        assertClose(what + ", input " + i, 2e-4, a.get(i), b.get(i));
      }
      assertThat(images).isPositive();
    }
  }

  private static Tensor seen(TrainingRegister register, Tensor sums) {
    return register instanceof ResolvedRegister resolved
        ? Torch.clamp(sums, resolved.min(), resolved.max())
        : sums;
  }

  private static float[] channelRows(Tensor tensor) {
    return values(tensor.detach().transpose(0, 1).reshape(tensor.size(1), -1));
  }

  /** Normalised values in units of a code, in double, [channel][value]. */
  private static double[] reference(Tensor z, Tensor gamma, Tensor beta, Tensor output) {
    Tensor mean = z.mean(1).view(-1, 1);
    Tensor deviation = z.var(new long[] {1}, false, false).add(new Scalar(1e-5)).sqrt().view(-1, 1);
    Tensor t = z.sub(mean).div(deviation).mul(gamma.view(-1, 1)).add(beta.view(-1, 1));
    return Torch.doubles(t.mul(torch.exp2(output.neg())).contiguous());
  }

  /**
   * Codes are the rounded and clamped reference, unless that lies within 10⁻³ of a rounding tie.
   */
  private static void assertRounded(
      String what, float[] found, double[] reference, CodeFormat codes) {
    assertThat(found).as(what).hasSameSizeAs(reference);
    for (int i = 0; i < found.length; i++) {
      double t = reference[i];
      boolean tie = Math.abs(Math.abs(t - Math.rint(t)) - 0.5) < 1e-3;
      double code = Math.clamp(Math.rint(t), (double) codes.min(), (double) codes.max());
      assertThat(tie || found[i] == code)
          .as("%s, element %d: %s became %s", what, i, t, found[i])
          .isTrue();
    }
  }

  /** A running statistic after one batch. */
  private static float[] moved(double from, Tensor to) {
    return values(to.mul(new Scalar(0.1)).add(new Scalar(0.9 * from)).to(torch.ScalarType.Float));
  }

  /** With a variance as small as ε the gradient of the scale does not vanish. */
  @Test
  void normQuantize_tinySums_givesTheScaleItsGradient() {
    try (PointerScope _ = new PointerScope();
        Workers workers = new Workers(1)) {
      Tensor base = Torch.dense(normal(40, 4, 3, 3).mul(new Scalar(3f)).round()).detach();
      base.set_requires_grad(true);
      Tensor log2Scale = leaf(new float[] {-9, -9, -10, -8});
      Tensor gamma = leaf(new float[] {1, 2, 0.5f, 1});
      Tensor beta = leaf(new float[] {0, 0.1f, 0, -0.1f});
      Tensor output = leaf(new float[] {-4});
      float[] signs = {1, 1, 1, 1};
      CustomGradient custom = new CustomGradient();
      CodeFormat codes = new CodeFormat(8, true);
      BatchNormQuantization fused = new BatchNormQuantization(custom, workers);
      FakeQuantization quantize = new FakeQuantization(custom, workers);
      List<float[]> mine =
          gradients(
              () ->
                  fused.apply(
                      base,
                      new ExactRegister(),
                      new BatchNormQuantization.BatchNormTensors(
                          new BatchNorm("norm"),
                          log2Scale,
                          signs,
                          gamma,
                          beta,
                          torch.zeros(4),
                          torch.ones(4)),
                      output,
                      codes),
              log2Scale);
      List<float[]> theirs =
          gradients(
              () ->
                  quantize.activations(
                      Torch.batchNorm(
                          new BatchNorm("norm"),
                          base.mul(torch.exp2(log2Scale).view(1, 4, 1, 1)),
                          gamma,
                          beta,
                          torch.zeros(4),
                          torch.ones(4),
                          true),
                      output,
                      codes),
              log2Scale);
      assertClose("scales", 1e-3, mine.getFirst(), theirs.getFirst());
    }
  }

  @Test
  void add_codesOfTwoScales_agreesWithLibraryCalls() {
    for (long[] shape : new long[][] {{3, 5, 4, 3}, {40, 16, 15, 15}}) {
      try (PointerScope _ = new PointerScope();
          Workers workers = new Workers(2)) {
        Tensor left = integers(shape);
        Tensor right = integers(shape);
        Tensor leftScale = leaf(new float[] {-4});
        Tensor rightScale = leaf(new float[] {-3});
        Tensor to = leaf(new float[] {-2});
        CodeFormat codes = new CodeFormat(6, false);
        FakeQuantization quantize = new FakeQuantization(new CustomGradient(), workers);
        Supplier<Tensor> mine = () -> quantize.add(left, leftScale, right, rightScale, to, codes);
        Supplier<Tensor> theirs =
            () ->
                quantize.activations(
                    left.mul(torch.exp2(leftScale)).add(right.mul(torch.exp2(rightScale))),
                    to,
                    codes);
        assertThat(values(mine.get())).isEqualTo(values(theirs.get()));
        Tensor[] leaves = {left, leftScale, right, rightScale, to};
        List<float[]> a = gradients(mine, leaves);
        List<float[]> b = gradients(theirs, leaves);
        for (int i = 0; i < leaves.length; i++) {
          assertClose("input " + i, 2e-4, a.get(i), b.get(i));
        }
      }
    }
  }

  private static List<float[]> gradients(Supplier<Tensor> y, Tensor... leaves) {
    for (Tensor leaf : leaves) {
      leaf.mutable_grad().put(torch.zeros_like(leaf.detach()));
    }
    Tensor value = y.get();
    Tensor pattern =
        torch.arange(new Scalar(value.numel())).mul(new Scalar(0.37f)).sin().view_as(value);
    value.mul(pattern).sum().backward();
    List<float[]> all = new ArrayList<>();
    for (Tensor leaf : leaves) {
      all.add(values(leaf.grad()));
    }
    return all;
  }

  private static void assertClose(String what, double tolerance, float[] mine, float[] theirs) {
    assertThat(mine).as(what).hasSameSizeAs(theirs);
    double size = 1e-6;
    for (float value : theirs) {
      size = Math.max(size, Math.abs(value));
    }
    for (int i = 0; i < mine.length; i++) {
      assertThat(Math.abs(mine[i] - theirs[i]))
          .as("%s, element %d: %s, %s", what, i, mine[i], theirs[i])
          .isLessThanOrEqualTo((float) (tolerance * size));
    }
    assertThat(size).as(what).isGreaterThan(1e-6);
  }

  private Tensor integers(long... shape) {
    Tensor tensor = Torch.dense(normal(shape).mul(new Scalar(30f)).round()).detach();
    tensor.set_requires_grad(true);
    return tensor;
  }

  private static Tensor leaf(float[] values) {
    Tensor tensor = Torch.vector(values);
    tensor.set_requires_grad(true);
    return tensor;
  }

  private Tensor normal(long... shape) {
    int size = 1;
    for (long side : shape) {
      size *= (int) side;
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Torch.vector(values).reshape(shape);
  }

  private static float[] values(Tensor tensor) {
    return Torch.floats(tensor.contiguous()).toArray(ValueLayout.JAVA_FLOAT);
  }
}
