package dev.narrows.training.register;

import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.dot.FloatDot;
import dev.narrows.core.dot.GradientMask;
import dev.narrows.core.dot.Summation;
import dev.narrows.training.qat.FloatSimulator;
import java.util.Arrays;
import java.util.Set;

/**
 * Sums dot products by the scalar reference, until the kernels do.
 *
 * @param masks where gradients are stopped
 * @param epsilon of {@link GradientMask#IMMEDIATE_DIFF}
 */
public record FloatKernelSimulator(
    FloatingAccumulator register, Summation summation, Set<GradientMask> masks, float epsilon)
    implements FloatSimulator {
  @Override
  public Product prepare(int channels, int terms, float[] weights) {
    return rows -> new LoopBlock(this, channels, terms, weights, rows, new float[terms * rows]);
  }

  private record LoopBlock(
      FloatKernelSimulator loops,
      int channels,
      int terms,
      float[] weights,
      int rows,
      float[] inputs)
      implements Block {
    @Override
    public int stride() {
      return rows;
    }

    private float[] channel(int c) {
      return Arrays.copyOfRange(weights, c * terms, (c + 1) * terms);
    }

    private float[] column(int row) {
      float[] column = new float[terms];
      for (int k = 0; k < terms; k++) {
        column[k] = inputs[k * rows + row];
      }
      return column;
    }

    @Override
    public void sum(float[] results) {
      for (int row = 0; row < rows; row++) {
        float[] x = column(row);
        for (int c = 0; c < channels; c++) {
          results[c * rows + row] =
              FloatDot.sum(loops.register(), loops.summation().order(), channel(c), x).value();
        }
      }
    }

    @Override
    public void backward(float[] upstream, float[] weightGradient, float[] inputGradient) {
      Arrays.fill(inputGradient, 0, terms * rows, 0);
      for (int row = 0; row < rows; row++) {
        float[] x = column(row);
        for (int c = 0; c < channels; c++) {
          boolean[] passes =
              FloatDot.masks(
                  loops.register(),
                  loops.summation().order(),
                  channel(c),
                  x,
                  loops.masks(),
                  loops.epsilon());
          float g = upstream[c * rows + row];
          for (int k = 0; k < terms; k++) {
            if (passes[k]) {
              weightGradient[c * terms + k] += g * x[k];
              inputGradient[k * rows + row] += g * weights[c * terms + k];
            }
          }
        }
      }
    }
  }
}
