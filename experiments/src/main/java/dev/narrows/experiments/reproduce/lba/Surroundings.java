package dev.narrows.experiments.reproduce.lba;

import dev.narrows.network.Network;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.weights.FloatDotWeights;
import dev.narrows.network.weights.FloatOperands;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Networks in a plane around one: weights + x·d + y·e for two random directions d and e, in which
 * every filter has the norm of the network's own (filter normalisation, Li et al. 2018).
 *
 * @param directions d and e of each layer, in the order of the network's layers; none for layers
 *     without real weights
 */
record Surroundings(Network network, List<List<float[]>> directions) {
  static Surroundings of(Network network, long seed) {
    Random random = new Random(seed);
    List<List<float[]>> directions = new ArrayList<>();
    for (var layer : network.layers()) {
      directions.add(
          layer instanceof DotLayer dot && dot.operands() instanceof FloatOperands floats
              ? List.of(direction(floats.weights(), random), direction(floats.weights(), random))
              : List.of());
    }
    return new Surroundings(network, directions);
  }

  private static float[] direction(FloatDotWeights weights, Random random) {
    int terms = weights.terms();
    float[] direction = new float[weights.values().length];
    for (int first = 0; first < direction.length; first += terms) {
      double own = 0;
      double drawn = 0;
      for (int k = first; k < first + terms; k++) {
        direction[k] = (float) random.nextGaussian();
        own += (double) weights.values()[k] * weights.values()[k];
        drawn += (double) direction[k] * direction[k];
      }
      double factor = drawn == 0 ? 0 : Math.sqrt(own / drawn);
      for (int k = first; k < first + terms; k++) {
        direction[k] = (float) (direction[k] * factor);
      }
    }
    return direction;
  }

  /** The network at a point of the plane. */
  Network at(double x, double y) {
    Network moved = network;
    for (int i = 0; i < directions.size(); i++) {
      List<float[]> along = directions.get(i);
      if (!along.isEmpty()
          && network.layers().get(i) instanceof DotLayer layer
          && layer.operands() instanceof FloatOperands operands) {
        moved = moved.withLayer(i, layer.withOperands(moved(operands, along, x, y)));
      }
    }
    return moved;
  }

  private static FloatOperands moved(
      FloatOperands operands, List<float[]> along, double x, double y) {
    FloatDotWeights weights = operands.weights();
    float[] values = new float[weights.values().length];
    for (int k = 0; k < values.length; k++) {
      values[k] = (float) (weights.values()[k] + x * along.get(0)[k] + y * along.get(1)[k]);
    }
    return new FloatOperands(
        new FloatDotWeights(weights.channels(), weights.terms(), values),
        operands.scale(),
        operands.bias(),
        operands.relu(),
        operands.pinned());
  }
}
