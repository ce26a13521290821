package dev.narrows.network.execute;

import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.Embedding;
import dev.narrows.network.layer.MaxPool;
import dev.narrows.network.layer.MeanPool;
import dev.narrows.network.layer.Normalization;
import dev.narrows.network.layer.Positions;
import dev.narrows.network.layer.Rotary;
import dev.narrows.network.layer.Softmax;
import dev.narrows.network.layer.Store;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;

/** Steps of layers of floats without a register; tensors are [C][H][W][batch]. */
final class FloatLayerSteps {
  private FloatLayerSteps() {}

  static Step of(int index, Store store, TensorType from) {
    return (workspace, tensors, batch) ->
        System.arraycopy(tensors[store.input()], 0, tensors[index], 0, from.elements() * batch);
  }

  /** The largest number of each window. */
  static Step of(int index, MaxPool pool, TensorType from) {
    TapSources taps = TapSources.of(pool.window(), from, pool.output());
    return (workspace, tensors, batch) ->
        windows(
            taps,
            pool.output(),
            from,
            batch,
            (channel, sources, image) -> {
              float max = Float.NEGATIVE_INFINITY;
              for (int source : sources) {
                if (source >= 0) {
                  int at = (channel * from.positions() + source) * batch + image;
                  max = Math.max(max, Words.number(tensors[pool.input()][at]));
                }
              }
              return max;
            },
            tensors[index]);
  }

  static Step of(int index, MeanPool pool, TensorType from) {
    TapSources taps = TapSources.of(pool.window(), from, pool.output());
    return (workspace, tensors, batch) ->
        windows(
            taps,
            pool.output(),
            from,
            batch,
            (channel, sources, image) -> {
              int[] in = tensors[pool.input()];
              int first = channel * from.positions();
              return pool.mean(
                  sources, source -> Words.number(in[(first + source) * batch + image]));
            },
            tensors[index]);
  }

  private interface Pooling {
    /** One window's number; sources are input positions, −1 in the padding. */
    float of(int channel, int[] sources, int image);
  }

  private static void windows(
      TapSources taps, TensorType to, TensorType from, int batch, Pooling pooling, int[] out) {
    int[] sources = new int[taps.count()];
    for (int position = 0; position < to.positions(); position++) {
      for (int tap = 0; tap < sources.length; tap++) {
        int row = taps.rows()[tap / taps.kernelWidth()][position / to.width()];
        int column = taps.columns()[tap % taps.kernelWidth()][position % to.width()];
        sources[tap] = row < 0 || column < 0 ? -1 : row * from.width() + column;
      }
      for (int c = 0; c < to.channels(); c++) {
        for (int image = 0; image < batch; image++) {
          out[(c * to.positions() + position) * batch + image] =
              Words.of(pooling.of(c, sources, image));
        }
      }
    }
  }

  static Step of(int index, Elementwise e) {
    int elements = e.output().elements();
    return (workspace, tensors, batch) -> {
      int[] left = tensors[e.left()];
      int[] right = tensors[e.right()];
      int[] out = tensors[index];
      for (int i = 0; i < elements * batch; i++) {
        float a = Words.number(left[i]);
        float b = Words.number(right[i]);
        out[i] = Words.canonical(e.operation().apply(a, b));
      }
    };
  }

  static Step of(int index, Softmax softmax, TensorType from) {
    int width = from.width();
    return (workspace, tensors, batch) -> {
      int[] in = tensors[softmax.input()];
      int[] out = tensors[index];
      float[] row = new float[width];
      for (int first = 0; first < from.elements(); first += width) {
        for (int image = 0; image < batch; image++) {
          for (int s = 0; s < width; s++) {
            row[s] = Words.number(in[(first + s) * batch + image]);
          }
          softmax.apply(row, first / width % from.height());
          for (int s = 0; s < width; s++) {
            out[(first + s) * batch + image] = Words.of(row[s]);
          }
        }
      }
    };
  }

  static Step of(int index, Normalization norm, TensorType from) {
    int columns = from.positions();
    return (workspace, tensors, batch) -> {
      int[] in = tensors[norm.input()];
      int[] out = tensors[index];
      float[] column = new float[from.channels()];
      for (int i = 0; i < columns * batch; i++) {
        for (int c = 0; c < column.length; c++) {
          column[c] = Words.number(in[c * columns * batch + i]);
        }
        norm.apply(column);
        for (int c = 0; c < column.length; c++) {
          out[c * columns * batch + i] = Words.of(column[c]);
        }
      }
    };
  }

  static Step of(int index, Rotary rotary, TensorType from) {
    float[] cosines = rotary.turns(true);
    float[] sines = rotary.turns(false);
    int pairs = rotary.headSize() / 2;
    int positions = from.positions();
    return (workspace, tensors, batch) -> {
      int[] in = tensors[rotary.input()];
      int[] out = tensors[index];
      for (int c = 0; c < from.channels(); c += 2) {
        int pair = c / 2 % pairs;
        for (int t = 0; t < positions; t++) {
          float cosine = cosines[t * pairs + pair];
          float sine = sines[t * pairs + pair];
          int even = (c * positions + t) * batch;
          int odd = even + positions * batch;
          for (int image = 0; image < batch; image++) {
            float a = Words.number(in[even + image]);
            float b = Words.number(in[odd + image]);
            out[even + image] = Words.of(a * cosine - b * sine);
            out[odd + image] = Words.of(a * sine + b * cosine);
          }
        }
      }
    };
  }

  static Step of(int index, Embedding embedding, TensorType from) {
    int depth = embedding.output().channels();
    int positions = from.positions();
    return (workspace, tensors, batch) -> {
      int[] ids = tensors[embedding.input()];
      for (int i = 0; i < positions * batch; i++) {
        int row = embedding.row(ids[i]) * depth;
        for (int d = 0; d < depth; d++) {
          tensors[index][d * positions * batch + i] = Words.of(embedding.table()[row + d]);
        }
      }
    };
  }

  static Step of(int index, Positions positions, TensorType from) {
    return (workspace, tensors, batch) -> {
      int[] in = tensors[positions.input()];
      for (int e = 0; e < from.elements(); e++) {
        float add = positions.table()[e];
        for (int i = e * batch; i < (e + 1) * batch; i++) {
          tensors[index][i] = Words.of(Words.number(in[i]) + add);
        }
      }
    };
  }
}
