package dev.narrows.network.execute;

import static dev.narrows.network.execute.ReferenceTaps.at;
import static dev.narrows.network.execute.ReferenceTaps.fill;
import static dev.narrows.network.execute.ReferenceTaps.multiplied;
import static dev.narrows.network.execute.ReferenceTaps.taps;

import dev.narrows.core.dot.FloatDot;
import dev.narrows.network.layer.Activation;
import dev.narrows.network.layer.Dequantize;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.Embedding;
import dev.narrows.network.layer.FloatLayer;
import dev.narrows.network.layer.MatMul;
import dev.narrows.network.layer.MaxPool;
import dev.narrows.network.layer.MeanPool;
import dev.narrows.network.layer.Normalization;
import dev.narrows.network.layer.Positions;
import dev.narrows.network.layer.Rotary;
import dev.narrows.network.layer.Softmax;
import dev.narrows.network.layer.Store;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.FloatOperands;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Layers of real numbers, one output element at a time; tensors are words, [C][H][W]. */
final class ReferenceFloatLayers {
  private ReferenceFloatLayers() {}

  static int[] dots(
      DotLayer layer, FloatOperands operands, int[] in, TensorType from, LayerRegister register) {
    int terms = layer.terms();
    return fill(
        layer.output(),
        (c, y, x) -> {
          float[] inputs = Words.numbers(multiplied(layer, c, y, x, in, from, Words.ZERO));
          float[] weights =
              Arrays.copyOfRange(operands.weights().values(), c * terms, (c + 1) * terms);
          return Words.of(operands.finish(c, sum(register, inputs, weights)));
        });
  }

  static int[] max(MaxPool pool, int[] in, TensorType from) {
    return fill(
        pool.output(),
        (c, y, x) -> {
          float max = Float.NEGATIVE_INFINITY;
          for (int tap : taps(pool.window(), c, y, x, from)) {
            max = tap < 0 ? max : Math.max(max, Words.number(in[tap]));
          }
          return Words.of(max);
        });
  }

  /**
   * Any other layer.
   *
   * @param register of a layer that has one
   */
  static int[] run(
      FloatLayer layer, List<int[]> tensors, TensorType from, Optional<LayerRegister> register) {
    int[] words = tensors.get(layer.inputs().getFirst());
    TensorType to = layer.output();
    if (layer instanceof Embedding embedding) {
      return fill(
          to,
          (d, y, x) -> {
            int row = embedding.row(words[y * to.width() + x]);
            return Words.of(embedding.table()[row * to.channels() + d]);
          });
    }
    if (layer instanceof Dequantize) {
      return Arrays.stream(words)
          .map(code -> Words.of(Dequantize.number(from.quantization(), code)))
          .toArray();
    }
    float[] in = Words.numbers(words);
    return switch (layer) {
      case Dequantize _ -> throw new IllegalStateException("done above");
      case Embedding _ -> throw new IllegalStateException("done above");
      case MatMul product -> {
        float[] right = Words.numbers(tensors.get(product.right()));
        yield product(product, in, right, from, register.orElseThrow());
      }
      case Elementwise e -> {
        float[] right = Words.numbers(tensors.get(e.right()));
        yield fill(
            to,
            (c, y, x) -> {
              float a = in[at(to, c, y, x)];
              float b = right[at(to, c, y, x)];
              return Words.of(e.operation().apply(a, b));
            });
      }
      case Activation a -> fill(to, (c, y, x) -> Words.of(a.function().apply(in[at(to, c, y, x)])));
      case MeanPool pool -> fill(to, (c, y, x) -> Words.of(mean(pool, c, y, x, in, from)));
      case Softmax softmax ->
          fill(
              to,
              (c, y, x) -> {
                int first = at(to, c, y, 0);
                float[] row = Arrays.copyOfRange(in, first, first + to.width());
                softmax.apply(row, y);
                return Words.of(row[x]);
              });
      case Normalization norm ->
          fill(
              to,
              (c, y, x) -> {
                float[] column = new float[to.channels()];
                for (int channel = 0; channel < column.length; channel++) {
                  column[channel] = in[at(to, channel, y, x)];
                }
                norm.apply(column);
                return Words.of(column[c]);
              });
      case Rotary rotary -> {
        float[] cosines = rotary.turns(true);
        float[] sines = rotary.turns(false);
        int pairs = rotary.headSize() / 2;
        yield fill(
            to,
            (c, y, x) -> {
              int turn = (y * to.width() + x) * pairs + c / 2 % pairs;
              float a = in[at(to, c / 2 * 2, y, x)];
              float b = in[at(to, c / 2 * 2 + 1, y, x)];
              return Words.of(
                  c % 2 == 0
                      ? a * cosines[turn] - b * sines[turn]
                      : a * sines[turn] + b * cosines[turn]);
            });
      }
      case Store _ -> words.clone();
      case Positions positions ->
          fill(to, (c, y, x) -> Words.of(in[at(to, c, y, x)] + positions.table()[at(to, c, y, x)]));
    };
  }

  private static float mean(MeanPool pool, int c, int y, int x, float[] in, TensorType from) {
    double sum = 0;
    int seen = 0;
    for (int tap : taps(pool.window(), c, y, x, from)) {
      if (tap >= 0) {
        sum += in[tap];
        seen++;
      }
    }
    return (float) (sum / seen);
  }

  private static int[] product(
      MatMul layer, float[] left, float[] right, TensorType from, LayerRegister register) {
    int terms = layer.terms(from);
    int queries = from.height();
    int keys = layer.form() == MatMul.Form.SCORES ? layer.output().width() : from.width();
    int size = right.length / layer.rightHeads() / keys;
    return fill(
        layer.output(),
        (c, y, x) -> {
          float[] a = new float[terms];
          float[] b = new float[terms];
          for (int k = 0; k < terms; k++) {
            switch (layer.form()) {
              case SCORES -> {
                a[k] = left[(c * size + k) * queries + y];
                b[k] = right[(layer.rightHead(c) * size + k) * keys + x];
              }
              case MIX -> {
                a[k] = left[(c / size * queries + y) * keys + k];
                b[k] = right[(layer.rightHead(c / size) * size + c % size) * keys + k];
              }
            }
          }
          return Words.of(sum(register, a, b));
        });
  }

  private static float sum(LayerRegister register, float[] x, float[] w) {
    return FloatDot.value(register.accumulator(), register.order(), w, x);
  }
}
