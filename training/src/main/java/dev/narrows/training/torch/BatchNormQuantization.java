package dev.narrows.training.torch;

import dev.narrows.training.model.BatchNorm;
import dev.narrows.training.qat.CodeFormat;
import dev.narrows.training.qat.LogScales;
import dev.narrows.training.qat.TrainingRegister;
import dev.narrows.training.qat.TrainingRegister.ExactRegister;
import dev.narrows.training.qat.TrainingRegister.ResolvedRegister;
import dev.narrows.training.qat.TrainingRegister.SimulatedRegister;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Batch norm in training mode and fake quantisation of integer sums as one custom operation: three
 * passes over memory forward and five backward, where library calls need seven and sixteen.
 *
 * <p>With z = k·S, k = ±s_x·s_w[c], batch mean μ and σ² = var + ε: t = (γ(z − μ)/σ + β)/s and code
 * = clamp(round(t)). Backward with g the gradient of the code where min ≤ t ≤ max, else 0, ĝ = g/s
 * and x̂ = (z − μ)/σ, sums over the batch's N values of a channel:
 *
 * <pre>
 *   dβ = Σĝ,  dγ = Σĝx̂,  dS = (kγ/σ)·(ĝ − Σĝ/N − x̂·Σĝx̂/N),  d log2 s = −ln2·Σ g·t
 *   d log2 k = ln2·Σ z·dz = ln2·γ·(ε/σ²)·Σĝx̂
 * </pre>
 *
 * The last line follows from Σdz = 0 and Σx̂² = N·var/σ²: batch norm almost cancels a factor of its
 * input.
 *
 * @see "docs/training.md, equations (13) and (14)"
 */
final class BatchNormQuantization {
  private static final double LN2 = Math.log(2);

  /** Values of a piece of work: small enough for a core's cache. */
  private static final int PIECE = 1 << 14;

  private final CustomGradient custom;
  private final Workers workers;

  BatchNormQuantization(CustomGradient custom, Workers workers) {
    this.custom = custom;
    this.workers = workers;
  }

  /**
   * The batch norm of a layer; its running statistics are moved towards the batch's.
   *
   * @param log2Scale log2 |k|, [C]
   * @param signs ±1 per channel
   */
  record BatchNormTensors(
      BatchNorm norm,
      Tensor log2Scale,
      float[] signs,
      Tensor gamma,
      Tensor beta,
      Tensor mean,
      Tensor variance) {}

  /** The state that backward needs besides S; per channel. */
  private record Forward(
      float[] a,
      float[] b,
      float[] pivot,
      double[] k,
      double[] mean,
      double[] sigma,
      double scale) {}

  /**
   * How a tensor is cut into pieces: {@code whole} joined rows of {@code joined} rows each in
   * vector loops, what is left after them value by value.
   */
  private record Cut(int channels, int rows, int joined) {
    static Cut of(Tensor sums) {
      int channels = Math.toIntExact(sums.size(1));
      return new Cut(
          channels, Math.toIntExact(sums.numel() / channels), BatchNormKernel.joined(channels));
    }

    int whole() {
      return rows / joined;
    }

    /** Joined rows of a piece. */
    int step() {
      return Math.max(1, PIECE / (channels * joined));
    }

    int pieces() {
      return (whole() + step() - 1) / step();
    }

    int from(int piece) {
      return piece * step();
    }

    int to(int piece) {
      return Math.min(whole(), (piece + 1) * step());
    }

    /** The first value after the joined rows. */
    long restFrom() {
      return (long) whole() * joined * channels;
    }

    long size() {
      return (long) rows * channels;
    }

    /** Per-channel values, repeated for each of the joined rows. */
    float[] repeat(float[] values) {
      float[] all = new float[values.length * joined];
      for (int i = 0; i < all.length; i++) {
        all[i] = values[i % values.length];
      }
      return all;
    }

    /** Adds sums over joined rows to sums over rows. */
    void fold(double[] repeated, double[] sums) {
      for (int i = 0; i < repeated.length; i++) {
        sums[i % sums.length] += repeated[i];
      }
    }
  }

