package dev.narrows.network.pass;

import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.Network;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.FunctionLayer;
import dev.narrows.network.layer.InputLayer;
import dev.narrows.network.layer.IntegerMatMul;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.SummingLayer;
import dev.narrows.network.layer.TensorRange;
import dev.narrows.network.layer.TransposedConvolution;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The codes that each tensor of a network can hold.
 *
 * <p>The inputs, and states: all codes of their format. A layer that sums: all codes its
 * requantisation can make; nothing is concluded from the sums, because a register that overflows
 * can end anywhere. The other layers say themselves what they make of ranges.
 *
 * @param tensors stored codes, by tensor index; empty for tensors of real numbers
 */
public record InputRanges(List<Optional<IntegerRange>> tensors) {
  public InputRanges {
    tensors = List.copyOf(tensors);
  }

  /** The ranges of a network's tensors. */
  public static InputRanges of(Network network) {
    List<Optional<IntegerRange>> ranges = new ArrayList<>();
    ranges.add(
        network.input().isFloat()
            ? Optional.empty()
            : Optional.of(IntegerRange.of(network.input().quantization().format())));
    for (Layer layer : network.layers()) {
      ranges.add(
          layer.output().isFloat()
              ? Optional.empty()
              : Optional.of(made(network, layer, new InputRanges(ranges))));
    }
    return new InputRanges(ranges);
  }

  /**
   * The stored codes of tensor {@code index}: 0 is the input, i + 1 what layer i makes.
   *
   * @throws IllegalArgumentException if it holds real numbers
   */
  public IntegerRange tensor(int index) {
    return tensors
        .get(index)
        .orElseThrow(() -> new IllegalArgumentException("tensor " + index + " holds no codes"));
  }

  /** [a, b]: what a layer's register sees of its inputs, padding included. */
  public IntegerRange multiplied(Network network, DotLayer layer, ZeroPointConvention zero) {
    boolean padded = layer.window().padded() || layer instanceof TransposedConvolution;
    return multiplied(network, layer.input(), padded, zero);
  }

  /** [a, b] of an average pooling's terms. */
  public IntegerRange multiplied(Network network, AveragePool layer, ZeroPointConvention zero) {
    return multiplied(network, layer.input(), layer.window().padded(), zero);
  }

  /** [a, b] of the left operands of a product of two activations. */
  public IntegerRange left(Network network, IntegerMatMul layer, ZeroPointConvention zero) {
    return multiplied(network, layer.left(), false, zero);
  }

  /** [c, d] of the right operands of a product of two activations. */
  public IntegerRange right(Network network, IntegerMatMul layer, ZeroPointConvention zero) {
    return multiplied(network, layer.right(), false, zero);
  }

  private IntegerRange multiplied(
      Network network, int input, boolean padded, ZeroPointConvention zero) {
    int zeroPoint = network.tensor(input).quantization().zeroPoint();
    IntegerRange codes = tensor(input);
    IntegerRange seen = padded ? codes.union(new IntegerRange(zeroPoint, zeroPoint)) : codes;
    return zero == ZeroPointConvention.OFFSET ? seen.minus(zeroPoint) : seen;
  }

  private static IntegerRange made(Network network, Layer layer, InputRanges ranges) {
    return switch (layer) {
      case SummingLayer sums -> sums.codes();
      // of a state too: what feeds it is a tensor of the same format, whatever its range
      case InputLayer input -> IntegerRange.of(input.output().quantization().format());
      case FunctionLayer function ->
          function.codes(
              layer.inputs().stream()
                  .map(input -> new TensorRange(network.tensor(input), ranges.tensors.get(input)))
                  .toList());
    };
  }
}
