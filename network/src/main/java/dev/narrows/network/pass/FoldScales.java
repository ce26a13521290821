package dev.narrows.network.pass;

import dev.narrows.network.Network;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.weights.FloatDotWeights;
import dev.narrows.network.weights.FloatOperands;

/**
 * Multiplies the scales of float layers into their weights, each product rounded to binary32: batch
 * norm folded, so that the register sums what the layer puts out, but for its bias. Exact sums stay
 * the same up to that rounding; what is narrow may overflow and underflow elsewhere.
 *
 * <p>Layers whose weights are stored in a small format keep their scales: the products have no code
 * there.
 */
public final class FoldScales {
  private FoldScales() {}

  /** The network with scales folded; the same one if it has none. */
  public static Network of(Network network) {
    Network folded = network;
    for (int i = 0; i < network.layers().size(); i++) {
      if (network.layers().get(i) instanceof DotLayer dot
          && dot.operands() instanceof FloatOperands operands
          && operands.scale().length > 0
          && operands.weights().stored().isEmpty()) {
        folded = folded.withLayer(i, dot.withOperands(folded(operands)));
      }
    }
    return folded;
  }

  private static FloatOperands folded(FloatOperands operands) {
    int terms = operands.terms();
    float[] weights = operands.weights().values().clone();
    for (int i = 0; i < weights.length; i++) {
      weights[i] *= operands.scale()[i / terms];
    }
    return new FloatOperands(
        new FloatDotWeights(operands.channels(), terms, weights),
        new float[0],
        operands.bias(),
        operands.relu(),
        operands.pinned());
  }
}
