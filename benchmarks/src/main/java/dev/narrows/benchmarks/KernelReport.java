package dev.narrows.benchmarks;

import java.util.List;

/**
 * What one run found: everything in it was measured in turns.
 *
 * @param threads that worked at once
 * @param gigahertz of the clock, by a chain of instructions whose latency is known
 * @param yardstick the rate of the binary32 product, GMAC/s of all threads
 * @param yardstickSpread how much longer its median round took than the best, as a share
 * @param peak the rate of fused multiply-adds on registers alone, GMAC/s of all threads
 */
public record KernelReport(
    int threads,
    double gigahertz,
    double yardstick,
    double yardstickSpread,
    double peak,
    List<InstructionRate> instructions,
    List<KernelFigure> kernels,
    List<OtherFigure> others) {
  /** Copies the lists. */
  public KernelReport {
    instructions = List.copyOf(instructions);
    kernels = List.copyOf(kernels);
    others = List.copyOf(others);
  }
}
