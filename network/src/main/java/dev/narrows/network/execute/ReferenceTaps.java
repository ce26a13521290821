package dev.narrows.network.execute;

import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.TransposedConvolution;
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
            case TransposedConvolution t -> t.window().transposedTaps(from, source, y, x);
            case Convolution v -> v.window().taps(from, source, y, x);
            case Dense d -> d.window().taps(from, source, y, x);
          };
      for (int tap = 0; tap < taps.length; tap++) {
        words[tap * groupInputs + channel] = taps[tap] < 0 ? padding : in[taps[tap]];
      }
    }
    return words;
  }
}
