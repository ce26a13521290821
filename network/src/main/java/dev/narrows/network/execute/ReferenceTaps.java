package dev.narrows.network.execute;

import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.TransposedConvolution;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;

/** Where the reference finds what an output element is made from, in tensors [C][H][W]. */
final class ReferenceTaps {
  private ReferenceTaps() {}

  /** What one dot product multiplies its weights with: K words in flattening order. */
  static int[] multiplied(
      DotLayer layer, int c, int y, int x, int[] in, TensorType from, int padding) {
    int groupInputs = from.channels() / layer.groups();
    int groupOutputs = layer.output().channels() / layer.groups();
    int[] words = new int[layer.terms()];
    for (int channel = 0; channel < groupInputs; channel++) {
      int source = c / groupOutputs * groupInputs + channel;
      int[] taps =
          switch (layer) {
            case TransposedConvolution t -> spread(t.window(), source, y, x, from);
            case Convolution v -> taps(v.window(), source, y, x, from);
            case Dense d -> taps(d.window(), source, y, x, from);
          };
      for (int tap = 0; tap < taps.length; tap++) {
        words[tap * groupInputs + channel] = taps[tap] < 0 ? padding : in[taps[tap]];
      }
    }
    return words;
  }

  /** Offsets in [C][H][W] of a convolution window's taps, row by row; −1 in the padding. */
  static int[] taps(Window w, int channel, int y, int x, TensorType from) {
    int[] taps = new int[w.taps()];
    for (int tap = 0; tap < taps.length; tap++) {
      int row = y * w.strideHeight() - w.padTop() + tap / w.kernelWidth() * w.dilationHeight();
      int column = x * w.strideWidth() - w.padLeft() + tap % w.kernelWidth() * w.dilationWidth();
      taps[tap] = inside(from, row, column) ? at(from, channel, row, column) : -1;
    }
    return taps;
  }

  /** Offsets of what a transposed convolution's taps read; −1 where a tap hits no input. */
  static int[] spread(Window w, int channel, int y, int x, TensorType from) {
    int[] taps = new int[w.taps()];
    for (int tap = 0; tap < taps.length; tap++) {
      int row = y + w.padTop() - tap / w.kernelWidth() * w.dilationHeight();
      int column = x + w.padLeft() - tap % w.kernelWidth() * w.dilationWidth();
      boolean hits =
          row % w.strideHeight() == 0
              && column % w.strideWidth() == 0
              && inside(from, row / w.strideHeight(), column / w.strideWidth());
      taps[tap] = hits ? at(from, channel, row / w.strideHeight(), column / w.strideWidth()) : -1;
    }
    return taps;
  }

  static boolean inside(TensorType type, int row, int column) {
    return row >= 0 && row < type.height() && column >= 0 && column < type.width();
  }

  static int at(TensorType type, int channel, int row, int column) {
    return (channel * type.height() + row) * type.width() + column;
  }

  interface Element {
    int at(int channel, int row, int column);
  }

  static int[] fill(TensorType type, Element element) {
    int[] codes = new int[type.elements()];
    for (int c = 0; c < type.channels(); c++) {
      for (int y = 0; y < type.height(); y++) {
        for (int x = 0; x < type.width(); x++) {
          codes[at(type, c, y, x)] = element.at(c, y, x);
        }
      }
    }
    return codes;
  }
}
