package dev.narrows.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.accumulator.FloatAccumulator;
import dev.narrows.core.dot.FloatDot;
import dev.narrows.core.dot.FloatEvents;
import dev.narrows.core.dot.FloatOutcome;
import dev.narrows.core.dot.Summation;
import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Arrays;
import java.util.Random;

/** One product of floats, and the comparison of its outputs and events with the reference. */
public record FloatTwin(String name, int channels, int terms, int columns, float[] w, float[] x) {

  /** Normal weights and half-normal inputs, a third of them zero. */
  public static FloatTwin random(long seed, int channels, int terms, int columns, float scale) {
    Random random = new Random(seed);
    float[] w = new float[channels * terms];
    float[] x = new float[terms * columns];
    for (int i = 0; i < w.length; i++) {
      w[i] = random.nextInt(9) == 0 ? 0 : (float) (random.nextGaussian() * scale);
    }
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextInt(3) == 0 ? 0 : (float) Math.abs(random.nextGaussian());
    }
    return new FloatTwin("seed " + seed, channels, terms, columns, w, x);
  }

  /** The same with every operand replaced by one of {@code values}. */
  FloatTwin from(float... values) {
    Random random = new Random(5);
    float[] others = w.clone();
    float[] inputs = x.clone();
    for (int i = 0; i < others.length; i++) {
      others[i] = values[random.nextInt(values.length)];
    }
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = values[random.nextInt(values.length)];
    }
    return new FloatTwin(
        name + " " + Arrays.toString(values), channels, terms, columns, others, inputs);
  }

  /** The same with the weights of every third channel times sixteen. */
  FloatTwin uneven() {
    float[] others = w.clone();
    for (int i = 0; i < others.length; i++) {
      others[i] *= i / terms % 3 == 0 ? 16 : 1;
    }
    return new FloatTwin(name + " uneven", channels, terms, columns, others, x);
  }

  public FloatProduct product() {
    return new FloatProduct(FloatWeights.of(channels, terms, w));
  }

  public FloatColumns block() {
    FloatColumns block = new FloatColumns(terms, columns);
    block.shape(terms, columns);
    Arrays.fill(block.values(), Float.NaN); // padding is to be ignored
    for (int k = 0; k < terms; k++) {
      System.arraycopy(x, k * columns, block.values(), k * block.stride(), columns);
    }
    block.sealed();
    return block;
  }

  float[] row(int channel) {
    return Arrays.copyOfRange(w, channel * terms, (channel + 1) * terms);
  }

  float[] column(int j) {
    float[] column = new float[terms];
    for (int k = 0; k < terms; k++) {
      column[k] = x[k * columns + j];
    }
    return column;
  }

  /** Every output, with and without counting, and all events. */
  FloatEvents assertSame(Summation summation) {
    FloatAccumulator accumulator = (FloatAccumulator) summation.accumulator();
    int offset = 3;
    int stride = columns + 2;
    float[] expected = new float[offset + channels * stride];
    Arrays.fill(expected, -77);
    float[] out = expected.clone();
    float[] counted = expected.clone();
    FloatEvents events = FloatEvents.none();
    for (int c = 0; c < channels; c++) {
      for (int j = 0; j < columns; j++) {
        FloatOutcome outcome = FloatDot.sum(accumulator, summation.order(), row(c), column(j));
        expected[offset + c * stride + j] = outcome.value();
        events = events.plus(outcome.events());
      }
    }
    product().multiply(summation, block(), out, offset, stride);
    assertThat(bits(out)).as("%s of %s", summation, this).isEqualTo(bits(expected));
    FloatEvents seen = product().count(summation, block(), counted, offset, stride);
    assertThat(bits(counted)).as("%s of %s, counted", summation, this).isEqualTo(bits(expected));
    assertThat(seen).as("%s of %s", summation, this).isEqualTo(events);
    return events;
  }

  static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return bits;
  }

  @Override
  public String toString() {
    return "%s: %d x %d x %d at %d-bit vectors"
        .formatted(name, channels, terms, columns, VectorLanes.COUNT * 32);
  }
}
