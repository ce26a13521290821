package dev.narrows.training.torch;

import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.network.layer.Add;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Loops of the evaluation that mirrors the integer network: float codes in, float codes out, all
 * arithmetic between in double. They work on small copies, which costs little and lets the compiler
 * vectorise.
 */
final class IntegerKernel {
  /** Turns {@code count} values, {@code from} and on, of the input into as many of the output. */
  interface Piece {
    void apply(long from, float[] in, float[] out, int count);
  }

  private static final int PIECE = 1 << 13;
  private static final ThreadLocal<float[]> SOURCE =
      ThreadLocal.withInitial(() -> new float[PIECE]);
  private static final ThreadLocal<float[]> TARGET =
      ThreadLocal.withInitial(() -> new float[PIECE]);

  /** Values that a vectorised loop runs over at once. */
  private static final int UNROLLED = 512;

  private IntegerKernel() {}

  /** Applies {@code piece} over memory, cut into whole rows of {@code row} values. */
  static void map(
      Workers workers, MemorySegment in, MemorySegment out, long size, int row, Piece piece) {
    if (row > PIECE) {
      throw new IllegalArgumentException("rows of at most " + PIECE + " values, got " + row);
    }
    int step = PIECE / row * row;
    int pieces = Math.toIntExact((size + step - 1) / step);
    workers.run(
        pieces,
        i -> {
          int count = (int) Math.min(step, size - (long) i * step);
          float[] source = SOURCE.get();
          float[] target = TARGET.get();
          MemorySegment.copy(in, ValueLayout.JAVA_FLOAT, 4L * i * step, source, 0, count);
          piece.apply((long) i * step, source, target, count);
          MemorySegment.copy(target, 0, out, ValueLayout.JAVA_FLOAT, 4L * i * step, count);
        });
  }

  /** clamp(round(x / scale)). */
  static Piece quantize(double scale, double min, double max) {
    return (_, in, out, count) -> {
      for (int i = 0; i < count; i++) {
        out[i] = (float) Math.max(min, Math.min(max, Math.rint(in[i] / scale)));
      }
    };
  }

  /**
   * A fixed-point factor as its integer form applies it: v · high to an integer, then, where the
   * form shifts right, times low with a second rounding. Only ties of the first rounding go another
   * way, to even instead of upwards.
   */
  record Factor(double high, double low) {
    static Factor of(FixedPoint fixed) {
      int right = Math.max(-fixed.shift(), 0);
      return new Factor(Math.scalb(fixed.real(), right), Math.scalb(1.0, -right));
    }

    /** Whether the second rounding has nothing to do. */
    boolean once() {
      return low == 1;
    }

    double apply(double value) {
      double first = Math.rint(value * high);
      return Math.copySign(Math.floor(Math.abs(first) * low + 0.5), first); // half away from zero
    }
  }

  /** clamp(round(q · factor)). */
  static Piece rescale(Factor factor, double min, double max) {
    return requantize(new double[1], new Factor[] {factor}, min, max);
  }

  /** clamp(round((S + bias[c]) · factor[c])), channel innermost. */
  static Piece requantize(double[] bias, Factor[] factors, double min, double max) {
    if (!Arrays.stream(factors).allMatch(Factor::once)) {
      return (_, in, out, count) -> {
        for (int i = 0; i < count; i++) {
          int c = i % bias.length;
          double code = factors[c].apply(in[i] + bias[c]);
          out[i] = (float) Math.max(min, Math.min(max, code));
        }
      };
    }
    // The usual case, in loops long enough to vectorise: parameters are repeated for some rows.
    int repeats = Math.ceilDiv(UNROLLED, bias.length);
    double[] shifts = new double[repeats * bias.length];
    double[] highs = new double[shifts.length];
    for (int i = 0; i < shifts.length; i++) {
      shifts[i] = bias[i % bias.length];
      highs[i] = factors[i % bias.length].high();
    }
    return (_, in, out, count) -> {
      for (int at = 0; at < count; at += shifts.length) {
        int length = Math.min(shifts.length, count - at);
        once(in, out, at, length, shifts, highs, min, max);
      }
    };
  }

  private static void once(
      float[] in,
      float[] out,
      int at,
      int length,
      double[] shifts,
      double[] highs,
      double min,
      double max) {
    for (int i = 0; i < length; i++) {
      double code = Math.rint((in[at + i] + shifts[i]) * highs[i]);
      out[at + i] = (float) Math.max(min, Math.min(max, code));
    }
  }

  private static final int LARGEST_CODE = 255;

  private static final double HEAD_ROOM = 1 << Add.LEFT_SHIFT;

  /** What {@link #add} multiplies with and clamps to. */
  record AddFactors(Factor left, Factor right, Factor output, double min, double max) {}

  /** clamp(round((round(2^20·l · left) + round(2^20·r · right)) · output)). */
  static void add(
      Workers workers,
      MemorySegment left,
      MemorySegment right,
      MemorySegment out,
      long size,
      AddFactors factors) {
    double[] leftTable = table(factors.left());
    double[] rightTable = table(factors.right());
    map(
        workers,
        left,
        out,
        size,
        1,
        (from, first, second, count) -> {
          MemorySegment.copy(right, ValueLayout.JAVA_FLOAT, 4L * from, second, 0, count);
          for (int i = 0; i < count; i++) {
            double sum =
                leftTable[(int) first[i] + LARGEST_CODE]
                    + rightTable[(int) second[i] + LARGEST_CODE];
            double code = factors.output().apply(sum);
            second[i] = (float) Math.max(factors.min(), Math.min(factors.max(), code));
          }
        });
  }

  /** What a code of at most 8 bits contributes, at index code + {@value #LARGEST_CODE}. */
  private static double[] table(Factor factor) {
    double[] table = new double[2 * LARGEST_CODE + 1];
    for (int i = 0; i < table.length; i++) {
      table[i] = factor.apply((i - LARGEST_CODE) * HEAD_ROOM);
    }
    return table;
  }
}
