package dev.narrows.network.onnx.read;

import dev.narrows.core.quantize.DoubleScale;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.FloatScale;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.core.quantize.ShortMultiplier;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.onnx.graph.OnnxNode;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * Nodes between sums and codes, read from their end as a requantisation: each form that layers have
 * is one order of operators, and the constants say the rest.
 */
final class RequantizationSteps {
  private static final long ABOVE = 1L << 62; // makes dividends positive
  private static final int FRACTION = 31;

  private final GraphLowering graph;
  private final DotShape shape;
  private final Map<String, OnnxNode> makers;
  private final String sums;

  /**
   * @param makers the nodes by what they make
   * @param sums what the first of them reads
   */
  RequantizationSteps(
      GraphLowering graph, DotShape shape, Map<String, OnnxNode> makers, String sums) {
    this.graph = graph;
    this.shape = shape;
    this.makers = makers;
    this.sums = sums;
  }

  /**
   * What nodes are.
   *
   * @param bias added to the sums, one a channel
   * @param type of the codes
   */
  record Found(int[] bias, Requantization requantization, NdType type) {}

  /** They are something else. */
  private static final class Other extends Exception {
    private static final long serialVersionUID = 1L;

    Other() {
      super("other nodes", null, false, false);
    }
  }

  /** ⌊(of + half) / divisor⌋, numbers a channel each. */
  private record Floored(String of, long[] half, long[] divisor) {}

