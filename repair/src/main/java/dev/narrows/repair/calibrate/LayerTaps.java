package dev.narrows.repair.calibrate;

import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.TransposedConvolution;
import dev.narrows.network.tensor.TensorType;

/** Where in its input [C][H][W] a layer finds the terms of one dot product, in its order. */
final class LayerTaps {
  private final DotLayer layer;
  private final TensorType from;
  private final int groupInputs;

  LayerTaps(DotLayer layer, TensorType from) {
    this.layer = layer;
    this.from = from;
    this.groupInputs = from.channels() / layer.groups();
  }

  /** Offsets of a group's terms at an output position; −1 for real zero. */
  int[] at(int group, int position) {
    int y = position / layer.output().width();
    int x = position % layer.output().width();
    int[] all = new int[layer.terms()];
    for (int channel = 0; channel < groupInputs; channel++) {
      int source = group * groupInputs + channel;
      int[] taps =
          switch (layer) {
            case TransposedConvolution t -> t.window().transposedTaps(from, source, y, x);
            case Convolution v -> v.window().taps(from, source, y, x);
            case Dense d -> d.window().taps(from, source, y, x);
          };
      for (int tap = 0; tap < taps.length; tap++) {
        all[tap * groupInputs + channel] = taps[tap];
      }
    }
    return all;
  }
}
