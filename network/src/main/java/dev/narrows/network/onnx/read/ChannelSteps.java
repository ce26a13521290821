package dev.narrows.network.onnx.read;

import dev.narrows.core.quantize.Thresholds;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.onnx.graph.OnnxAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What nodes do to each number of a channel, one after the other in binary32: additions and
 * products with constants, batch norms and clips, all of which only rise or only fall. Together
 * with a rounding they are steps on the integers that they are given, and so thresholds, exactly.
 *
 * @param all in order
 * @param onlyClips whether they are nothing but clips
 */
record ChannelSteps(List<ChannelStep> all, boolean onlyClips) {
  /** Above this many codes thresholds take more room than they are worth. */
  private static final int MOST_CODES = 1 << 10;

  /** What is done to a number of a channel. */
  interface ChannelStep {
    float apply(int channel, float number);

    /** Whether larger numbers become smaller. */
    default boolean falls(int channel) {
      return false;
    }
  }

  private record Affine(float[] factors, float[] offsets) implements ChannelStep {
    @Override
    public float apply(int channel, float number) {
      return number * factors[channel] + offsets[channel];
    }

    @Override
    public boolean falls(int channel) {
      return factors[channel] < 0;
    }
  }

  private record Sum(float[] added) implements ChannelStep {
    @Override
    public float apply(int channel, float number) {
      return number + added[channel];
    }
  }

  private record Difference(float[] from) implements ChannelStep {
    @Override
    public float apply(int channel, float number) {
      return from[channel] - number;
    }

    @Override
    public boolean falls(int channel) {
      return true;
    }
  }

  private record Product(float[] factors) implements ChannelStep {
    @Override
    public float apply(int channel, float number) {
      return number * factors[channel];
    }

    @Override
    public boolean falls(int channel) {
      return factors[channel] < 0;
    }
  }

  private record Quotient(float[] divisors) implements ChannelStep {
    @Override
    public float apply(int channel, float number) {
      return number / divisors[channel];
    }

    @Override
    public boolean falls(int channel) {
      return divisors[channel] < 0;
    }
  }

  private record Clip(float min, float max) implements ChannelStep {
    @Override
    public float apply(int channel, float number) {
      return Math.min(Math.max(number, min), max);
    }
  }

  /**
   * The functions of nodes that follow dot products.
   *
   * @param added to each channel's number first; empty for none
   * @return empty if a node is none of those above, or its constants differ inside a channel
   */
  static Optional<ChannelSteps> of(DotShape shape, float[] added, List<LoweringNode> nodes)
      throws NotNativeException {
    List<ChannelStep> all = new ArrayList<>();
    if (added.length > 0) {
      all.add(new Sum(added));
    }
    for (LoweringNode node : nodes) {
      Optional<? extends ChannelStep> step = step(shape, node);
      if (step.isEmpty()) {
        return Optional.empty();
      }
      all.add(step.get());
    }
    return Optional.of(
        new ChannelSteps(List.copyOf(all), all.stream().allMatch(Clip.class::isInstance)));
  }

  /** Whether a node may be one of these functions of its input {@code number}. */
  static boolean mayBe(LoweringNode node, int number) {
    return switch (node.node().key()) {
      case "Relu", "Clip", "BatchNormalization" -> number == 0;
      case "Add", "Sub", "Mul" -> node.constant(1 - number).isPresent();
      case "Div" -> number == 0 && node.constant(1).isPresent();
      default -> false;
    };
  }

  private static Optional<? extends ChannelStep> step(DotShape shape, LoweringNode node)
      throws NotNativeException {
    OnnxAttributes attributes = node.attributes();
    return switch (node.node().key()) {
      case "Relu" -> Optional.of(new Clip(0, Float.POSITIVE_INFINITY));
      case "Clip" -> {
        float min = limit(node, 1, attributes.number("min", Float.NEGATIVE_INFINITY));
        float max = limit(node, 2, attributes.number("max", Float.POSITIVE_INFINITY));
        yield min <= max ? Optional.of(new Clip(min, max)) : Optional.empty();
      }
      case "BatchNormalization" -> normalization(shape, node);
      case "Add" -> other(shape, node).map(Sum::new);
      case "Mul" -> other(shape, node).map(Product::new);
      case "Div" -> numbers(shape, node.required(1, "the divisor")).map(Quotient::new);
      case "Sub" ->
          node.constant(0).isPresent()
              ? numbers(shape, node.required(0, "what is subtracted from")).map(Difference::new)
              : numbers(shape, node.required(1, "what is subtracted")).map(ChannelSteps::less);
      default -> Optional.empty();
    };
  }

