package dev.narrows.network;

import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.weights.IntegerOperands;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The constants that a layer's dot products have, or are to have.
 *
 * @param weights q, [channels][K] in flattening order; shared, do not modify
 * @param scales the real value of weight 1, per output channel; shared, do not modify
 * @param bias per output channel, in units of input scale · weight scale; shared, do not modify
 */
public record LayerConstants(int[] weights, double[] scales, int[] bias) {
  /** Those of operands. */
  public static LayerConstants of(IntegerOperands operands) {
    return new LayerConstants(
        operands.weights().dense(), operands.weights().scales(), operands.bias());
  }

  /** Those of the layers that have others in {@code changed} than in {@code given}, by name. */
  public static Map<String, LayerConstants> differences(Network given, Network changed) {
    Map<String, LayerConstants> differing = new LinkedHashMap<>();
    Map<String, DotLayer> before = new LinkedHashMap<>();
    given.dotLayers().forEach(layer -> before.put(layer.name(), layer));
    for (DotLayer layer : changed.dotLayers()) {
      DotLayer old = before.get(layer.name());
      if (old != null && !layer.isFloat() && !old.isFloat()) {
        LayerConstants constants = of(layer.integers());
        if (!constants.equals(of(old.integers()))) {
          differing.put(layer.name(), constants);
        }
      }
    }
    return differing;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LayerConstants that
        && Arrays.equals(weights, that.weights)
        && Arrays.equals(scales, that.scales)
        && Arrays.equals(bias, that.bias);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(weights) + Arrays.hashCode(bias);
  }

  @Override
  public String toString() {
    return "LayerConstants[%d weights, %d channels]".formatted(weights.length, bias.length);
  }
}
