package dev.narrows.training.torch;

import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.network.Add;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

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

  private IntegerKernel() {}

  /** Applies {@code piece} over memory, cut into whole rows of {@code row} values. */
  static void map(
      Workers workers, MemorySegment in, MemorySegment out, long size, int row, Piece piece) {
    int step = Math.max(1, PIECE / row) * row;
    int pieces = Math.toIntExact((size + step - 1) / step);
    workers.run(
        pieces,
        i -> {
          int count = (int) Math.min(step, size - (long) i * step);
          float[] source = new float[count];
          float[] target = new float[count];
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

    double apply(double value) {
      double first = Math.rint(value * high);
      return Math.copySign(Math.floor(Math.abs(first) * low + 0.5), first); // half away from zero
    }
  }

  /** clamp(round(q · factor)). */
  static Piece rescale(Factor factor, double min, double max) {
    return (_, in, out, count) -> {
      for (int i = 0; i < count; i++) {
        out[i] = (float) Math.max(min, Math.min(max, factor.apply(in[i])));
      }
    };
  }

  /** clamp(round((S + bias[c]) · factor[c])), channel innermost. */
  static Piece requantize(double[] bias, Factor[] factors, double min, double max) {
    int channels = bias.length;
    return (_, in, out, count) -> {
      for (int at = 0; at < count; at += channels) {
        for (int c = 0; c < channels; c++) {
          double code = factors[c].apply(in[at + c] + bias[c]);
          out[at + c] = (float) Math.max(min, Math.min(max, code));
        }
      }
    };
  }

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
                factors.left().apply(first[i] * HEAD_ROOM)
                    + factors.right().apply(second[i] * HEAD_ROOM);
            double code = factors.output().apply(sum);
            second[i] = (float) Math.max(factors.min(), Math.min(factors.max(), code));
          }
        });
  }
}
