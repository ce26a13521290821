package dev.narrows.verify;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.FunctionLayer;
import dev.narrows.network.layer.InputLayer;
import dev.narrows.network.layer.IntegerMatMul;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.MatMul;
import dev.narrows.network.layer.TransposedConvolution;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.IntegerOperands;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A layer that sums products, as the checker sees it: dense, convolution, or average pooling with
 * weights 1.
 *
 * @param weights [C][K]
 * @param groups output channel c reads the input channels of group c / (C / groups)
 * @param padded whether a tap may read no input, and so the code of real zero
 * @param taps which terms can meet inputs at once
 * @param zeroPoint of the input
 * @param zero the convention of its register: what a register that it is pinned to states, else the
 *     file's own
 * @param placement the placement of its register, likewise
 * @param biased whether it has a bias that a placement is about
 * @param pinned the narrow register that the network pins it to
 * @param exact whether the network pins it to an exact register, or it is a pool
 */
record DotView(
    int channels,
    int terms,
    int[] weights,
    long[] bias,
    int input,
    int groups,
    int groupInputs,
    boolean padded,
    TapGroups taps,
    int zeroPoint,
    ZeroPointConvention zero,
    BiasPlacement placement,
    boolean biased,
    Optional<Summation> pinned,
    boolean exact) {

  /** The view of a layer; empty if it does not multiply its input with weights. */
  static Optional<DotView> of(Layer layer, TensorType from) {
    return switch (layer) {
      case DotLayer dot -> Optional.of(of(dot, from));
      case AveragePool pool -> Optional.of(of(pool, from));
      case MatMul _, IntegerMatMul _, FunctionLayer _, InputLayer _ -> Optional.empty();
    };
  }

  private static DotView of(DotLayer layer, TensorType from) {
    IntegerOperands operands = layer.integers();
    return new DotView(
        operands.weights().channels(),
        operands.weights().terms(),
        operands.weights().dense(),
        Arrays.stream(operands.bias()).asLongStream().toArray(),
        layer.input(),
        layer.groups(),
        from.channels() / layer.groups(),
        layer.window().padded() || layer instanceof TransposedConvolution,
        layer instanceof TransposedConvolution transposed
            ? TapGroups.of(transposed)
            : TapGroups.one(),
        from.quantization().zeroPoint(),
        operands.pinned().flatMap(Summation::zero).orElse(operands.zero()),
        operands.pinned().flatMap(Summation::bias).orElse(operands.biasPlacement()),
        true,
        operands.pinned().filter(own -> !(own.accumulator() instanceof Exact)),
        operands.pinned().map(own -> own.accumulator() instanceof Exact).orElse(false));
  }

  private static DotView of(AveragePool pool, TensorType from) {
    int[] ones = new int[Math.multiplyExact(from.channels(), pool.terms())];
    Arrays.fill(ones, 1);
    return new DotView(
        from.channels(),
        pool.terms(),
        ones,
        new long[from.channels()],
        pool.input(),
        from.channels(),
        1,
        pool.window().padded(),
        TapGroups.one(),
        from.quantization().zeroPoint(),
        pool.zero(),
        BiasPlacement.AFTER,
        false,
        Optional.empty(),
        true);
  }

  /**
   * The width that sums have to fit in the register that the network pins the layer to. Every order
   * is claimed to be safe, so the narrower part of a chunked register has to hold the whole sum.
   */
  OptionalInt ownBits() {
    return pinned.isEmpty() ? OptionalInt.empty() : OptionalInt.of(bits(pinned.get()));
  }

  /** The width that sums have to fit in a register. */
  static int bits(Summation register) {
    return register.order().narrowest(register.accumulator().bits());
  }

  /** The same dot products under the conventions that a register names. */
  DotView in(Summation register) {
    return new DotView(
        channels,
        terms,
        weights,
        bias,
        input,
        groups,
        groupInputs,
        padded,
        taps,
        zeroPoint,
        register.zero().orElse(zero),
        register.bias().orElse(placement),
        biased,
        pinned,
        exact);
  }

  int weight(int channel, int term) {
    return weights[channel * terms + term];
  }

  /** The input channel that a term of an output channel reads. */
  int inputChannel(int channel, int term) {
    return channel / (channels / groups) * groupInputs + term % groupInputs;
  }

  /** What to take from a stored code to get what the register sees. */
  int subtracted(ZeroPointConvention convention) {
    return switch (convention) {
      case OFFSET -> zeroPoint;
      case RAW -> 0;
    };
  }

  /** What the register holds before the first term. */
  long preload(int channel, ZeroPointConvention convention, BiasPlacement where) {
    return switch (where) {
      case AFTER -> 0;
      case PRELOAD ->
          switch (convention) {
            case OFFSET -> bias[channel];
            case RAW -> {
              long sum = 0;
              for (int k = 0; k < terms; k++) {
                sum += weight(channel, k);
              }
              yield bias[channel] - zeroPoint * sum;
            }
          };
    };
  }
}
