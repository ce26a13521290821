package dev.narrows.network.llama;

import dev.narrows.network.execute.LayerRegisters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The largest magnitude that every channel in front of a matrix took on a text, in exact sums.
 * Matrices with one input share it, under the first of them: QUERY (KEY, VALUE), OUTPUT, GATE (UP),
 * DOWN and CLASSIFIER.
 */
final class LlamaActivations {
  private static final List<LlamaMatrix> SEEN =
      List.of(
          LlamaMatrix.QUERY,
          LlamaMatrix.OUTPUT,
          LlamaMatrix.GATE,
          LlamaMatrix.DOWN,
          LlamaMatrix.CLASSIFIER);

  private final Map<LlamaMatrix, List<float[]>> most = new EnumMap<>(LlamaMatrix.class);

  private LlamaActivations(LlamaShape shape) {
    for (LlamaMatrix matrix : SEEN) {
      List<float[]> layers = new ArrayList<>();
      for (int layer = 0; layer < (matrix.inLayers() ? shape.layers() : 1); layer++) {
        layers.add(new float[matrix.terms(shape)]);
      }
      most.put(matrix, layers);
    }
  }

  /**
   * Those of a text.
   *
   * @param length tokens of a window
   */
  static LlamaActivations of(LlamaModel model, int[] tokens, int length, int threads) {
    LlamaActivations seen = new LlamaActivations(model.shape());
    try (LlamaRunner runner =
        new LlamaRunner(model, LayerRegisters.exact(), length, false, threads, Optional.empty())) {
      runner.shows(seen);
      for (int first = 0; first < tokens.length; first += length) {
        int count = Math.min(length, tokens.length - first);
        int[] ids = Arrays.copyOfRange(tokens, first, first + count);
        float[] normed = runner.run(ids, KeyValues.ofOnePass(model.shape(), 1, count));
        seen.see(LlamaMatrix.CLASSIFIER, 0, normed, count);
      }
    }
    return seen;
  }

  /** Sees the input of a matrix, [terms][columns]. */
  void see(LlamaMatrix matrix, int layer, float[] in, int columns) {
    if (!SEEN.contains(matrix)) {
      return;
    }
    float[] channels = of(matrix, layer);
    for (int c = 0; c < channels.length; c++) {
      for (int j = c * columns; j < (c + 1) * columns; j++) {
        channels[c] = Math.max(channels[c], Math.abs(in[j]));
      }
    }
  }

  /** By channel. */
  float[] of(LlamaMatrix matrix, int layer) {
    List<float[]> layers = most.get(matrix);
    if (layers == null) {
      throw new IllegalArgumentException("no activations are kept for " + matrix);
    }
    return layers.get(layer);
  }
}
