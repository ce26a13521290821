package dev.narrows.training.torch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Loops over rows of channels, [row][channel], with lanes across channels: the statistics of a
 * batch norm, its affine map followed by rounding and clamping, and their backward passes. Sums run
 * over rows in index order, in float for at most {@value #BLOCK} rows and in double beyond.
 *
 * <p>S is first clamped to [low, high], a register's range; gradients do not pass where it was
 * outside.
 *
 * <p>The vector loops take whole vectors only, since masked loads and stores ran 15 times slower:
 * for other numbers of channels the caller joins {@link #joined} rows to a longer one, and the
 * {@code …Rest} methods do what is left over.
 *
 * @see "docs/training.md, equation (13)"
 */
final class BatchNormKernel {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int BLOCK = 64;

  /** 1.5·2^23: adding and subtracting it rounds |t| < 2^22 to an integer, ties to even. */
  private static final float ROUND = 12582912f;

  private BatchNormKernel() {}

  /** Sums and the register range they are clamped to; infinite for an exact register. */
  record BatchNormInput(MemorySegment s, float low, float high) {}

  /** How many rows of {@code channels} values make up whole vectors. */
  static int joined(int channels) {
    int rows = 1;
    while (rows * channels % SPECIES.length() != 0) {
      rows *= 2; // lanes are a power of two
    }
    return rows;
  }

  /** Adds Σ (S − pivot) and Σ (S − pivot)² of rows {@code from} … {@code to} − 1 to the sums. */
  static void moments(
      BatchNormInput in, int from, int to, float[] pivot, double[] sum, double[] squares) {
    int channels = pivot.length;
    for (int c = 0; c < channels; c += SPECIES.length()) {
      FloatVector middle = FloatVector.fromArray(SPECIES, pivot, c);
      for (int block = from; block < to; block += BLOCK) {
        FloatVector first = FloatVector.zero(SPECIES);
        FloatVector second = FloatVector.zero(SPECIES);
        int end = Math.min(to, block + BLOCK);
        for (int row = block; row < end; row++) {
          FloatVector x = clamped(in, row, channels, c).sub(middle);
          first = first.add(x);
          second = second.add(x.mul(x));
        }
        spill(first, sum, c);
        spill(second, squares, c);
      }
    }
  }

  /** {@link #moments} of the values from {@code from} on, for any number of channels. */
  static void momentsRest(
      BatchNormInput in, long from, long to, float[] pivot, double[] sum, double[] squares) {
    for (long at = from; at < to; at++) {
      int c = (int) (at % pivot.length);
      float x = clamped(in, at) - pivot[c];
      sum[c] += x;
      squares[c] += x * x;
    }
  }

  /** Writes clamp(round(a·S + b)). */
  static void forward(
      BatchNormInput in,
      MemorySegment codes,
      int from,
      int to,
      float[] a,
      float[] b,
      float min,
      float max) {
    int channels = a.length;
    for (int c = 0; c < channels; c += SPECIES.length()) {
      FloatVector slope = FloatVector.fromArray(SPECIES, a, c);
      FloatVector offset = FloatVector.fromArray(SPECIES, b, c);
      for (int row = from; row < to; row++) {
        FloatVector t = clamped(in, row, channels, c).mul(slope).add(offset);
        t.max(min)
            .min(max)
            .add(ROUND)
            .sub(ROUND)
            .intoMemorySegment(codes, 4L * ((long) row * channels + c), ORDER);
      }
    }
  }

  /** {@link #forward} of the values from {@code from} on, for any number of channels. */
  static void forwardRest(
      BatchNormInput in,
      MemorySegment codes,
      long from,
      long to,
      float[] a,
      float[] b,
      float min,
      float max) {
    for (long at = from; at < to; at++) {
      int c = (int) (at % a.length);
      float t = clamped(in, at) * a[c] + b[c];
      codes.setAtIndex(ValueLayout.JAVA_FLOAT, at, Math.min(max, Math.max(min, t)) + ROUND - ROUND);
    }
  }

  /**
   * What the first backward pass adds up, over elements inside the range: Σ g, Σ g·(S − pivot), Σ
   * g·t.
   */
  record GradientSums(double[] plain, double[] withSum, double[] withCode) {
    GradientSums(int channels) {
      this(new double[channels], new double[channels], new double[channels]);
    }
  }

  /**
   * What both backward passes read: S, the codes' gradient, t = a·S + b, and the range of t that
   * lets gradients pass.
   */
  record BackwardInputs(
      BatchNormInput input, MemorySegment gradient, float[] a, float[] b, float min, float max) {}

  /** Adds the sums of rows {@code from} … {@code to} − 1. */
  static void gradientSums(BackwardInputs in, int from, int to, float[] pivot, GradientSums sums) {
    int channels = pivot.length;
    for (int c = 0; c < channels; c += SPECIES.length()) {
      FloatVector slope = FloatVector.fromArray(SPECIES, in.a(), c);
      FloatVector offset = FloatVector.fromArray(SPECIES, in.b(), c);
      FloatVector middle = FloatVector.fromArray(SPECIES, pivot, c);
      for (int block = from; block < to; block += BLOCK) {
        FloatVector plain = FloatVector.zero(SPECIES);
        FloatVector withSum = FloatVector.zero(SPECIES);
        FloatVector withCode = FloatVector.zero(SPECIES);
        int end = Math.min(to, block + BLOCK);
        for (int row = block; row < end; row++) {
          FloatVector x = clamped(in.input(), row, channels, c);
          FloatVector t = x.mul(slope).add(offset);
          FloatVector g = inside(load(in.gradient(), row, channels, c), t, in.min(), in.max());
          plain = plain.add(g);
          withSum = withSum.add(g.mul(x.sub(middle)));
          withCode = withCode.add(g.mul(t));
        }
        spill(plain, sums.plain(), c);
        spill(withSum, sums.withSum(), c);
        spill(withCode, sums.withCode(), c);
      }
    }
  }

  /** {@link #gradientSums} of the values from {@code from} on, for any number of channels. */
  static void gradientSumsRest(
      BackwardInputs in, long from, long to, float[] pivot, GradientSums sums) {
    for (long at = from; at < to; at++) {
      int c = (int) (at % pivot.length);
      float x = clamped(in.input(), at);
      float t = x * in.a()[c] + in.b()[c];
      float g = t >= in.min() && t <= in.max() ? get(in.gradient(), at) : 0f;
      sums.plain()[c] += g;
      sums.withSum()[c] += g * (x - pivot[c]);
      sums.withCode()[c] += g * t;
    }
  }

  /**
   * Writes direct·g − shift − follow·S, g being zero outside the range.
   *
   * @param factors direct, shift, follow, per channel
   */
  static void backward(BackwardInputs in, MemorySegment out, int from, int to, float[][] factors) {
    int channels = in.a().length;
    for (int c = 0; c < channels; c += SPECIES.length()) {
      FloatVector slope = FloatVector.fromArray(SPECIES, in.a(), c);
      FloatVector offset = FloatVector.fromArray(SPECIES, in.b(), c);
      FloatVector direct = FloatVector.fromArray(SPECIES, factors[0], c);
      FloatVector shift = FloatVector.fromArray(SPECIES, factors[1], c);
      FloatVector follow = FloatVector.fromArray(SPECIES, factors[2], c);
      for (int row = from; row < to; row++) {
        FloatVector raw = load(in.input().s(), row, channels, c);
        FloatVector x = raw.max(in.input().low()).min(in.input().high());
        FloatVector t = x.mul(slope).add(offset);
        FloatVector g = inside(load(in.gradient(), row, channels, c), t, in.min(), in.max());
        FloatVector back = g.mul(direct).sub(shift).sub(x.mul(follow));
        inside(back, raw, in.input().low(), in.input().high())
            .intoMemorySegment(out, 4L * ((long) row * channels + c), ORDER);
      }
    }
  }

  /** {@link #backward} of the values from {@code from} on, for any number of channels. */
  static void backwardRest(
      BackwardInputs in, MemorySegment out, long from, long to, float[][] factors) {
    for (long at = from; at < to; at++) {
      int c = (int) (at % in.a().length);
      float raw = get(in.input().s(), at);
      float x = clamped(in.input(), at);
      float t = x * in.a()[c] + in.b()[c];
      float g = t >= in.min() && t <= in.max() ? get(in.gradient(), at) : 0f;
      float back = g * factors[0][c] - factors[1][c] - x * factors[2][c];
      out.setAtIndex(ValueLayout.JAVA_FLOAT, at, raw == x ? back : 0f);
    }
  }

  private static FloatVector inside(FloatVector g, FloatVector t, float min, float max) {
    VectorMask<Float> in =
        t.compare(VectorOperators.GE, min).and(t.compare(VectorOperators.LE, max));
    return FloatVector.zero(SPECIES).blend(g, in);
  }

  private static FloatVector clamped(BatchNormInput in, int row, int channels, int c) {
    return load(in.s(), row, channels, c).max(in.low()).min(in.high());
  }

  private static float clamped(BatchNormInput in, long at) {
    return Math.min(in.high(), Math.max(in.low(), get(in.s(), at)));
  }

  private static FloatVector load(MemorySegment memory, int row, int channels, int c) {
    return FloatVector.fromMemorySegment(SPECIES, memory, 4L * ((long) row * channels + c), ORDER);
  }

  private static float get(MemorySegment memory, long at) {
    return memory.getAtIndex(ValueLayout.JAVA_FLOAT, at);
  }

  private static void spill(FloatVector part, double[] sums, int c) {
    for (int i = 0; i < SPECIES.length(); i++) {
      sums[c + i] += part.lane(i);
    }
  }
}
