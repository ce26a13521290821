package dev.narrows.kernels.integer;

import dev.narrows.kernels.lanes.VectorLanes;

/** Sequential sums: every channel passes over a segment of the inputs while it is cached. */
public final class FixedOrderSums {
  private FixedOrderSums() {}

  /** Whether {@link ExactSumsInFloatLanes} give the exact sum modulo 2^32. */
  private static boolean exactInFloatLanes(IntegerProductSlice slice, WeightSequence rows) {
    return slice.exactAsFloats()
        && rows.segmentNorm * slice.x().largest() <= VectorLanes.MAGIC_REACH;
  }

  private static RegisterPanel exactRegisters(
      IntegerProductSlice slice, WeightSequence rows, int channels) {
    int[] sums = slice.scratch().ints(0, channels * VectorLanes.PANEL);
    return exactInFloatLanes(slice, rows)
        ? new ExactSumsInFloatLanes(
            rows.floats, slice.x().rows(rows), slice.x().groupRows(rows), slice.x().floats(), sums)
        : new ExactSumsInIntegerLanes(
            rows.integers, slice.x().rows(rows), slice.x().integers(), sums);
  }

  private static RegisterPanel saturatingRegisters(
      IntegerProductSlice slice, WeightSequence rows, int channels, int bits) {
    return SumsInShortLanes.canSaturate(slice, bits)
        ? SumsInShortLanes.saturating(slice, rows, channels, bits)
        : saturatingRegisters(
            slice, rows, bits, slice.scratch().ints(0, channels * VectorLanes.PANEL));
  }

  private static RegisterPanel saturatingRegisters(
      IntegerProductSlice slice, WeightSequence rows, int bits, int[] held) {
    return slice.exactAsFloats() && bits <= SaturatingSumsInFloatLanes.MAX_BITS
        ? new SaturatingSumsInFloatLanes(
            bits,
            rows.floats,
            slice.x().rows(rows),
            slice.x().groupRows(rows),
            slice.x().floats(),
            held)
        : new SaturatingSumsInIntegerLanes(
            bits, rows.integers, slice.x().rows(rows), slice.x().integers(), held);
  }

  /** Exact sums modulo 2^32, in the order of the rows (which does not matter). */
  public static void exact(IntegerProductSlice slice, WeightSequence rows, int[] channels) {
    if (channels.length == 0) {
      return; // nor are inputs packed
    }
    run(slice, rows, channels, exactRegisters(slice, rows, channels.length));
  }

  /** Exact sums modulo 2^16, sign-extended. */
  public static void exactModulo16(IntegerProductSlice slice, WeightSequence rows, int[] channels) {
    run(slice, rows, channels, SumsInShortLanes.wrapping(slice, rows, channels.length));
  }

  /** Σ|q·x| modulo 2^32, without preload. */
  public static void magnitudes(IntegerProductSlice slice, WeightSequence rows, int[] channels) {
    if (channels.length == 0) {
      return;
    }
    int[] sums = slice.scratch().ints(0, channels.length * VectorLanes.PANEL);
    run(
        slice,
        rows,
        channels,
        ExactSumsInFloatLanes.ofEachChannel(
            rows.magnitudes, slice.x().rows(rows), slice.x().magnitudes(), sums));
  }

  /** Whether {@link #magnitudes} may be asked for. */
  public static boolean canSumMagnitudes(IntegerProductSlice slice, WeightSequence rows) {
    return exactInFloatLanes(slice, rows);
  }

  /** Whether {@link #saturating} may be asked for. */
  public static boolean canSaturate(IntegerProductSlice slice, int bits) {
    return bits <= SaturatingSumsInFloatLanes.MAX_BITS && slice.exactAsFloats()
        || bits <= 32 && slice.widestProduct() <= Integer.MAX_VALUE;
  }

  /** One saturating register per output. */
  public static void saturating(
      IntegerProductSlice slice, WeightSequence rows, int[] channels, int bits) {
    run(slice, rows, channels, saturatingRegisters(slice, rows, channels.length, bits));
  }

