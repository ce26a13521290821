package dev.narrows.kernels.integer;

import dev.narrows.kernels.lanes.VectorLanes;

/** Sequential sums: every channel passes over a segment of the inputs while it is cached. */
public final class FixedOrderSums {
  private FixedOrderSums() {}

  /** Whether {@link ExactSumsInFloatLanes} give the exact sum modulo 2^32. */
  private static boolean exactInFloatLanes(IntegerJob job, WeightSequence rows) {
    return job.exactAsFloats() && rows.segmentNorm * job.x().largest() <= VectorLanes.MAGIC_REACH;
  }

  private static RegisterPanel exactRegisters(IntegerJob job, WeightSequence rows, int channels) {
    int[] sums = job.scratch().ints(0, channels * VectorLanes.PANEL);
    return exactInFloatLanes(job, rows)
        ? new ExactSumsInFloatLanes(rows.floats, rows.inputRows, job.x().floats(), sums)
        : new ExactSumsInIntegerLanes(rows.integers, rows.inputRows, job.x().integers(), sums);
  }

  private static RegisterPanel saturatingRegisters(
      IntegerJob job, WeightSequence rows, int channels, int bits) {
    return saturatingRegisters(
        job, rows, bits, job.scratch().ints(0, channels * VectorLanes.PANEL));
  }

  private static RegisterPanel saturatingRegisters(
      IntegerJob job, WeightSequence rows, int bits, int[] held) {
    return job.exactAsFloats() && bits <= SaturatingSumsInFloatLanes.MAX_BITS
        ? new SaturatingSumsInFloatLanes(bits, rows.floats, rows.inputRows, job.x().floats(), held)
        : new SaturatingSumsInIntegerLanes(
            bits, rows.integers, rows.inputRows, job.x().integers(), held);
  }

  /** Exact sums modulo 2^32, in the order of the rows (which does not matter). */
  public static void exact(IntegerJob job, WeightSequence rows, int[] channels) {
    run(job, rows, channels, exactRegisters(job, rows, channels.length));
  }

  /** Σ|q·x| modulo 2^32, without preload. */
  public static void magnitudes(IntegerJob job, WeightSequence rows, int[] channels) {
    int[] sums = job.scratch().ints(0, channels.length * VectorLanes.PANEL);
    run(
        job,
        rows,
        channels,
        new ExactSumsInFloatLanes(rows.magnitudes, rows.inputRows, job.x().magnitudes(), sums));
  }

  /** Whether {@link #magnitudes} may be asked for. */
  public static boolean canSumMagnitudes(IntegerJob job, WeightSequence rows) {
    return exactInFloatLanes(job, rows);
  }

  /** Whether {@link #saturating} may be asked for. */
  public static boolean canSaturate(IntegerJob job, int bits) {
    return bits <= SaturatingSumsInFloatLanes.MAX_BITS && job.exactAsFloats()
        || bits <= 32 && job.widestProduct() <= Integer.MAX_VALUE;
  }

  /** One saturating register per output. */
  public static void saturating(IntegerJob job, WeightSequence rows, int[] channels, int bits) {
    run(job, rows, channels, saturatingRegisters(job, rows, channels.length, bits));
  }

  private static void run(
      IntegerJob job, WeightSequence rows, int[] channels, RegisterPanel registers) {
    for (int panel = job.firstPanel(); panel < job.lastPanel(); panel++) {
      for (int i = 0; i < channels.length; i++) {
        registers.load(i * VectorLanes.PANEL, job.preload(channels[i]));
      }
      for (int segment = 0; segment < rows.segments(); segment++) {
        for (int i = 0; i < channels.length; i++) {
          int from = rows.from(channels[i], segment);
          int to = rows.to(channels[i], segment);
          registers.add(from, to, job.base(panel), i * VectorLanes.PANEL);
        }
      }
      for (int i = 0; i < channels.length; i++) {
        int at = job.at(channels[i], panel);
        registers.read(i * VectorLanes.PANEL, job.out(), at, job.x().width(panel));
      }
    }
  }

  /**
   * Chunks in saturating registers, their sums in another one.
   *
   * @param outerBits at most 32
   */
  public static void saturatingParts(
      IntegerJob job, WeightSequence rows, int[] channels, int bits, int outerBits) {
    RegisterPanel parts = saturatingRegisters(job, rows, channels.length, bits);
    runParts(job, rows, channels, parts, new ChunkTotals.SaturatingTotals(bits, outerBits));
  }

  /**
   * The clamps of exact chunk sums, added up in a saturating register. Every chunk sum fits 32
   * bits.
   *
   * @param bits at most 32
   * @param outerBits at most 32
   */
  public static void clampedParts(
      IntegerJob job, WeightSequence rows, int[] channels, int bits, int outerBits) {
    RegisterPanel parts = exactRegisters(job, rows, channels.length);
    runParts(job, rows, channels, parts, new ChunkTotals.ClampedChunks(bits, outerBits));
  }

  /**
   * Exact chunk sums where they fit {@code bits} bits, and what a saturating register ends at where
   * they do not, added up in a saturating register. Every chunk sum fits 32 bits.
   *
   * @param bits at most 31
   * @param outerBits at most 32
   */
  public static void resolvedParts(
      IntegerJob job, WeightSequence rows, int[] channels, int bits, int outerBits) {
    int[] held = job.scratch().ints(3, channels.length * VectorLanes.PANEL);
    RegisterPanel parts =
        new ResolvedChunkSums(
            bits,
            exactRegisters(job, rows, channels.length),
            saturatingRegisters(job, rows, bits, held));
    runParts(job, rows, channels, parts, new ChunkTotals.SaturatingTotals(bits, outerBits));
  }

  /**
   * Chunks in wrapping registers, their sums in another one.
   *
   * @param bits at most 32
   * @param outerBits at most 32
   */
  public static void wrappingParts(
      IntegerJob job, WeightSequence rows, int[] channels, int bits, int outerBits) {
    RegisterPanel parts = exactRegisters(job, rows, channels.length);
    runParts(job, rows, channels, parts, new ChunkTotals.WrappingTotals(bits, outerBits));
  }

  private static void runParts(
      IntegerJob job,
      WeightSequence rows,
      int[] channels,
      RegisterPanel parts,
      ChunkTotals joints) {
    int[] totals = job.scratch().ints(1, channels.length * VectorLanes.PANEL);
    int[] part = job.scratch().ints(2, VectorLanes.PANEL);
    for (int panel = job.firstPanel(); panel < job.lastPanel(); panel++) {
      for (int i = 0; i < channels.length; i++) {
        joints.load(totals, i * VectorLanes.PANEL, job.preload(channels[i]));
        parts.load(i * VectorLanes.PANEL, 0);
      }
      for (int segment = 0; segment < rows.segments(); segment++) {
        for (int i = 0; i < channels.length; i++) {
          int from = rows.from(channels[i], segment);
          int to = rows.to(channels[i], segment);
          parts.add(from, to, job.base(panel), i * VectorLanes.PANEL);
          if (rows.endsPart[segment]) {
            parts.read(i * VectorLanes.PANEL, part, 0, VectorLanes.PANEL);
            joints.add(totals, i * VectorLanes.PANEL, part);
            parts.load(i * VectorLanes.PANEL, 0);
          }
        }
      }
      for (int i = 0; i < channels.length; i++) {
        int at = job.at(channels[i], panel);
        System.arraycopy(totals, i * VectorLanes.PANEL, job.out(), at, job.x().width(panel));
      }
    }
  }
}