  /** x − c is x + (−c), bit for bit. */
  private static Sum less(float[] subtracted) {
    float[] negated = new float[subtracted.length];
    for (int i = 0; i < negated.length; i++) {
      negated[i] = -subtracted[i];
    }
    return new Sum(negated);
  }

  private static float limit(LoweringNode node, int input, float otherwise)
      throws NotNativeException {
    return node.has(input) ? node.required(input, "a limit").floats()[0] : otherwise;
  }

  private static Optional<float[]> other(DotShape shape, LoweringNode node)
      throws NotNativeException {
    return numbers(
        shape,
        node.constant(1).isPresent()
            ? node.required(1, "the other operand")
            : node.required(0, "the other operand"));
  }

  /** As ONNX Runtime: x · f + (B − mean · f) with f = scale / √(variance + ε). */
  private static Optional<Affine> normalization(DotShape shape, LoweringNode node)
      throws NotNativeException {
    List<float[]> given = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      NdTensor parameter = node.required(i, "a parameter");
      List<Integer> dims = new ArrayList<>();
      dims.add(parameter.elements());
      for (int d = 2; d < shape.dims().size(); d++) {
        dims.add(1);
      }
      Optional<float[]> numbers = numbers(shape, parameter.shaped(dims));
      if (numbers.isEmpty()) {
        return Optional.empty();
      }
      given.add(numbers.get());
    }
    float epsilon = node.attributes().number("epsilon", 1e-5f);
    float[] factors = new float[shape.outputs()];
    float[] offsets = new float[shape.outputs()];
    for (int c = 0; c < factors.length; c++) {
      float inverse = 1 / (float) Math.sqrt(given.get(3)[c] + epsilon);
      factors[c] = inverse * given.get(0)[c];
      offsets[c] = given.get(1)[c] - given.get(2)[c] * factors[c];
      if (!Float.isFinite(factors[c]) || !Float.isFinite(offsets[c])) {
        return Optional.empty();
      }
    }
    return Optional.of(new Affine(factors, offsets));
  }

  /** A constant as a number a channel. */
  private static Optional<float[]> numbers(DotShape shape, NdTensor constant) {
    if (!constant.type().isFloating()) {
      return Optional.empty();
    }
    float[] values = constant.floats();
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return Optional.empty();
      }
    }
    return shape
        .perChannel(constant.dims())
        .map(places -> {
          float[] numbers = new float[places.length];
          for (int c = 0; c < numbers.length; c++) {
            numbers[c] = values[places[c]];
          }
          return numbers;
        });
  }

  /** What becomes of a number of a channel. */
  float apply(int channel, float number) {
    float made = number;
    for (ChannelStep step : all) {
      made = step.apply(channel, made);
    }
    return made;
  }

  /** Whether larger numbers of a channel become smaller. */
  boolean falls(int channel) {
    return all.stream().filter(step -> step.falls(channel)).count() % 2 == 1;
  }

  /**
   * The thresholds on a dot product's sums, of negated sums where a channel falls, at which the
   * codes rise: searched by halving, as every step and the rounding keep the order.
   *
   * @return empty if there are too many codes
   */
  Optional<Thresholds> thresholds(IntegerDot dot, CodeTarget to) {
    Optional<int[]> levels = to.rows(dot.shape());
    if (levels.isEmpty() || (long) to.max() - to.min() >= MOST_CODES) {
      return Optional.empty();
    }
    int channels = dot.shape().outputs();
    long[][] rows = new long[channels][to.max() - to.min()];
    for (int c = 0; c < channels; c++) {
      long from = Integer.MIN_VALUE;
      for (int i = 0; i < rows[c].length; i++) {
        rows[c][i] = first(dot, to, c, levels.get()[c], from, to.min() + i + 1);
        from = Math.min(rows[c][i], Integer.MAX_VALUE);
      }
    }
    boolean alike = Arrays.stream(rows).allMatch(row -> Arrays.equals(row, rows[0]));
    return Optional.of(new Thresholds(alike ? new long[][] {rows[0]} : rows, to.min()));
  }

  /** The smallest sum of 32 bits from {@code from} on whose code is at least {@code code}. */
  private long first(IntegerDot dot, CodeTarget to, int channel, int row, long from, int code) {
    long low = from;
    long high = Integer.MAX_VALUE + 1L;
    while (low < high) {
      long middle = Math.floorDiv(low + high, 2L);
      if (code(dot, to, channel, row, middle) >= code) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private int code(IntegerDot dot, CodeTarget to, int channel, int row, long sum) {
    long own = falls(channel) ? -sum : sum;
    return to.code(row, apply(channel, (float) own * dot.scale(channel)));
  }
}