  private static void run(
      IntegerProductSlice slice, WeightSequence rows, int[] channels, RegisterPanel registers) {
    for (int panel = slice.firstPanel(); panel < slice.lastPanel(); panel++) {
      for (int i = 0; i < channels.length; i++) {
        registers.load(i * VectorLanes.PANEL, slice.preload(channels[i]));
      }
      for (int segment = 0; segment < rows.segments(); segment++) {
        rows.add(registers, channels, segment, slice.base(panel));
      }
      for (int i = 0; i < channels.length; i++) {
        int at = slice.at(channels[i], panel);
        registers.read(i * VectorLanes.PANEL, slice.out(), at, slice.x().width(panel));
      }
    }
  }

  /**
   * Chunks in saturating registers, their sums in another one.
   *
   * @param outerBits at most 32
   */
  public static void saturatingParts(
      IntegerProductSlice slice, WeightSequence rows, int[] channels, int bits, int outerBits) {
    RegisterPanel parts = saturatingRegisters(slice, rows, channels.length, bits);
    runParts(slice, rows, channels, parts, new ChunkTotals.SaturatingTotals(bits, outerBits));
  }

  /**
   * The clamps of exact chunk sums, added up in a saturating register. Every chunk sum fits 32
   * bits.
   *
   * @param bits at most 32
   * @param outerBits at most 32
   */
  public static void clampedParts(
      IntegerProductSlice slice, WeightSequence rows, int[] channels, int bits, int outerBits) {
    RegisterPanel parts = exactRegisters(slice, rows, channels.length);
    runParts(slice, rows, channels, parts, new ChunkTotals.ClampedChunks(bits, outerBits));
  }

  /**
   * Exact chunk sums where they fit {@code bits} bits, and what a saturating register ends at where
   * they do not, added up in a saturating register. Every chunk sum fits 32 bits.
   *
   * @param bits at most 31
   * @param outerBits at most 32
   */
  public static void resolvedParts(
      IntegerProductSlice slice, WeightSequence rows, int[] channels, int bits, int outerBits) {
    int[] held = slice.scratch().ints(3, channels.length * VectorLanes.PANEL);
    RegisterPanel parts =
        new ResolvedChunkSums(
            bits,
            exactRegisters(slice, rows, channels.length),
            saturatingRegisters(slice, rows, bits, held));
    runParts(slice, rows, channels, parts, new ChunkTotals.SaturatingTotals(bits, outerBits));
  }

  /**
   * Chunks in wrapping registers, their sums in another one.
   *
   * @param bits at most 32
   * @param outerBits at most 32
   */
  public static void wrappingParts(
      IntegerProductSlice slice, WeightSequence rows, int[] channels, int bits, int outerBits) {
    RegisterPanel parts = exactRegisters(slice, rows, channels.length);
    runParts(slice, rows, channels, parts, new ChunkTotals.WrappingTotals(bits, outerBits));
  }

  private static void runParts(
      IntegerProductSlice slice,
      WeightSequence rows,
      int[] channels,
      RegisterPanel parts,
      ChunkTotals joints) {
    int[] totals = slice.scratch().ints(1, channels.length * VectorLanes.PANEL);
    int[] part = slice.scratch().ints(2, VectorLanes.PANEL);
    for (int panel = slice.firstPanel(); panel < slice.lastPanel(); panel++) {
      for (int i = 0; i < channels.length; i++) {
        joints.load(totals, i * VectorLanes.PANEL, slice.preload(channels[i]));
        parts.load(i * VectorLanes.PANEL, 0);
      }
      for (int segment = 0; segment < rows.segments(); segment++) {
        rows.add(parts, channels, segment, slice.base(panel));
        for (int i = 0; i < channels.length && rows.endsPart[segment]; i++) {
          parts.read(i * VectorLanes.PANEL, part, 0, VectorLanes.PANEL);
          joints.add(totals, i * VectorLanes.PANEL, part);
          parts.load(i * VectorLanes.PANEL, 0);
        }
      }
      for (int i = 0; i < channels.length; i++) {
        int at = slice.at(channels[i], panel);
        System.arraycopy(totals, i * VectorLanes.PANEL, slice.out(), at, slice.x().width(panel));
      }
    }
  }
}
