package dev.narrows.training.torch;

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

  /** clamp(round(q · factor)). */
  static Piece rescale(double factor, double min, double max) {
    return (_, in, out, count) -> {
      for (int i = 0; i < count; i++) {
        out[i] = (float) Math.max(min, Math.min(max, Math.rint(in[i] * factor)));
      }
    };
  }

  /** clamp(round((S + bias[c]) · factor[c])), channel innermost. */
  static Piece requantize(double[] bias, double[] factors, double min, double max) {
    int channels = bias.length;
    return (_, in, out, count) -> {
      for (int at = 0; at < count; at += channels) {
        for (int c = 0; c < channels; c++) {
          double code = Math.rint((in[at + c] + bias[c]) * factors[c]);
          out[at + c] = (float) Math.max(min, Math.min(max, code));
        }
      }
    };
  }

  /** What {@link #add} multiplies with and clamps to. */
  record AddFactors(double left, double right, double output, double min, double max) {}

  /** clamp(round((round(l · left) + round(r · right)) · output)). */
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
                Math.rint(first[i] * factors.left()) + Math.rint(second[i] * factors.right());
            second[i] =
                (float)
                    Math.max(
                        factors.min(), Math.min(factors.max(), Math.rint(sum * factors.output())));
          }
        });
  }
}
