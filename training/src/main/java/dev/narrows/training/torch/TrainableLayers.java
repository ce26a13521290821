package dev.narrows.training.torch;

import dev.narrows.network.layer.FunctionLayer;

/** Which layers of an imported network can be trained through. */
public final class TrainableLayers {
  private TrainableLayers() {}

  /** Whether there is a gradient for a layer. */
  public static boolean trains(FunctionLayer layer) {
    return LayerOutputs.trains(layer);
  }
}
