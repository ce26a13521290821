package dev.narrows.network.onnx.read;

import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.onnx.graph.OnnxNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Class scores as QONNX files of Narrows have them: sums of codes, cast to 64-bit integers, become
 * ⌊(sum + bias) · factor / 2^31 + 1/2⌋ by five nodes. That is one layer, whose requantisation is
 * TFLite's multiplication.
 */
final class WideScores {
  private static final List<String> STEPS = List.of("Add", "Mul", "Add", "Div", "Add");
  private static final int FRACTION = 31;
  private static final long ABOVE = 1L << 62; // makes dividends positive

  private WideScores() {}

  /**
   * Lowers a cast and the five nodes behind it.
   *
   * @return whether they are class scores
   */
  static boolean lower(LoweringNode cast) throws NotNativeException {
    Optional<Deferred> waiting = cast.graph().deferred(cast.node().input(0));
    if (waiting.isEmpty() || !(waiting.get() instanceof IntegerDot dot) || !dot.isWhole()) {
      return false;
    }
    List<String> names = new ArrayList<>(List.of(cast.output()));
    List<long[]> numbers = new ArrayList<>();
    for (String step : STEPS) {
      String name = names.getLast();
      List<OnnxNode> readers = cast.graph().readers(name);
      if (readers.size() != 1 || cast.graph().isResult(name)) {
        return false;
      }
      OnnxNode reader = readers.getFirst();
      if (!reader.key().equals(step)
          || reader.inputs().size() != 2
          || reader.outputs().size() != 1
          || !reader.input(0).equals(name)) {
        return false;
      }
      Optional<long[]> by = numbers(cast.graph().constant(reader.input(1)), dot);
      if (by.isEmpty()) {
        return false;
      }
      numbers.add(by.get());
      names.add(reader.outputs().getFirst());
    }
    if (!is(numbers.get(2), ABOVE + (1L << (FRACTION - 1)))
        || !is(numbers.get(3), 1L << FRACTION)
        || !is(numbers.get(4), -(ABOVE >> FRACTION))) {
      return false;
    }
    return made(cast, dot, names, numbers.get(0), numbers.get(1));
  }

  private static boolean made(
      LoweringNode cast, IntegerDot dot, List<String> names, long[] added, long[] factors) {
    int channels = dot.shape().outputs();
    int[] bias = new int[channels];
    int[] multipliers = new int[factors.length];
    int[] shifts = new int[factors.length];
    for (int c = 0; c < channels; c++) {
      long add = added[added.length == 1 ? 0 : c];
      int at = factors.length == 1 ? 0 : c;
      int shift = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(factors[at]) - FRACTION);
      if (factors[at] <= 0
          || shift >= FRACTION
          || Long.numberOfTrailingZeros(factors[at]) < shift
          || Math.abs(add) > Integer.MAX_VALUE
          || dot.most(c) + Math.abs(add) > Integer.MAX_VALUE >> shift) {
        return false; // 32 bits would saturate, and 64 do not
      }
      bias[c] = (int) add;
      multipliers[at] = (int) (factors[at] >> shift);
      shifts[at] = shift;
    }
    FixedPointMultiplier requantization =
        new FixedPointMultiplier(multipliers, shifts, 0, Integer.MIN_VALUE, Integer.MAX_VALUE);
    LoweredValue scores = dot.biased(bias).scores(requantization);
    cast.graph().absorb(names);
    cast.graph().put(names.getLast(), scores);
    return true;
  }

  /** One number, or one a channel along the axis of channels. */
  private static Optional<long[]> numbers(Optional<NdTensor> constant, IntegerDot dot) {
    if (constant.isEmpty() || constant.get().type() != NdType.INT64) {
      return Optional.empty();
    }
    long[] given = constant.get().integers();
    if (given.length == 1) {
      return constant.get().rank() <= dot.rank() ? Optional.of(given) : Optional.empty();
    }
    return dot.shape()
        .perChannel(constant.get().dims())
        .map(places -> Arrays.stream(places).mapToLong(place -> given[place]).toArray());
  }

  private static boolean is(long[] numbers, long wanted) {
    return numbers.length == 1 && numbers[0] == wanted;
  }
}