  /**
   * Codes of normalised sums.
   *
   * @param raw integer sums, channel is dimension 1
   * @param register a clamp is done on the way; of any other register {@code raw} is the result
   */
  Tensor apply(
      Tensor raw,
      TrainingRegister register,
      BatchNormTensors norm,
      Tensor log2Output,
      CodeFormat codes) {
    Tensor sums = Torch.dense(raw);
    Cut cut = Cut.of(sums);
    BatchNormKernel.BatchNormInput s = input(sums, register);
    Forward forward = statistics(s, cut, norm, read(log2Output)[0]);
    Tensor result = torch.empty_like(sums.detach());
    MemorySegment out = Torch.floats(result);
    float min = codes.min();
    float max = codes.max();
    float[] a = cut.repeat(forward.a());
    float[] b = cut.repeat(forward.b());
    workers.run(
        cut.pieces(), i -> BatchNormKernel.forward(s, out, cut.from(i), cut.to(i), a, b, min, max));
    BatchNormKernel.forwardRest(
        s, out, cut.restFrom(), cut.size(), forward.a(), forward.b(), min, max);
    return custom.attach(
        result,
        outputGradient ->
            backward(s, sums, cut, Torch.dense(outputGradient), norm, forward, min, max),
        sums,
        norm.log2Scale(),
        norm.gamma(),
        norm.beta(),
        log2Output);
  }

  private Forward statistics(
      BatchNormKernel.BatchNormInput s, Cut cut, BatchNormTensors norm, float log2Output) {
    int channels = cut.channels();
    int rows = cut.rows();
    float[] log2Scale = read(norm.log2Scale());
    float[] gamma = read(norm.gamma());
    float[] beta = read(norm.beta());
    float[] runningMean = read(norm.mean());
    float[] runningVariance = read(norm.variance());
    double[] k = new double[channels];
    float[] pivot = new float[channels];
    for (int c = 0; c < channels; c++) {
      k[c] = norm.signs()[c] * LogScales.scale(log2Scale[c]);
      // Near the mean, so that squares do not cancel; an integer, so that differences stay exact.
      double near = Math.rint(runningMean[c] / k[c]);
      pivot[c] = Math.abs(near) < 1 << 20 ? (float) near : 0f;
    }
    double[] sum = new double[channels];
    double[] squares = new double[channels];
    float[] pivots = cut.repeat(pivot);
    double[][][] parts = new double[cut.pieces()][2][pivots.length];
    workers.run(
        cut.pieces(),
        i -> BatchNormKernel.moments(s, cut.from(i), cut.to(i), pivots, parts[i][0], parts[i][1]));
    for (double[][] part : parts) {
      cut.fold(part[0], sum);
      cut.fold(part[1], squares);
    }
    BatchNormKernel.momentsRest(s, cut.restFrom(), cut.size(), pivot, sum, squares);
    double scale = LogScales.scale(log2Output);
    double momentum = norm.norm().momentum();
    float[] a = new float[channels];
    float[] b = new float[channels];
    double[] mean = new double[channels];
    double[] sigma = new double[channels];
    for (int c = 0; c < channels; c++) {
      double shifted = sum[c] / rows;
      double spread = Math.max(0, squares[c] / rows - shifted * shifted) * k[c] * k[c];
      mean[c] = k[c] * (pivot[c] + shifted);
      sigma[c] = Math.sqrt(spread + norm.norm().epsilon());
      a[c] = (float) (gamma[c] * k[c] / (sigma[c] * scale));
      b[c] = (float) ((beta[c] - gamma[c] * mean[c] / sigma[c]) / scale);
      double unbiased = rows > 1 ? spread * rows / (rows - 1) : spread;
      runningMean[c] = move(momentum, runningMean[c], mean[c]);
      runningVariance[c] = move(momentum, runningVariance[c], unbiased);
    }
    write(norm.mean(), runningMean);
    write(norm.variance(), runningVariance);
    return new Forward(a, b, pivot, k, mean, sigma, scale);
  }

  private static BatchNormKernel.BatchNormInput input(Tensor sums, TrainingRegister register) {
    MemorySegment s = Torch.floats(sums);
    return switch (register) {
      case ResolvedRegister resolved ->
          new BatchNormKernel.BatchNormInput(s, resolved.min(), resolved.max());
      case ExactRegister _, SimulatedRegister _ ->
          new BatchNormKernel.BatchNormInput(s, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);
    };
  }

