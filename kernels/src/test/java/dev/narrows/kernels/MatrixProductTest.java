package dev.narrows.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.accumulator.Spilling;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.kernels.integer.IntegerProductSlice;
import dev.narrows.kernels.integer.WeightSequences;
import dev.narrows.kernels.lanes.OrderPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MatrixProductTest {
  private static final List<String> REGISTERS =
      List.of(
          "int2:wrap",
          "int8:wrap",
          "int15:wrap",
          "int31:wrap",
          "int32:wrap",
          "int33:wrap",
          "int2:saturate",
          "int5:saturate",
          "int8:saturate",
          "int11:saturate",
          "int14:saturate",
          "int16:saturate",
          "int22:saturate",
          "int23:saturate",
          "int24:saturate",
          "int25:saturate",
          "int31:saturate",
          "int32:saturate",
          "int33:saturate",
          "int62:saturate",
          "int2:spill(2)",
          "int8:spill(12)",
          "int12:spill(32)",
          "int20:spill(40)",
          "int9:resolved",
          "int16:resolved",
          "int6:resolved(transient)",
          "int11:resolved(transient)",
          "int32:resolved(transient)");

  private static final List<String> ORDERS =
      List.of(
          "sequential",
          "reversed",
          "chunk(1)",
          "chunk(5)",
          "chunk(70)",
          "chunk(16,int32)",
          "chunk(4,int6)",
          "chunk(7,int40)",
          "ascending",
          "sorted",
          "sorted(1)",
          "sorted(2)",
          "tiles(8,1)",
          "tiles(9)",
          "tiles(300,2)",
          "sign-directed");

  /** Registers of SIMD kernels, before one that hardware has. */
  private static final List<String> LANES =
      List.of(
          "lanes(i16s*2+i16s*8/4)",
          "lanes(i8s*2/3+i8*4+i12)",
          "lanes(i9*5/2+i9s)",
          "lanes(u10s*3/2)",
          "lanes(i40*4)");

  static Stream<Summation> summations() {
    return Stream.concat(
        Stream.of("int8:wrap", "int32:wrap", "int33:wrap", "int12:saturate", "int40:saturate")
            .flatMap(
                register -> LANES.stream().map(order -> Summation.parse(text(register, order)))),
        withoutLanes());
  }

  private static Stream<Summation> withoutLanes() {
    return Stream.concat(
        Stream.of(Summation.exact()),
        REGISTERS.stream()
            .flatMap(register ->
                ORDERS.stream()
                    .filter(order -> !register.contains("spill") || !order.contains(",int"))
                    .map(order -> Summation.parse(text(register, order)))));
  }

  static Stream<SummationOrder> orders() {
    return Stream.concat(ORDERS.stream(), LANES.stream())
        .map(order -> Summation.parse(text("int8:wrap", order)).order());
  }

  private static String text(String register, String order) {
    return order.equals("sequential") ? register : register + ":" + order;
  }

  /** Lengths and column counts around the edges of lanes, tiles, panels and segments. */
  static List<Twin> operands() {
    return List.of(
        Twin.random(1, 2, 1, 1, 7, 0, 0, 15),
        Twin.random(2, 3, 15, 16, 7, 0.2, 0, 15),
        Twin.random(3, 2, 16, 17, 7, 0.5, -8, 7),
        Twin.random(4, 2, 17, 31, 127, 0, 0, 255),
        Twin.random(5, 1, 63, 7, 127, 0.1, -128, 127),
        Twin.random(6, 2, 65, 5, 7, 0.5, 0, 15),
        Twin.random(7, 1, 131, 129, 7, 0.3, 0, 15),
        Twin.random(8, 1, 41, 3, 32767, 0, -32768, 32767),
        Twin.random(9, 2, 9, 4, 1, 0.9, 0, 1),
        Twin.random(10, 2, 37, 19, 2047, 0, -2048, 2047), // about the reach of float registers
        Twin.random(12, 2, 37, 19, 32767, 0, -255, 255),
        Twin.random(13, 1, 29, 9, 1 << 25, 0, -1, 1), // weights that no float holds
        Twin.random(14, 2, 90, 70, 127, 0.1, 0, 255), // many neighbours about the ends of 16 bits
        constant("all greatest", 23, 127, 255),
        constant("all least", 23, -127, 255),
        constant("signed extremes", 23, 127, -128),
        constant("zeros", 5, 0, 9),
        Twin.of("no terms", 2, 0, 18, () -> 0, () -> 0, new int[] {900, -4}),
        Twin.of("no terms from zero", 1, 0, 3, () -> 0, () -> 0, new int[0]),
        Twin.of("no columns", 2, 3, 0, () -> 1, () -> 0, new int[0]),
        alternating(38, 127, 255),
        alternating(37, 7, 15));
  }

  private static Twin constant(String name, int terms, int q, int x) {
    return Twin.of(name, 1, terms, 18, () -> q, () -> x, new int[] {-q});
  }

  private static Twin alternating(int terms, int q, int x) {
    IntSupplier signs =
        new IntSupplier() {
          private int k;

          @Override
          public int getAsInt() {
            return k++ % 2 == 0 ? q : -q;
          }
        };
    return Twin.of("alternating", 1, terms, 3, signs, () -> x, new int[0]);
  }

  @ParameterizedTest
  @MethodSource("summations")
  void multiply_everyRegisterAndOrder_equalsTheReference(Summation summation) {
    for (Twin operands : operands()) {
      operands.assertValues(summation);
    }
  }

  /** Operands whose sums are as wide as the register, one bit narrower and some wider. */
  @Test
  void multiply_everyWidth_equalsTheReference() {
    for (int bits = 2; bits <= 32; bits++) {
      int limit = 1 << Math.min(7, Math.max(0, bits / 2 - 2));
      int most = 1 << Math.min(10, Math.max(1, bits - 4 - bits / 2));
      Twin operands = Twin.random(100 + bits, 2, 39, 34, limit, 0.1, -most / 2, most);
      for (String policy : List.of("saturate", "wrap", "resolved", "resolved(transient)")) {
        for (String order : ORDERS) {
          operands.assertValues(Summation.parse(text("int" + bits + ":" + policy, order)));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("orders")
  void countSpills_everyOrder_countsThoseOfTheReference(SummationOrder order) {
    if (order.outerBits().isPresent()) {
      return; // a spilling register has none
    }
    for (int bits : new int[] {2, 7, 12, 17, 24, 32, 33}) {
      Stream.concat(operands().stream(), limits().stream())
          .forEach(operands -> operands.assertSpills(new Spilling(bits, 62), order));
    }
  }

  /** What an order without a fast twin gets: it costs no line in this room. */
  @ParameterizedTest
  @MethodSource("summations")
  void multiply_anOrderWithoutAFastTwin_isSummedByTheReference(Summation summation) {
    for (Twin operands : List.of(operands().get(3), operands().get(6), constant("big", 23, 9, 9))) {
      int[] fast = new int[operands.channels() * operands.columns()];
      int[] plain = new int[fast.length];
      MatrixProduct product = operands.product();
      Columns block = operands.block();
      product.multiply(summation, block, operands.preload(), fast, 0, operands.columns());
      IntegerProductSlice slice =
          product.whole(block, operands.preload(), plain, 0, operands.columns());
      WeightSequences weights = new WeightSequences(slice.weights());
      new IntegerMultiplication(slice, summation, new OrderPlan.Reference(), weights).run();
      assertThat(plain).as("%s of %s", summation, operands).isEqualTo(fast);
    }
  }

  @ParameterizedTest
  @MethodSource("orders")
  void classify_everyOrder_countsTheClassesOfTheReference(SummationOrder order) {
    for (Twin operands : operands()) {
      operands.assertClasses(order);
    }
  }

  /**
   * Both sides of every limit up to which lanes are exact: 2^22 and 2^24 of floats, 2^29 and 2^31
   * of integers. Columns reach the limit in one term, in two, pass it and come back, or just do
   * not.
   */
  static List<Twin> limits() {
    List<Twin> limits = new ArrayList<>();
    for (int exponent : new int[] {22, 24, 29, 31}) {
      for (int beyond = -1; beyond <= 1; beyond++) {
        long limit = (1L << exponent) + beyond;
        for (int sign : new int[] {1, -1}) {
          for (int weight : new int[] {1, -3}) {
            limits.add(around(sign * limit, weight, new int[0]));
          }
          limits.add(around(sign * limit, 1, new int[] {-beyond, sign, 1 << 21}));
        }
        if (exponent <= 24) {
          limits.add(weighted((int) limit));
        }
      }
    }
    return limits;
  }

  /** Sums of three channels that come to {@code limit} or close by, as sums of products. */
  private static Twin around(long limit, int weight, int[] preload) {
    int quotient = Math.toIntExact(limit / weight / 2);
    int rest = (int) (limit - 2L * weight * quotient);
    int[] q = {weight, weight, 1, 1, weight, 1, weight, 1, -weight, 1, weight, 1};
    int[][] columns = {
      {quotient, quotient, rest, 0},
      {quotient, rest, quotient, 1},
      {quotient, quotient, rest, -1},
      {quotient, quotient, rest, 1},
      {quotient, quotient, -rest, -quotient},
      {quotient, -quotient, rest, quotient},
      {-quotient, quotient, rest, 0},
      {0, rest, quotient, 1},
    };
    int[] x = new int[4 * columns.length];
    Arrays.setAll(x, i -> columns[i % columns.length][i / columns.length]);
    String name = "about %d of weights %d".formatted(limit, weight);
    return new Twin(name, 3, 4, columns.length, q, x, preload);
  }

  /** Weights that a float holds just so, or not any more. */
  private static Twin weighted(int limit) {
    int[] q = {limit, 1, -1, -limit, limit, 1};
    int[] x = {1, -1, 0, 1, 1, 1, 0, 1, -1, 1, 2, -2};
    return new Twin("weights of " + limit, 2, 3, 4, q, x, new int[0]);
  }

  @ParameterizedTest
  @MethodSource("summations")
  void multiply_bothSidesOfEveryLimit_equalsTheReference(Summation summation) {
    for (Twin operands : limits()) {
      operands.assertValues(summation);
    }
  }

  @ParameterizedTest
  @MethodSource("orders")
  void classify_bothSidesOfEveryLimit_countsTheClassesOfTheReference(SummationOrder order) {
    for (Twin operands : limits()) {
      operands.assertClasses(order);
    }
  }

  /** A running sum of 2^22 + 1 is a float of 2^24 + 1, which is rounded to the limit 2^24. */
  @Test
  void classify_oneAboveTheReachOfFloatLanes_givesTheExactSum() {
    Twin operands =
        new Twin("2^22 + 1", 1, 1, 2, new int[] {1}, new int[] {(1 << 22) + 1, 1}, new int[0]);
    operands.assertClasses(new SummationOrder.Sequential());
  }

  /** Every weight vector of up to four terms in −2…2 over every input vector in −2…1. */
  @ParameterizedTest
  @MethodSource("orders")
  void multiply_everySmallProduct_equalsTheReference(SummationOrder order) {
    for (int terms = 1; terms <= 3; terms++) {
      int channels = (int) Math.pow(5, terms);
      int columns = (int) Math.pow(4, terms);
      int length = terms;
      int[] q = new int[channels * terms];
      int[] x = new int[terms * columns];
      for (int i = 0; i < q.length; i++) {
        q[i] = (int) (i / length / Math.pow(5, i % length)) % 5 - 2;
      }
      for (int i = 0; i < x.length; i++) {
        x[i] = (int) (i % columns / Math.pow(4, i / columns)) % 4 - 2;
      }
      Twin operands = new Twin("exhaustive", channels, terms, columns, q, x, new int[0]);
      for (String register : List.of("int2:saturate", "int3:saturate", "int4:saturate")) {
        operands.assertValues(new Summation(Summation.parse(register).accumulator(), order));
      }
      operands.assertClasses(order);
    }
  }

  /** Many shapes, seeds and widths at random. */
  @ParameterizedTest
  @MethodSource("orders")
  void multiply_randomShapes_equalTheReference(SummationOrder order) {
    Random random = new Random(20250301);
    for (int i = 0; i < 30; i++) {
      boolean unsigned = random.nextBoolean();
      int bits = random.nextInt(1, 8);
      Twin operands =
          Twin.random(
              random.nextLong(),
              random.nextInt(1, 4),
              random.nextInt(1, 90),
              random.nextInt(1, 40),
              (1 << random.nextInt(1, 8)) - 1,
              random.nextDouble(),
              unsigned ? 0 : -(1 << bits),
              (1 << bits) - 1);
      String width = "int" + random.nextInt(2, 21);
      operands.assertValues(
          new Summation(Summation.parse(width + ":saturate").accumulator(), order));
      if (order.lanes().isEmpty()) {
        operands.assertValues(
            new Summation(Summation.parse(width + ":resolved(transient)").accumulator(), order));
      }
      operands.assertClasses(order);
    }
  }

  /** One call for many widths is as many calls. */
  @ParameterizedTest
  @MethodSource("orders")
  void saturateAll_everyOrder_equalsOneProductAfterTheOther(SummationOrder order) {
    int[] bits = {2, 5, 8, 9, 10, 11, 12, 16, 20, 29, 31, 33, 62};
    for (Twin operands : operands()) {
      if (!operands.fitsOutputs(new Summation(new Saturating(62), order))) {
        continue;
      }
      int size = operands.channels() * operands.columns();
      int[][] outs = new int[bits.length][size];
      int stride = operands.columns();
      operands
          .product()
          .saturateAll(order, bits, operands.block(), operands.preload(), outs, 0, stride);
      for (int i = 0; i < bits.length; i++) {
        int[] expected = new int[size];
        operands
            .product()
            .multiply(
                new Summation(new Saturating(bits[i]), order),
                operands.block(),
                operands.preload(),
                expected,
                0,
                stride);
        assertThat(outs[i])
            .as("%d bits in order %s of %s", bits[i], order, operands)
            .isEqualTo(expected);
      }
    }
  }
}
