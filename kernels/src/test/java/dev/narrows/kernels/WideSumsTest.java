package dev.narrows.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.dot.Dot;
import dev.narrows.core.dot.DotOutcome;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Sums on both sides of 32 and of 64 bits, against big integers and against the reference. */
class WideSumsTest {
  private static final List<String> ORDERS =
      List.of(
          "",
          ":reversed",
          ":chunk(3)",
          ":chunk(4,int40)",
          ":chunk(2,int20)",
          ":ascending",
          ":sorted",
          ":sorted(1)",
          ":tiles(4,1)",
          ":tiles(5)",
          ":sign-directed");
  private static final List<String> REGISTERS =
      List.of(
          "int20:wrap",
          "int32:wrap",
          "int33:wrap",
          "int34:wrap",
          "int62:wrap",
          "int20:saturate",
          "int32:saturate",
          "int33:saturate",
          "int40:saturate",
          "int62:saturate",
          "int33:resolved",
          "int40:resolved",
          "int33:resolved(transient)",
          "int8:resolved");

  /** A product whose sums are about 2^exponent: each term is one or two steps below it. */
  private record Operands(int channels, int terms, int columns, int[] q, int[] x, long[] preload) {
    static Operands random(Random random, int exponent) {
      int channels = random.nextInt(1, 4);
      int terms = random.nextInt(1, 12);
      int columns = random.nextInt(1, 20);
      int weightBits = Math.clamp(random.nextInt(1, 31), exponent - 32, 30);
      int inputBits = Math.clamp(exponent - weightBits, 1, 30);
      int[] q = new int[channels * terms];
      int[] x = new int[terms * columns];
      boolean oneSign = random.nextBoolean();
      Arrays.setAll(q, i -> value(random, weightBits, false));
      Arrays.setAll(x, i -> value(random, inputBits, oneSign));
      long[] preload = new long[random.nextBoolean() ? channels : 0];
      long[] some = {Integer.MIN_VALUE, Integer.MAX_VALUE, -1L << 33, (1L << 32) + 5, 0, -7};
      Arrays.setAll(preload, i -> some[random.nextInt(some.length)]);
      return new Operands(channels, terms, columns, q, x, preload);
    }

    private static int value(Random random, int bits, boolean positive) {
      int limit = 1 << bits;
      int magnitude = limit - random.nextInt(Math.max(1, limit / (1 + random.nextInt(16))));
      return positive || random.nextBoolean() ? magnitude : -magnitude;
    }

    MatrixProduct product() {
      return new MatrixProduct(IntegerWeights.of(channels, terms, q));
    }

    Columns block() {
      Columns block = new Columns(terms, columns);
      block.shape(terms, columns);
      for (int k = 0; k < terms; k++) {
        System.arraycopy(x, k * columns, block.values(), k * block.stride(), columns);
      }
      block.sealed();
      return block;
    }

    long[] dot(int channel, int column) {
      long[] products = new long[terms];
      Arrays.setAll(products, k -> (long) q[channel * terms + k] * x[k * columns + column]);
      return products;
    }

    long load(int channel) {
      return preload.length == 0 ? 0 : preload[channel];
    }

    BigInteger exact(int channel, int column) {
      BigInteger sum = BigInteger.valueOf(load(channel));
      for (long term : dot(channel, column)) {
        sum = sum.add(BigInteger.valueOf(term));
      }
      return sum;
    }
  }