  private static float move(double momentum, float from, double to) {
    return (float) ((1 - momentum) * from + momentum * to);
  }

  private Tensor[] backward(
      BatchNormKernel.BatchNormInput s,
      Tensor sums,
      Cut cut,
      Tensor outputGradient,
      BatchNormTensors norm,
      Forward forward,
      float min,
      float max) {
    int channels = cut.channels();
    MemorySegment g = Torch.floats(outputGradient);
    BatchNormKernel.BackwardInputs rest =
        new BatchNormKernel.BackwardInputs(s, g, forward.a(), forward.b(), min, max);
    BatchNormKernel.BackwardInputs whole =
        new BatchNormKernel.BackwardInputs(
            s, g, cut.repeat(forward.a()), cut.repeat(forward.b()), min, max);
    BatchNormKernel.GradientSums all = gradientSums(cut, whole, rest, forward.pivot());
    float[] gamma = read(norm.gamma());
    float[] gammaGradient = new float[channels];
    float[] betaGradient = new float[channels];
    float[] scaleGradient = new float[channels];
    float[][] factors = new float[3][channels];
    double outputGradientSum = 0;
    for (int c = 0; c < channels; c++) {
      double sigma = forward.sigma()[c];
      double k = forward.k()[c];
      // x̂ = k/σ·(S − pivot) + lift
      double lift = (k * forward.pivot()[c] - forward.mean()[c]) / sigma;
      double plain = all.plain()[c] / forward.scale();
      double withNormal = (k / sigma * all.withSum()[c] + lift * all.plain()[c]) / forward.scale();
      betaGradient[c] = (float) plain;
      gammaGradient[c] = (float) withNormal;
      scaleGradient[c] =
          (float) (LN2 * gamma[c] * norm.norm().epsilon() / (sigma * sigma) * withNormal);
      double outer = k * gamma[c] / sigma;
      double follow = outer * withNormal / cut.rows() * k / sigma;
      factors[0][c] = (float) (outer / forward.scale());
      factors[1][c] = (float) (outer * plain / cut.rows() - follow * forward.mean()[c] / k);
      factors[2][c] = (float) follow;
      outputGradientSum -= LN2 * all.withCode()[c];
    }
    Tensor gradient = torch.empty_like(sums.detach());
    MemorySegment out = Torch.floats(gradient);
    float[][] repeated = {cut.repeat(factors[0]), cut.repeat(factors[1]), cut.repeat(factors[2])};
    workers.run(
        cut.pieces(), i -> BatchNormKernel.backward(whole, out, cut.from(i), cut.to(i), repeated));
    BatchNormKernel.backwardRest(rest, out, cut.restFrom(), cut.size(), factors);
    return new Tensor[] {
      gradient,
      Torch.vector(scaleGradient),
      Torch.vector(gammaGradient),
      Torch.vector(betaGradient),
      Torch.vector(new float[] {(float) outputGradientSum})
    };
  }

  private BatchNormKernel.GradientSums gradientSums(
      Cut cut,
      BatchNormKernel.BackwardInputs whole,
      BatchNormKernel.BackwardInputs rest,
      float[] pivot) {
    float[] pivots = cut.repeat(pivot);
    BatchNormKernel.GradientSums[] parts = new BatchNormKernel.GradientSums[cut.pieces()];
    workers.run(
        parts.length,
        i -> {
          parts[i] = new BatchNormKernel.GradientSums(pivots.length);
          BatchNormKernel.gradientSums(whole, cut.from(i), cut.to(i), pivots, parts[i]);
        });
    BatchNormKernel.GradientSums all = new BatchNormKernel.GradientSums(cut.channels());
    for (BatchNormKernel.GradientSums part : parts) {
      cut.fold(part.plain(), all.plain());
      cut.fold(part.withSum(), all.withSum());
      cut.fold(part.withCode(), all.withCode());
    }
    BatchNormKernel.gradientSumsRest(rest, cut.restFrom(), cut.size(), pivot, all);
    return all;
  }

  private static float[] read(Tensor vector) {
    return Torch.floats(vector).toArray(ValueLayout.JAVA_FLOAT);
  }

  private static void write(Tensor vector, float[] values) {
    MemorySegment.copy(values, 0, Torch.floats(vector), ValueLayout.JAVA_FLOAT, 0, values.length);
  }
}
