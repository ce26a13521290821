package dev.narrows.training.torch;

import dev.narrows.core.quantize.a2q.NormQuantizer;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.qat.CodeFormat;
import dev.narrows.training.qat.LogScales;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Fake quantisation as custom operations: integer-valued float codes forward, straight-through
 * gradients backward (Esser et al. 2020, arXiv 1902.08153, in the log2 domain of Jain et al. 2020).
 *
 * <p>Codes are kept apart from their scale: a layer multiplies codes and applies scales afterwards.
 * Together with the gradient that reaches a scale from there, the straight-through gradient here
 * adds up to LSQ's.
 *
 * @see "docs/training.md, Straight-through gradients"
 */
final class FakeQuantization {
  private static final int PIECE = 1 << 15;
  private static final double LN2 = Math.log(2);

  private final CustomGradient custom;
  private final Workers workers;

  FakeQuantization(CustomGradient custom, Workers workers) {
    this.custom = custom;
    this.workers = workers;
  }

  /** Values to codes: clamp(round(x / 2^d)). */
  Tensor activations(Tensor x, Tensor log2Scale, CodeFormat codes) {
    return apply(x, Optional.empty(), log2Scale, codes);
  }

  /** Codes of one scale to codes of another: clamp(round(q · 2^(from − to))). */
  Tensor rescale(Tensor codes, Tensor log2From, Tensor log2To, CodeFormat to) {
    return apply(codes, Optional.of(log2From), log2To, to);
  }

  private Tensor apply(Tensor raw, Optional<Tensor> log2From, Tensor log2To, CodeFormat codes) {
    Tensor x = Torch.dense(raw);
    double from = log2From.isPresent() ? LogScales.scale(value(log2From.get())) : 1;
    float ratio = (float) (from / LogScales.scale(value(log2To)));
    float min = codes.min();
    float max = codes.max();
    long size = x.numel();
    int pieces = Math.toIntExact((size + PIECE - 1) / PIECE);
    Tensor result = torch.empty_like(x.detach());
    MemorySegment in = Torch.floats(x);
    MemorySegment out = Torch.floats(result);
    workers.run(
        pieces,
        i ->
            QuantizeKernel.forward(
                in, out, (long) i * PIECE, Math.min(size, (i + 1L) * PIECE), ratio, min, max));
    CustomGradient.BackwardFunction backward =
        outputGradient -> {
          Tensor g = Torch.dense(outputGradient);
          Tensor gradient = torch.empty_like(x.detach());
          MemorySegment source = Torch.floats(g);
          MemorySegment target = Torch.floats(gradient);
          double[] sums = new double[pieces];
          workers.run(
              pieces,
              i ->
                  sums[i] =
                      QuantizeKernel.backward(
                          in,
                          source,
                          target,
                          (long) i * PIECE,
                          Math.min(size, (i + 1L) * PIECE),
                          ratio,
                          min,
                          max));
          double sum = 0;
          for (double part : sums) {
            sum += part;
          }
          // log2 r = from − to
          Tensor to = scalar((float) (-LN2 * sum));
          return log2From.isPresent()
              ? new Tensor[] {gradient, scalar((float) (LN2 * sum)), to}
              : new Tensor[] {gradient, to};
        };
    return log2From.isPresent()
        ? custom.attach(result, backward, x, log2From.get(), log2To)
        : custom.attach(result, backward, x, log2To);
  }

  /** Sum of two coded tensors as codes: clamp(round(l·2^(left − to) + r·2^(right − to))). */
  Tensor add(
      Tensor rawLeft,
      Tensor log2Left,
      Tensor rawRight,
      Tensor log2Right,
      Tensor log2To,
      CodeFormat codes) {
    Tensor left = Torch.dense(rawLeft);
    Tensor right = Torch.dense(rawRight);
    double to = LogScales.scale(value(log2To));
    AddKernel.Factors factors =
        new AddKernel.Factors(
            (float) (LogScales.scale(value(log2Left)) / to),
            (float) (LogScales.scale(value(log2Right)) / to),
            codes.min(),
            codes.max());
    long size = left.numel();
    int pieces = Math.toIntExact((size + PIECE - 1) / PIECE);
    Tensor result = torch.empty_like(left.detach());
    MemorySegment l = Torch.floats(left);
    MemorySegment r = Torch.floats(right);
    MemorySegment out = Torch.floats(result);
    workers.run(
        pieces,
        i ->
            AddKernel.forward(
                l, r, out, (long) i * PIECE, Math.min(size, (i + 1L) * PIECE), factors));
    return custom.attach(
        result,
        outputGradient -> {
          Tensor g = Torch.dense(outputGradient);
          Tensor leftGradient = torch.empty_like(left.detach());
          Tensor rightGradient = torch.empty_like(left.detach());
          MemorySegment source = Torch.floats(g);
          MemorySegment leftOut = Torch.floats(leftGradient);
          MemorySegment rightOut = Torch.floats(rightGradient);
          double[][] parts = new double[pieces][];
          workers.run(
              pieces,
              i ->
                  parts[i] =
                      AddKernel.backward(
                          l,
                          r,
                          source,
                          leftOut,
                          rightOut,
                          (long) i * PIECE,
                          Math.min(size, (i + 1L) * PIECE),
                          factors));
          double leftSum = 0;
          double rightSum = 0;
          for (double[] part : parts) {
            leftSum += part[0];
            rightSum += part[1];
          }
          return new Tensor[] {
            leftGradient,
            scalar((float) (LN2 * leftSum)),
            rightGradient,
            scalar((float) (LN2 * rightSum)),
            scalar((float) (-LN2 * (leftSum + rightSum)))
          };
        },
        left,
        log2Left,
        right,
        log2Right,
        log2To);
  }

