package dev.narrows.hardware.cost;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.Spilling;

/**
 * A matrix-vector unit as FINN's resource estimate sees it. The estimate counts the LUTs of
 * multipliers, adder tree, register, thresholds and their comparators; see docs/hardware.md,
 * equations (1) to (6).
 *
 * @param rows MH, output channels
 * @param columns MW, terms of a dot product
 * @param pe output channels computed at once; divides {@code rows}
 * @param simd terms taken at once; divides {@code columns}
 * @param weightBits W
 * @param inputBits A
 * @param outputBits B of the code that thresholds make: 2^B − 1 of them; 0 without thresholds
 * @see <a href="https://arxiv.org/abs/1809.04570">FINN-R, Blott et al. 2018</a>
 */
public record FinnUnit(
    int rows, int columns, int pe, int simd, int weightBits, int inputBits, int outputBits) {
  /** More thresholds than those of 16-bit codes nobody builds. */
  public static final int MOST_OUTPUT_BITS = 16;

  /** LUTs of control and streams, whatever the widths. */
  public static final int FIXED_LUTS = 300;

  private static final double OVERHEAD = 1.1;
  private static final int LUT_RAM_DEPTH = 64;
  private static final int DEEPEST_LUT_RAM = 128;

  /** Checks the folding. */
  public FinnUnit {
    if (rows < 1 || columns < 1 || pe < 1 || simd < 1) {
      throw new IllegalArgumentException(
          "a unit needs at least one row, column, PE and SIMD lane, got %d, %d, %d, %d"
              .formatted(rows, columns, pe, simd));
    }
    if (rows % pe != 0 || columns % simd != 0) {
      throw new IllegalArgumentException(
          "PE must divide %d channels and SIMD %d terms, got %d and %d"
              .formatted(rows, columns, pe, simd));
    }
    if (outputBits < 0 || outputBits > MOST_OUTPUT_BITS) {
      throw new IllegalArgumentException(
          "thresholds make codes of 0 to %d bits, got %d".formatted(MOST_OUTPUT_BITS, outputBits));
    }
  }

  /** The largest divisor of {@code size} that is at most {@code wanted}. */
  public static int fold(int size, int wanted) {
    int fold = Math.min(size, wanted);
    while (size % fold != 0) {
      fold--;
    }
    return fold;
  }

  /** 2^B − 1, or none. */
  public int thresholds() {
    return (1 << outputBits) - 1;
  }

  /** TMEM: channels that share a PE. */
  public int thresholdDepth() {
    return rows / pe;
  }

  /** WMEM: words of the weight memory. */
  public long weightDepth() {
    return (long) rows * columns / ((long) pe * simd);
  }

  /** Cycles for one matrix-vector product. */
  public long cycles() {
    return weightDepth();
  }

  /** Whether the weights are kept in LUTs rather than in block memories. */
  public boolean weightsInLuts() {
    return weightDepth() <= DEEPEST_LUT_RAM;
  }

  /** LUTs with a register of P bits; P is not cut to the data-type bound, as FINN does. */
  public double luts(int accumulatorBits) {
    return FIXED_LUTS + scaledLuts(accumulatorBits, accumulatorBits);
  }

  /** LUTs with an integer register that is built as it is: a spilling one is two. */
  public double luts(Accumulator register) {
    return register instanceof Spilling(int bits, int wideBits)
        ? spillingLuts(bits, wideBits)
        : luts(register.bits());
  }

  /**
   * LUTs with a narrow register that spills into a wide one: both registers with an adder each, the
   * choice of what is handed over, and thresholds on the wide sum.
   */
  public double spillingLuts(int bits, int wideBits) {
    return FIXED_LUTS + scaledLuts(2 * bits + wideBits, wideBits);
  }

  /** {@link #luts} less {@link #FIXED_LUTS}: what the widths decide. */
  public double variableLuts(int accumulatorBits) {
    return scaledLuts(accumulatorBits, accumulatorBits);
  }

  /** What a bit of the register adds to {@link #luts}, which is a straight line in the bits. */
  public double lutsOfABit() {
    return OVERHEAD
        * pe
        * (1 + (double) thresholds() * (1 + Math.ceilDiv(thresholdDepth(), LUT_RAM_DEPTH)));
  }

  private double scaledLuts(int registerLuts, int comparedBits) {
    int width = weightBits + inputBits;
    double multipliers = (double) simd * (2L * Math.ceilDiv(width, 6) - 1) * width;
    double tree = (double) width * (2L * simd - 1);
    double memory =
        (double) thresholds() * comparedBits * Math.ceilDiv(thresholdDepth(), LUT_RAM_DEPTH);
    double comparators = (double) thresholds() * comparedBits;
    double weights =
        weightsInLuts()
            ? (double) pe * simd * weightBits * Math.ceilDiv(weightDepth(), LUT_RAM_DEPTH)
            : 0;
    return OVERHEAD * pe * (multipliers + tree + registerLuts + memory + comparators) + weights;
  }

  /** Block memories of 18 Kbit for the weights; none where they are in LUTs. */
  public long bram18() {
    return weightsInLuts() ? 0 : bram18(weightDepth(), pe * simd * weightBits);
  }

  /**
   * Block memories of 18 Kbit, by the shapes that one can take.
   *
   * @param depth o, words
   * @param width m, bits of a word
   */
  public static long bram18(long depth, int width) {
    if (width == 1) {
      return Math.ceilDiv(depth, 16384L);
    }
    if (width == 2) {
      return Math.ceilDiv(depth, 8192L);
    }
    if (width <= 4) {
      return Math.ceilDiv(depth, 4096L) * Math.ceilDiv(width, 4);
    }
    if (width <= 9) {
      return Math.ceilDiv(depth, 2048L) * Math.ceilDiv(width, 9);
    }
    if (width <= 18 || depth > 512) {
      return Math.ceilDiv(depth, 1024L) * Math.ceilDiv(width, 18);
    }
    return Math.ceilDiv(depth, 512L) * Math.ceilDiv(width, 36);
  }
}
