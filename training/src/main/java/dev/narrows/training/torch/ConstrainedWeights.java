package dev.narrows.training.torch;

import dev.narrows.core.quantize.a2q.NormQuantizer;
import dev.narrows.core.quantize.a2q.NormStart;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.qat.LogScales;
import dev.narrows.training.qat.QuantizationPlan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * A layer's weights under a norm limit, as its parameters v, d = log2 s and t = log2 g are now.
 * Forward, evaluation and lowering all take the integers from here, so they are the same integers.
 * The arithmetic is {@code core}'s in float64: a layer's weights are few beside its activations.
 *
 * @see "docs/training.md, A2Q: a norm limit on the weights"
 */
final class ConstrainedWeights {
  /** Weights of a piece of work. */
  private static final int PIECE = 1 << 13;

  private final String layer;
  private final NormQuantizer quantizer;
  private final float[] weights;
  private final boolean[] mask;
  private final double[] scales;
  private final double[] norms;
  private final int[] codes;
  private final int terms;
  private final PieceRunner runner;

  /** Runs numbered pieces of work, in any order. */
  interface PieceRunner {
    void run(int count, IntConsumer piece);

    /** One after the other. */
    static void inTurn(int count, IntConsumer piece) {
      for (int i = 0; i < count; i++) {
        piece.accept(i);
      }
    }
  }

  private ConstrainedWeights(
      ParameterStore store, DotNode dot, NormQuantizer quantizer, PieceRunner runner) {
    this.layer = dot.name();
    this.quantizer = quantizer;
    this.weights = store.read(dot.name() + ".weight");
    this.mask = store.mask(dot.name());
    this.scales = powersOfTwo(store.read(QuantizationPlan.weightScale(dot)));
    this.norms = powersOfTwo(store.read(QuantizationPlan.weightNorm(dot)));
    this.codes = new int[weights.length];
    this.terms = dot.terms();
    this.runner = runner;
  }

  /**
   * Quantises a layer; channels do not depend on each other.
   *
   * @throws IllegalArgumentException naming layer and channel if a parameter is not finite
   */
  static ConstrainedWeights of(
      ParameterStore store, DotNode dot, NormQuantizer quantizer, PieceRunner runner) {
    ConstrainedWeights made = new ConstrainedWeights(store, dot, quantizer, runner);
    made.channels(made::quantize);
    return made;
  }

  /** The same on the calling thread. */
  static ConstrainedWeights of(ParameterStore store, DotNode dot, NormQuantizer quantizer) {
    return of(store, dot, quantizer, PieceRunner::inTurn);
  }

  /** Calls {@code work} with every channel, and throws what the first of them throws. */
  private void channels(IntConsumer work) {
    int step = Math.max(1, PIECE / Math.max(1, terms));
    int pieces = (scales.length + step - 1) / step;
    List<Optional<IllegalArgumentException>> failures =
        new ArrayList<>(Collections.nCopies(pieces, Optional.empty()));
    runner.run(
        pieces,
        i -> {
          try {
            for (int c = i * step; c < Math.min(scales.length, (i + 1) * step); c++) {
              work.accept(c);
            }
          } catch (IllegalArgumentException e) {
            failures.set(i, Optional.of(e));
          }
        });
    failures.stream()
        .flatMap(Optional::stream)
        .findFirst()
        .ifPresent(failure -> {
          throw failure;
        });
  }