  /**
   * Weights to codes, a scale per output channel: clamp(round(w / 2^d[c]), ±limit).
   *
   * @param weights dense, output channel outermost
   * @param log2Scales [C]
   */
  Tensor weights(Tensor weights, Tensor log2Scales, int limit) {
    int channels = Math.toIntExact(weights.size(0));
    long terms = weights.numel() / channels;
    Tensor result = torch.empty_like(weights.detach());
    MemorySegment in = Torch.floats(weights);
    MemorySegment out = Torch.floats(result);
    float[] ratios = ratios(log2Scales, channels);
    for (int c = 0; c < channels; c++) {
      QuantizeKernel.forward(in, out, c * terms, (c + 1) * terms, ratios[c], -limit, limit);
    }
    return custom.attach(
        result,
        outputGradient -> {
          Tensor g = Torch.dense(outputGradient);
          Tensor gradient = torch.empty_like(weights.detach());
          Tensor scales = torch.zeros(channels);
          MemorySegment source = Torch.floats(g);
          MemorySegment target = Torch.floats(gradient);
          MemorySegment scaleTarget = Torch.floats(scales);
          for (int c = 0; c < channels; c++) {
            double sum =
                QuantizeKernel.backward(
                    in, source, target, c * terms, (c + 1) * terms, ratios[c], -limit, limit);
            scaleTarget.setAtIndex(ValueLayout.JAVA_FLOAT, c, (float) (-LN2 * sum));
          }
          return new Tensor[] {gradient, scales};
        },
        weights,
        log2Scales);
  }

  /** A layer's weights under a norm limit, on all threads. */
  ConstrainedWeights constrained(ParameterStore store, DotNode dot, NormQuantizer quantizer) {
    return ConstrainedWeights.of(store, dot, quantizer, workers::run);
  }

  /**
   * Weights under a norm limit to codes, see {@link ConstrainedWeights}.
   *
   * @param weights dense, output channel outermost
   * @param log2Scales [C]
   * @param log2Norms [C]
   * @param now what the three hold
   */
  Tensor constrained(Tensor weights, Tensor log2Scales, Tensor log2Norms, ConstrainedWeights now) {
    Tensor result = torch.empty_like(weights.detach());
    int[] codes = now.codes();
    float[] numbers = new float[codes.length];
    for (int i = 0; i < codes.length; i++) {
      numbers[i] = codes[i];
    }
    Torch.fill(result, numbers);
    return custom.attach(
        result,
        outputGradient -> {
          float[] g = Torch.floats(Torch.dense(outputGradient)).toArray(ValueLayout.JAVA_FLOAT);
          ConstrainedWeights.Gradients found = now.backward(g);
          Tensor gradient = torch.empty_like(weights.detach());
          float[] values = found.weights();
          MemorySegment.copy(
              values, 0, Torch.floats(gradient), ValueLayout.JAVA_FLOAT, 0, values.length);
          return new Tensor[] {
            gradient, Torch.vector(found.log2Scales()), Torch.vector(found.log2Norms())
          };
        },
        weights,
        log2Scales,
        log2Norms);
  }

  private static float[] ratios(Tensor log2Scales, int channels) {
    MemorySegment memory = Torch.floats(log2Scales);
    float[] ratios = new float[channels];
    for (int c = 0; c < channels; c++) {
      ratios[c] = (float) (1 / LogScales.scale(memory.getAtIndex(ValueLayout.JAVA_FLOAT, c)));
    }
    return ratios;
  }

  private static float value(Tensor log2Scale) {
    return Torch.floats(log2Scale).getAtIndex(ValueLayout.JAVA_FLOAT, 0);
  }

  private static Tensor scalar(float value) {
    Tensor tensor = torch.zeros(1);
    Torch.floats(tensor).setAtIndex(ValueLayout.JAVA_FLOAT, 0, value);
    return tensor;
  }
}
