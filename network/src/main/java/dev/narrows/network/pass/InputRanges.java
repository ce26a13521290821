package dev.narrows.network.pass;

import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.network.Network;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.ChannelPad;
import dev.narrows.network.layer.Clamp;
import dev.narrows.network.layer.CodeFunction;
import dev.narrows.network.layer.CodePair;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Flatten;
import dev.narrows.network.layer.FloatLayer;
import dev.narrows.network.layer.IntegerMatMul;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.MaxPool;
import dev.narrows.network.layer.Quantize;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rescale;
import dev.narrows.network.layer.Resize;
import dev.narrows.network.layer.Subsample;
import dev.narrows.network.layer.TransposedConvolution;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Optional;

/**
 * The codes that each tensor of a network can hold.
 *
 * <p>The input: all codes of its format. A layer that sums: all codes its requantisation can make;
 * nothing is concluded from the sums, because a register that overflows can end anywhere. The other
 * layers are monotone in each input, so they take ranges to ranges by their ends.
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
    if (layer instanceof Quantize quantize) { // real numbers can be any
      return IntegerRange.of(quantize.output().quantization().format());
    }
    if (layer instanceof Constant constant) {
      IntSummaryStatistics words = Arrays.stream(constant.words()).summaryStatistics();
      return new IntegerRange(words.getMin(), words.getMax());
    }
    int first = layer.inputs().getFirst();
    IntegerRange in = ranges.tensor(first);
    int zero = network.tensor(first).quantization().zeroPoint();
    return switch (layer) {
      case IntegerMatMul product -> codes(product.requantization());
      case DotLayer dot -> codes(dot.integers().requantization());
      case FloatLayer real ->
          throw new IllegalStateException(real.kind() + " layers make real numbers");
      case AveragePool pool -> codes(pool.requantization());
      case MaxPool pool -> in;
      case Subsample subsample -> in;
      case Flatten flatten -> in;
      case Resize resize -> in;
      case Quantize _, Constant _ -> throw new IllegalStateException("done above");
      case CodeFunction function -> function.codes();
      case Rearrange moved -> {
        IntegerRange all = in;
        for (int input : moved.inputs()) {
          all = all.union(ranges.tensor(input));
        }
        yield moved.padded() ? all.union(new IntegerRange(zero, zero)) : all;
      }
      case Clamp clamp ->
          new IntegerRange(
              Math.clamp(in.min(), clamp.min(), clamp.max()),
              Math.clamp(in.max(), clamp.min(), clamp.max()));
      case ChannelPad pad ->
          pad.before() + pad.after() > 0 ? in.union(new IntegerRange(zero, zero)) : in;
      case Rescale rescale -> rescaled(rescale, in.minus(zero));
      case CodePair pair -> {
        TensorType right = network.tensor(pair.right());
        IntegerRange other = ranges.tensor(pair.right()).minus(right.quantization().zeroPoint());
        yield pair.codes(in.minus(zero), other);
      }
    };
  }

  private static IntegerRange rescaled(Rescale rescale, IntegerRange values) {
    Requantization requantization = rescale.requantization();
    IntegerRange made = requantization.range(0, values);
    for (int c = 1; c < requantization.channels(); c++) {
      made = made.union(requantization.range(c, values));
    }
    return made;
  }

  private static IntegerRange codes(Requantization requantization) {
    return new IntegerRange(requantization.min(), requantization.max());
  }
}