  private void quantize(int c) {
    try {
      quantizer.quantize(weights, c * terms, terms, mask, scales[c], norms[c], codes);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "layer \"%s\", channel %d: %s".formatted(layer, c, e.getMessage()), e);
    }
  }

  private static double[] powersOfTwo(float[] log2) {
    double[] values = new double[log2.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = LogScales.scale(log2[i]);
    }
    return values;
  }

  /** The integers, [C][K] in memory order. */
  int[] codes() {
    return codes;
  }

  /** Gradients of v [C][K], d [C] and t [C]. */
  record Gradients(float[] weights, float[] log2Scales, float[] log2Norms) {}

  /**
   * The backward pass.
   *
   * @param codeGradients [C][K] in memory order
   */
  Gradients backward(float[] codeGradients) {
    Gradients out =
        new Gradients(
            new float[weights.length], new float[scales.length], new float[scales.length]);
    channels(c -> {
      NormQuantizer.Slopes slopes =
          quantizer.backward(
              weights,
              c * terms,
              terms,
              mask,
              scales[c],
              norms[c],
              codes,
              codeGradients,
              out.weights());
      out.log2Norms()[c] = (float) slopes.log2Norm();
      out.log2Scales()[c] = (float) slopes.log2Scale();
    });
    return out;
  }

  /** Replaces v by the weights w of which the integers of given d and t are the rounded values. */
  static void release(
      ParameterStore store,
      DotNode dot,
      NormQuantizer quantizer,
      float[] log2Scales,
      float[] log2Norms) {
    float[] weights = store.read(dot.name() + ".weight");
    boolean[] mask = store.mask(dot.name());
    double[] scales = powersOfTwo(log2Scales);
    double[] norms = powersOfTwo(log2Norms);
    float[] out = new float[weights.length];
    int terms = dot.terms();
    for (int c = 0; c < scales.length; c++) {
      quantizer.weights(weights, c * terms, terms, mask, scales[c], norms[c], out);
    }
    store.write(dot.name() + ".weight", out);
  }

  /** Adds the gradients of λ·Σ max(g − T, 0) over all constrained channels, T = s·limit. */
  static void addPenalty(QuantizationPlan plan, ParameterStore store) {
    if (plan.settings().constraint().isEmpty()) {
      return;
    }
    double weight = plan.settings().constraint().get().penalty() * Math.log(2);
    for (DotNode dot : plan.model().dots()) {
      plan.constraint(dot)
          .ifPresent(quantizer -> {
            double[] scales = powersOfTwo(store.read(QuantizationPlan.weightScale(dot)));
            double[] norms = powersOfTwo(store.read(QuantizationPlan.weightNorm(dot)));
            float[] toScale = new float[scales.length];
            float[] toNorm = new float[scales.length];
            for (int c = 0; c < scales.length; c++) {
              if (quantizer.excess(scales[c], norms[c]) > 0) {
                toNorm[c] = (float) (weight * norms[c]);
                toScale[c] = (float) (-weight * quantizer.largestNorm(scales[c]));
              }
            }
            store.addToGradient(QuantizationPlan.weightScale(dot), toScale);
            store.addToGradient(QuantizationPlan.weightNorm(dot), toNorm);
          });
    }
  }

  /** Writes start values of v, d and t from the weights as they are. */
  static void start(
      ParameterStore store, DotNode dot, NormQuantizer quantizer, NormStart.StartRule rule) {
    float[] weights = store.read(dot.name() + ".weight");
    boolean[] mask = store.mask(dot.name());
    int terms = dot.terms();
    float[] scales = new float[dot.outputChannels()];
    float[] norms = new float[scales.length];
    for (int c = 0; c < scales.length; c++) {
      double[] channel = new double[terms];
      for (int k = 0; k < terms; k++) {
        channel[k] = weights[c * terms + k];
      }
      boolean[] kept =
          mask.length == 0 ? mask : java.util.Arrays.copyOfRange(mask, c * terms, (c + 1) * terms);
      NormStart start = NormStart.of(rule, quantizer, channel, kept);
      for (int k = 0; k < terms; k++) {
        weights[c * terms + k] = (float) start.weights()[k];
      }
      scales[c] = LogScales.log2(start.scale());
      norms[c] = LogScales.log2(start.norm());
    }
    store.write(dot.name() + ".weight", weights);
    store.write(QuantizationPlan.weightScale(dot), scales);
    store.write(QuantizationPlan.weightNorm(dot), norms);
  }
}