  @Test
  void multiply_aboutThirtyTwoBitsAndAbove_equalsTheReference() {
    long seed = 20260401;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 60; round++) {
      Operands operands = Operands.random(random, random.nextInt(26, 57));
      MatrixProduct product = operands.product();
      Columns block = operands.block();
      ColumnSums sums = new ColumnSums();
      for (String register : REGISTERS) {
        for (String order : ORDERS) {
          Summation summation = Summation.parse(register + order);
          product.multiply(summation, block, operands.preload(), sums);
          for (int c = 0; c < operands.channels(); c++) {
            for (int j = 0; j < operands.columns(); j++) {
              long expected =
                  Dot.sum(
                          summation.accumulator(),
                          summation.order(),
                          operands.dot(c, j),
                          operands.load(c))
                      .value();
              assertThat(sums.get(c * operands.columns() + j))
                  .as("round %d, %s of %s", round, summation, operands.exact(c, j))
                  .isEqualTo(expected);
            }
          }
        }
      }
    }
  }

  @Test
  void multiply_exactAndWrapped_equalBigIntegers() {
    Random random = new Random(77);
    for (int round = 0; round < 1_000; round++) {
      Operands operands = Operands.random(random, random.nextInt(28, 58));
      int bits = random.nextInt(2, 63);
      ColumnSums exact = new ColumnSums();
      ColumnSums wrapped = new ColumnSums();
      operands.product().multiply(Summation.exact(), operands.block(), operands.preload(), exact);
      operands
          .product()
          .multiply(
              Summation.parse("int" + bits + ":wrap"),
              operands.block(),
              operands.preload(),
              wrapped);
      for (int c = 0; c < operands.channels(); c++) {
        for (int j = 0; j < operands.columns(); j++) {
          BigInteger sum = operands.exact(c, j);
          BigInteger half = BigInteger.ONE.shiftLeft(bits - 1);
          BigInteger modulus = half.shiftLeft(1);
          int at = c * operands.columns() + j;
          assertThat(exact.get(at)).isEqualTo(sum.longValueExact());
          assertThat(wrapped.get(at))
              .isEqualTo(sum.add(half).mod(modulus).subtract(half).longValueExact());
        }
      }
    }
  }

  @Test
  void classify_aboutThirtyTwoBitsAndAbove_countsTheClassesOfTheReference() {
    Random random = new Random(78);
    for (int round = 0; round < 150; round++) {
      Operands operands = Operands.random(random, random.nextInt(26, 57));
      for (String text : ORDERS) {
        SummationOrder order = Summation.parse("int40:wrap" + text).order();
        ColumnSums sums = new ColumnSums();
        OverflowProfile.Builder profile = OverflowProfile.builder();
        operands
            .product()
            .classify(
                order,
                MatrixProduct.ANY_WIDTH,
                operands.block(),
                operands.preload(),
                sums,
                profile);
        OverflowProfile.Builder expected = OverflowProfile.builder();
        for (int c = 0; c < operands.channels(); c++) {
          for (int j = 0; j < operands.columns(); j++) {
            DotOutcome outcome =
                Dot.sum(
                    Summation.exact().accumulator(), order, operands.dot(c, j), operands.load(c));
            expected.add(outcome.finalBits(), outcome.pathBits());
            assertThat(sums.get(c * operands.columns() + j)).isEqualTo(outcome.value());
          }
        }
        assertThat(profile.build()).as("round %d, %s", round, order).isEqualTo(expected.build());
      }
    }
  }

  @Test
  void multiply_bothSidesOfThirtyTwoBits_choosesTheRegister() {
    ColumnSums sums = new ColumnSums();
    int[][] summands = {
      {Integer.MAX_VALUE},
      {1 << 30, 1 << 30},
      {Integer.MIN_VALUE},
      {-715827883, -715827883, -715827883}
    };
    for (int[] x : summands) {
      int[] ones = new int[x.length];
      Arrays.fill(ones, 1);
      long sum = Arrays.stream(x).asLongStream().sum();
      Operands operands = new Operands(1, x.length, 1, ones, x, new long[0]);
      operands.product().multiply(Summation.exact(), operands.block(), new long[0], sums);
      assertThat(sums.get(0)).isEqualTo(sum);
      assertThat(sums.wide()).as("%d", sum).isEqualTo(sum != (int) sum);
      operands
          .product()
          .multiply(Summation.parse("int16:wrap"), operands.block(), new long[0], sums);
      assertThat(sums.get(0)).isEqualTo((short) sum);
      assertThat(sums.wide()).isFalse();
    }
  }

  @Test
  void multiply_sumBeyondSixtyFourBits_isRefusedAsByTheReference() {
    int most = Integer.MAX_VALUE;
    int[] q = {most, most, most};
    Operands operands = new Operands(1, 3, 1, q, new int[] {most, most, most}, new long[0]);
    ColumnSums sums = new ColumnSums();
    assertThatThrownBy(() ->
            operands.product().multiply(Summation.exact(), operands.block(), new long[0], sums))
        .isInstanceOf(ArithmeticException.class);
    Operands back = new Operands(1, 3, 1, q, new int[] {most, most, -most}, new long[0]);
    back.product().multiply(Summation.exact(), back.block(), new long[0], sums);
    assertThat(sums.get(0)).isEqualTo((long) most * most);
  }
}
