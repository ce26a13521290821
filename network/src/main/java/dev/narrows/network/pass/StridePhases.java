package dev.narrows.network.pass;

import dev.narrows.core.bound.TapPhases;
import dev.narrows.network.layer.TransposedConvolution;
import dev.narrows.network.layer.Window;
import java.util.HashMap;
import java.util.Map;

/**
 * Which taps of a transposed convolution meet inputs together. Output row y meets the kernel rows k
 * with k·dilation ≡ y + padTop modulo the stride, and so for columns; an output smaller than the
 * stride leaves some kernel rows without any output. Where some output meets all taps of its phase,
 * the phase's bound is reached.
 */
public final class StridePhases {
  private StridePhases() {}

  /**
   * The phases of every channel's terms.
   *
   * @param rest what the register sees of real zero
   */
  public static TapPhases of(TransposedConvolution layer, long rest) {
    Window w = layer.window();
    int[] rows =
        axis(
            w.kernelHeight(),
            w.strideHeight(),
            w.dilationHeight(),
            w.padTop(),
            layer.output().height());
    int[] columns =
        axis(
            w.kernelWidth(),
            w.strideWidth(),
            w.dilationWidth(),
            w.padLeft(),
            layer.output().width());
    int inputs = layer.terms() / w.taps();
    int[] of = new int[layer.terms()];
    Map<Long, Integer> met = new HashMap<>();
    for (int k = 0; k < of.length; k++) {
      int row = rows[k / inputs / w.kernelWidth()];
      int column = columns[k / inputs % w.kernelWidth()];
      of[k] =
          row < 0 || column < 0
              ? -1
              : met.computeIfAbsent((long) row << Integer.SIZE | column, place -> met.size());
    }
    return new TapPhases(of, Math.max(1, met.size()), rest);
  }

  /** The remainder of each tap; −1 if no output has it. */
  private static int[] axis(int kernel, int stride, int dilation, int pad, int outputs) {
    int[] remainders = new int[kernel];
    for (int k = 0; k < kernel; k++) {
      int remainder = (int) ((long) k * dilation % stride);
      int first = Math.floorMod(remainder - pad, stride); // the first output of this remainder
      remainders[k] = first < outputs ? remainder : -1;
    }
    return remainders;
  }
}
