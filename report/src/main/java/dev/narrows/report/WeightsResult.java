package dev.narrows.report;

import java.util.List;
import java.util.Optional;

/**
 * The integer weights of a network's dense and convolution layers: how sparse they are, how small
 * they could be stored, how wide their sums can get.
 *
 * @param total all layers but those on exact registers of their own; absent if there are no others
 * @param layers every layer
 */
public record WeightsResult(Optional<WeightTotals> total, List<LayerWeights> layers) {
  /** Copies the layers. */
  public WeightsResult {
    layers = List.copyOf(layers);
  }

  /**
   * What is reported of weights.
   *
   * @param count weights, pruned ones included
   * @param zeros how many of them are 0
   * @param sparsity zeros / count, 0 to 1
   * @param entropyBits H: bits a weight, each layer coded by itself
   * @param compression W / H; absent where all weights are equal
   * @param safeBits the narrowest register that no input and no order overflows (sign-sum bound)
   */
  public record WeightTotals(
      long count,
      long zeros,
      double sparsity,
      double entropyBits,
      Optional<Double> compression,
      int safeBits) {}

  /**
   * One layer.
   *
   * @param name of the layer
   * @param bits W, the bits of a weight
   * @param exact whether it has an exact register of its own
   * @param figures its own
   */
  public record LayerWeights(String name, int bits, boolean exact, WeightTotals figures) {}
}
