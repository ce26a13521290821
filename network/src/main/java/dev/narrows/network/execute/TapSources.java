package dev.narrows.network.execute;

import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.TransposedConvolution;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;

/**
 * Which input row and column each tap of a window reads at each output position; −1 where it reads
 * padding, or, in a transposed convolution, nothing.
 *
 * @param rows [kernelHeight][output height]
 * @param columns [kernelWidth][output width]
 */
record TapSources(int[][] rows, int[][] columns) {
  /** The taps of a layer's dot products. */
  static TapSources of(DotLayer layer, TensorType from) {
    return switch (layer) {
      case TransposedConvolution t -> transposed(t.window(), from, t.output());
      case Convolution c -> of(c.window(), from, c.output());
      case Dense d -> of(d.window(), from, d.output());
    };
  }

  /** The taps of a convolution or pooling window. */
  static TapSources of(Window w, TensorType from, TensorType to) {
    return of(w, from, to, TapSources::axis);
  }

  /** The taps of a transposed convolution. */
  static TapSources transposed(Window w, TensorType from, TensorType to) {
    return of(w, from, to, TapSources::back);
  }

  /** Makes the sources along one axis, [kernel][out]. */
  private interface AxisSources {
    int[][] of(int kernel, int stride, int dilation, int pad, int in, int out);
  }

  private static TapSources of(Window w, TensorType from, TensorType to, AxisSources sources) {
    return new TapSources(
        sources.of(
            w.kernelHeight(),
            w.strideHeight(),
            w.dilationHeight(),
            w.padTop(),
            from.height(),
            to.height()),
        sources.of(
            w.kernelWidth(),
            w.strideWidth(),
            w.dilationWidth(),
            w.padLeft(),
            from.width(),
            to.width()));
  }

  /** Output rows · columns. */
  int positions() {
    return rows[0].length * columns[0].length;
  }

  /** How many taps of an output position read the input. */
  int inside(int position) {
    int across = columns[0].length;
    int high = 0;
    for (int[] row : rows) {
      high += row[position / across] < 0 ? 0 : 1;
    }
    int wide = 0;
    for (int[] column : columns) {
      wide += column[position % across] < 0 ? 0 : 1;
    }
    return high * wide;
  }

  int kernelWidth() {
    return columns.length;
  }

  int count() {
    return rows.length * columns.length;
  }

  private static int[][] axis(int kernel, int stride, int dilation, int pad, int in, int out) {
    int[][] sources = new int[kernel][out];
    for (int k = 0; k < kernel; k++) {
      for (int o = 0; o < out; o++) {
        int source = o * stride - pad + k * dilation;
        sources[k][o] = source >= 0 && source < in ? source : -1;
      }
    }
    return sources;
  }

  private static int[][] back(int kernel, int stride, int dilation, int pad, int in, int out) {
    int[][] sources = new int[kernel][out];
    for (int k = 0; k < kernel; k++) {
      for (int o = 0; o < out; o++) {
        int spread = o + pad - k * dilation;
        boolean hits = spread >= 0 && spread % stride == 0 && spread / stride < in;
        sources[k][o] = hits ? spread / stride : -1;
      }
    }
    return sources;
  }
}
