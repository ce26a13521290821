package dev.narrows.network.execute;

import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.TransposedConvolution;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;

/** Where the reference finds what a dot product multiplies, in tensors [C][H][W]. */
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
            case Convolution v -> v.window().taps(from, source, y, x);
            case Dense d -> d.window().taps(from, source, y, x);
          };
      for (int tap = 0; tap < taps.length; tap++) {
        words[tap * groupInputs + channel] = taps[tap] < 0 ? padding : in[taps[tap]];
      }
    }
    return words;
  }

  /** Offsets of what a transposed convolution's taps read; −1 where a tap hits no input. */
  static int[] spread(Window w, int channel, int y, int x, TensorType from) {
    int[] taps = new int[w.taps()];
    for (int tap = 0; tap < taps.length; tap++) {
      int row = y + w.padTop() - tap / w.kernelWidth() * w.dilationHeight();
      int column = x + w.padLeft() - tap % w.kernelWidth() * w.dilationWidth();
      boolean hits =
          row >= 0
              && row % w.strideHeight() == 0
              && row / w.strideHeight() < from.height()
              && column >= 0
              && column % w.strideWidth() == 0
              && column / w.strideWidth() < from.width();
      taps[tap] = hits ? from.at(channel, row / w.strideHeight(), column / w.strideWidth()) : -1;
    }
    return taps;
  }
}