  /** What the nodes up to a cast to codes are; empty if they are no requantisation. */
  Optional<Found> of(OnnxNode last) {
    try {
      return Optional.of(cast(last));
    } catch (Other | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private Found cast(OnnxNode last) throws Other {
    NdType type = NdType.of(last.attributes().int32("to", 0)).orElseThrow(Other::new);
    OnnxNode clip = made(last.input(0), "Clip");
    NdTensor least = constant(clip.input(1));
    NdTensor most = constant(clip.input(2));
    require(least.elements() == 1 && most.elements() == 1);
    if (least.type() != NdType.INT64) {
      return scaled(clip.input(0), word(least.doubles()[0]), word(most.doubles()[0]), type);
    }
    int min = word(least.integers()[0]);
    int max = word(most.integers()[0]);
    String held = clip.input(0);
    int zero = 0;
    if (is(held, "Add")) {
      OnnxNode moved = made(held, "Add");
      zero = word(single(numbers(moved)));
      held = moved.input(0);
    }
    Floored outer = floored(held);
    if (is(outer.of(), "Sub")) {
      Floored inner = floored(raised(outer));
      return fixed(inner, outer.divisor(), zero, min, max, type);
    }
    return all(outer.divisor(), d -> d == 1L << FRACTION)
        ? fixed(outer, ones(), zero, min, max, type)
        : shorter(outer, zero, min, max, type);
  }

  private long[] ones() {
    long[] ones = new long[shape.outputs()];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** Multiplied by a number of 31 bits, its high half taken, shifted right with rounding. */
  private Found fixed(Floored high, long[] divisor, int zero, int min, int max, NdType type)
      throws Other {
    require(all(high.divisor(), d -> d == 1L << FRACTION));
    require(all(high.half(), h -> h == 1L << (FRACTION - 1)));
    OnnxNode product = made(high.of(), "Mul");
    long[] multipliers = numbers(product);
    String shifted = product.input(0);
    boolean saturates = is(shifted, "Clip");
    if (saturates) {
      OnnxNode word = made(shifted, "Clip");
      require(
          single(integers(constant(word.input(1)))) == Integer.MIN_VALUE
              && single(integers(constant(word.input(2)))) == Integer.MAX_VALUE);
      shifted = word.input(0);
    }
    long[] left = ones();
    if (is(shifted, "Mul")) {
      OnnxNode doubled = made(shifted, "Mul");
      left = numbers(doubled);
      shifted = doubled.input(0);
    }
    require(saturates != FixedPoint.wraps(min, max));
    int[] multiplier = new int[multipliers.length];
    int[] shift = new int[multipliers.length];
    for (int c = 0; c < multiplier.length; c++) {
      multiplier[c] = word(multipliers[c]);
      require(left[c] == 1 || divisor[c] == 1);
      shift[c] = logarithm(left[c]) - logarithm(divisor[c]);
    }
    Requantization made =
        new FixedPointMultiplier(
            one(multiplier, shift, 0), one(multiplier, shift, 1), zero, min, max);
    return new Found(bias(shifted), made, type);
  }

  /** Multiplied by a number of 15 bits, shifted right with rounding. */
  private Found shorter(Floored rounded, int zero, int min, int max, NdType type) throws Other {
    OnnxNode product = made(rounded.of(), "Mul");
    long[] multipliers = numbers(product);
    int[] multiplier = new int[multipliers.length];
    int[] shift = new int[multipliers.length];
    for (int c = 0; c < multiplier.length; c++) {
      multiplier[c] = word(multipliers[c]);
      shift[c] = 15 - logarithm(rounded.divisor()[c]);
      require(rounded.half()[c] * 2 == rounded.divisor()[c]);
    }
    Requantization made =
        new ShortMultiplier(one(multiplier, shift, 0), one(multiplier, shift, 1), zero, min, max);
    return new Found(bias(product.input(0)), made, type);
  }

  /** Pairs of numbers, a pair a channel, or one where all are the same. */
  private static int[] one(int[] first, int[] second, int which) {
    boolean same = true;
    for (int c = 1; c < first.length; c++) {
      same &= first[c] == first[0] && second[c] == second[0];
    }
    int[] wanted = which == 0 ? first : second;
    return same ? new int[] {wanted[0]} : wanted;
  }

  /** Times a number of binary32 or binary64, rounded, plus the zero point. */
  private Found scaled(String held, int min, int max, NdType type) throws Other {
    OnnxNode moved = made(held, "Add");
    int zero = word(single(constant(moved.input(1)).doubles()));
    if (is(moved.input(0), "Cast")) {
      OnnxNode round = made(made(moved.input(0), "Cast").input(0), "Round");
      OnnxNode product = made(round.input(0), "Mul");
      float[] factors = constant(product.input(1), NdType.FLOAT).floats();
      int[] at = places(product.input(1));
      float[] each = new float[at.length];
      for (int c = 0; c < at.length; c++) {
        each[c] = factors[at[c]];
      }
      String real = real(product.input(0), NdType.FLOAT);
      float[] kept = factors.length == 1 ? factors : each;
      return new Found(bias(real), new FloatScale(kept, zero, min, max), type);
    }
    OnnxNode signed = made(moved.input(0), "Mul");
    OnnxNode raised = made(signed.input(0), "Add");
    String of = made(signed.input(1), "Sign").input(0);
    OnnxNode whole = made(raised.input(0), "Floor");
    OnnxNode up = made(made(raised.input(1), "Cast").input(0), "GreaterOrEqual");
    OnnxNode rest = made(up.input(0), "Sub");
    require(single(constant(up.input(1)).doubles()) == 0.5);
    require(rest.input(0).equals(whole.input(0)) && rest.input(1).equals(raised.input(0)));
    require(made(whole.input(0), "Abs").input(0).equals(of));
    OnnxNode product = made(of, "Mul");
    double[] factors = constant(product.input(1), NdType.DOUBLE).doubles();
    int[] at = places(product.input(1));
    double[] each = new double[at.length];
    for (int c = 0; c < at.length; c++) {
      each[c] = factors[at[c]];
    }
    String real = real(product.input(0), NdType.DOUBLE);
    double[] kept = factors.length == 1 ? factors : each;
    return new Found(bias(real), new DoubleScale(kept, zero, min, max), type);
  }

  private String real(String name, NdType type) throws Other {
    OnnxNode cast = made(name, "Cast");
    require(cast.attributes().int32("to", 0) == type.number());
    return cast.input(0);
  }

  /** What is added to the sums in front of all other steps, one a channel. */
  private int[] bias(String name) throws Other {
    int[] bias = new int[shape.outputs()];
    if (name.equals(sums)) {
      return bias;
    }
    OnnxNode add = made(name, "Add");
    require(add.input(0).equals(sums));
    long[] numbers = numbers(add);
    for (int c = 0; c < bias.length; c++) {
      bias[c] = word(numbers[c]);
    }
    return bias;
  }

  /** ⌊(v + half) / divisor⌋ by a division whose dividend is made positive. */
  private Floored floored(String name) throws Other {
    OnnxNode lower = made(name, "Sub");
    OnnxNode quotient = made(lower.input(0), "Div");
    OnnxNode lifted = made(quotient.input(0), "Add");
    long[] divisor = numbers(quotient);
    long[] half = numbers(lifted);
    long[] less = numbers(lower);
    for (int c = 0; c < divisor.length; c++) {
      half[c] -= ABOVE;
      require(logarithm(divisor[c]) <= FRACTION && half[c] >= 0 && half[c] < divisor[c]);
      require(less[c] == ABOVE >> logarithm(divisor[c]));
    }
    return new Floored(lifted.input(0), half, divisor);
  }

  /**
   * What is shifted right with halves away from zero: one less below zero, where the half is added.
   */
  private String raised(Floored outer) throws Other {
    OnnxNode lowered = made(outer.of(), "Sub");
    OnnxNode less = made(lowered.input(1), "Mul");
    OnnxNode below = made(made(less.input(0), "Cast").input(0), "Less");
    require(below.input(0).equals(lowered.input(0)));
    require(single(integers(constant(below.input(1)))) == 0);
    long[] shifts = numbers(less);
    for (int c = 0; c < shifts.length; c++) {
      long divisor = outer.divisor()[c];
      require(shifts[c] == (divisor == 1 ? 0 : 1) && outer.half()[c] == divisor / 2);
    }
    return lowered.input(0);
  }

  private boolean is(String name, String operator) {
    OnnxNode maker = makers.get(name);
    return maker != null && maker.key().equals(operator);
  }

  private OnnxNode made(String name, String operator) throws Other {
    OnnxNode maker = makers.get(name);
    if (maker == null || !maker.key().equals(operator)) {
      throw new Other();
    }
    return maker;
  }

  private NdTensor constant(String name) throws Other {
    return graph.constant(name).orElseThrow(Other::new);
  }

  private NdTensor constant(String name, NdType type) throws Other {
    NdTensor constant = constant(name);
    require(constant.type() == type);
    return constant;
  }

  private int[] places(String constant) throws Other {
    NdTensor given = constant(constant);
    return given.elements() == 1 && given.rank() <= shape.dims().size()
        ? new int[shape.outputs()]
        : shape.perChannel(given.dims()).orElseThrow(Other::new);
  }

  private static long[] integers(NdTensor constant) throws Other {
    require(constant.type() == NdType.INT64);
    return constant.integers();
  }

  /** The 64-bit integers on a node's right, one a channel. */
  private long[] numbers(OnnxNode node) throws Other {
    long[] given = integers(constant(node.input(1)));
    return Arrays.stream(places(node.input(1))).mapToLong(place -> given[place]).toArray();
  }

  private static long single(long[] numbers) throws Other {
    require(all(numbers, number -> number == numbers[0]) && numbers.length > 0);
    return numbers[0];
  }

  private static double single(double[] numbers) throws Other {
    require(numbers.length == 1);
    return numbers[0];
  }

  private static boolean all(long[] numbers, LongPredicate holds) {
    return Arrays.stream(numbers).allMatch(holds);
  }

  private static int logarithm(long power) throws Other {
    require(power > 0 && Long.bitCount(power) == 1);
    return Long.numberOfTrailingZeros(power);
  }

  private static int word(double number) throws Other {
    require(number == (int) number);
    return (int) number;
  }

  private static int word(long number) throws Other {
    require(number == (int) number);
    return (int) number;
  }

  private static void require(boolean holds) throws Other {
    if (!holds) {
      throw new Other();
    }
  }
}
