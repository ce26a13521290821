package dev.narrows.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.dot.Dot;
import dev.narrows.core.dot.DotOutcome;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntSupplier;

/** One product of known operands, and the comparison of its outputs with the reference. */
record Twin(String name, int channels, int terms, int columns, int[] q, int[] x, int[] preload) {
  private static final int UNTOUCHED = 0x5eed5eed;

  static Twin of(
      String name, int channels, int terms, int columns, IntSupplier q, IntSupplier x, int[] load) {
    int[] weights = new int[channels * terms];
    int[] inputs = new int[terms * columns];
    Arrays.setAll(weights, i -> q.getAsInt());
    Arrays.setAll(inputs, i -> x.getAsInt());
    return new Twin(name, channels, terms, columns, weights, inputs, load);
  }

  /** Uniform operands: weights in ±limit with the given share of zeros, inputs in [low, high]. */
  static Twin random(
      long seed, int channels, int terms, int columns, int limit, double zeros, int low, int high) {
    Random random = new Random(seed);
    int[] preload = new int[random.nextBoolean() ? channels : 0];
    Arrays.setAll(preload, i -> random.nextInt(-3 * limit, 3 * limit + 1));
    return of(
        "seed " + seed,
        channels,
        terms,
        columns,
        () -> random.nextDouble() < zeros ? 0 : random.nextInt(-limit, limit + 1),
        () -> random.nextInt(low, high + 1),
        preload);
  }

  MatrixProduct product() {
    return new MatrixProduct(IntegerWeights.of(channels, terms, q));
  }

  Columns block() {
    Columns block = new Columns(terms, columns);
    block.shape(terms, columns);
    Arrays.fill(block.values(), -77); // padding is to be ignored
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

  DotOutcome reference(Summation summation, int channel, int column) {
    return Dot.sum(
        summation.accumulator(),
        summation.order(),
        dot(channel, column),
        preload.length == 0 ? 0 : preload[channel]);
  }

  /** Every value of the product under a summation, in outputs of 32 bits and of any size. */
  void assertValues(Summation summation) {
    assertWideValues(summation);
    int offset = 3;
    int stride = columns + 2;
    int[] out = new int[offset + channels * stride];
    Arrays.fill(out, UNTOUCHED);
    if (!fitsOutputs(summation)) {
      assertThatThrownBy(() -> product().multiply(summation, block(), preload, out, offset, stride))
          .isInstanceOf(ArithmeticException.class)
          .hasMessageContaining("more than the 32 bits of an output");
      return;
    }
    product().multiply(summation, block(), preload, out, offset, stride);
    int[] expected = new int[out.length];
    Arrays.fill(expected, UNTOUCHED);
    for (int c = 0; c < channels; c++) {
      for (int j = 0; j < columns; j++) {
        expected[offset + c * stride + j] = Math.toIntExact(reference(summation, c, j).value());
      }
    }
    assertThat(out).as("%s of %s", summation, this).isEqualTo(expected);
  }

  private void assertWideValues(Summation summation) {
    ColumnSums sums = new ColumnSums();
    long[] load = Arrays.stream(preload).asLongStream().toArray();
    product().multiply(summation, block(), load, sums);
    for (int c = 0; c < channels; c++) {
      for (int j = 0; j < columns; j++) {
        assertThat(sums.get(c * columns + j))
            .as("channel %d, column %d, %s of %s", c, j, summation, this)
            .isEqualTo(reference(summation, c, j).value());
      }
    }
  }

  /** Whether every register of the product ends in a value of at most 32 bits. */
  boolean fitsOutputs(Summation summation) {
    for (int c = 0; c < channels; c++) {
      for (int j = 0; j < columns; j++) {
        long value = reference(summation, c, j).value();
        if (value != (int) value) {
          return false;
        }
      }
    }
    return true;
  }

  /** Every sum and every class of the product in an order. */
  void assertClasses(SummationOrder order) {
    assertWideClasses(order);
    int[] out = new int[channels * columns];
    OverflowProfile.Builder[] profiles = new OverflowProfile.Builder[channels];
    Arrays.setAll(profiles, c -> OverflowProfile.builder());
    if (!fitsOutputs(new Summation(new Exact(), new SummationOrder.Sequential()))) {
      assertThatThrownBy(
              () -> product().classify(order, block(), preload, out, 0, columns, profiles))
          .isInstanceOf(ArithmeticException.class)
          .hasMessageContaining("more than the 32 bits of an output");
      return;
    }
    product().classify(order, block(), preload, out, 0, columns, profiles);
    for (int c = 0; c < channels; c++) {
      OverflowProfile.Builder expected = OverflowProfile.builder();
      for (int j = 0; j < columns; j++) {
        long load = preload.length == 0 ? 0 : preload[c];
        DotOutcome outcome = Dot.sum(new Exact(), order, dot(c, j), load);
        expected.add(outcome.finalBits(), outcome.pathBits());
        assertThat(out[c * columns + j]).as("sum of %s", this).isEqualTo((int) outcome.value());
      }
      assertThat(profiles[c].build())
          .as("channel %s in order %s of %s", c, order, this)
          .isEqualTo(expected.build());
    }
  }

  private void assertWideClasses(SummationOrder order) {
    ColumnSums sums = new ColumnSums();
    OverflowProfile.Builder[] profiles = new OverflowProfile.Builder[channels];
    Arrays.setAll(profiles, c -> OverflowProfile.builder());
    long[] load = Arrays.stream(preload).asLongStream().toArray();
    product().classify(order, block(), load, sums, profiles);
    for (int c = 0; c < channels; c++) {
      OverflowProfile.Builder expected = OverflowProfile.builder();
      for (int j = 0; j < columns; j++) {
        DotOutcome outcome = Dot.sum(new Exact(), order, dot(c, j), load.length == 0 ? 0 : load[c]);
        expected.add(outcome.finalBits(), outcome.pathBits());
        assertThat(sums.get(c * columns + j)).as("%s", this).isEqualTo(outcome.value());
      }
      assertThat(profiles[c].build())
          .as("channel %d in order %s of %s", c, order, this)
          .isEqualTo(expected.build());
    }
  }

  @Override
  public String toString() {
    return "%s: %d x %d x %d at %d-bit vectors"
        .formatted(name, channels, terms, columns, VectorLanes.COUNT * 32);
  }
}
