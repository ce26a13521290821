package dev.narrows.kernels.floating;

import dev.narrows.core.accumulator.FusedAccumulator;
import dev.narrows.core.format.OperandFormat;
import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Arrays;
import java.util.Optional;

/**
 * Operands as the multipliers of matrix hardware take them, with their exponents, and what of them
 * decides whether the tiles may be used.
 */
final class FusedOperands {
  private static final int FRACTION = 23;

  private final OperandFormat format;
  private final boolean scaled;
  private final Optional<NearestSteps> steps; // empty where bits are dropped
  private final float[] values;
  private final int[] exponents;

  /** Least and largest exponent of a value that is not zero; significands, ORed. */
  private final int[] facts = new int[3];

  private final float[] first = new float[VectorLanes.PANEL]; // what a row is multiplied by
  private final float[] second = new float[VectorLanes.PANEL]; // and by

  /**
   * @param size places of values; zeros of one row may lie beyond
   */
  FusedOperands(FusedAccumulator accumulator, int size) {
    this.format = accumulator.operands();
    this.scaled = accumulator.scaled();
    this.steps = format.rounding().flatMap(NearestSteps::of);
    this.values = new float[size + VectorLanes.PANEL];
    this.exponents = new int[size + VectorLanes.PANEL];
    clear();
  }

  float[] values() {
    return values;
  }

  int[] exponents() {
    return exponents;
  }

  /** Forgets what was taken. */
  void clear() {
    facts[0] = FusedRounding.NONE;
    facts[1] = -FusedRounding.NONE;
    facts[2] = 0;
  }

  /** By which power of two operands of at most this magnitude are scaled. */
  int scaling(float magnitude) {
    return scaled ? format.scaling(magnitude) : 0;
  }

  /** From now on the value at this place of a row is scaled; in two steps, as 2^150 is no float. */
  void scale(int place, int scaling) {
    first[place] = Math.scalb(1f, scaling / 2);
    second[place] = Math.scalb(1f, scaling - scaling / 2);
  }

  /** The same at all places. */
  void scale(int scaling) {
    scale(0, scaling);
    Arrays.fill(first, first[0]);
    Arrays.fill(second, second[0]);
  }

  /**
   * Takes finite values.
   *
   * @param count at most {@link VectorLanes#PANEL}, a multiple of the lanes
   */
  void take(float[] x, int from, int count, int to) {
    if (steps.isPresent()) {
      FusedRounding.nearest(
          steps.get(),
          format.leastExponent(),
          x,
          from,
          count,
          first,
          second,
          values,
          exponents,
          to,
          facts);
    } else {
      int kept = -1 << (FRACTION - format.mantissaBits());
      FusedRounding.cut(
          kept,
          format.leastExponent(),
          x,
          from,
          count,
          first,
          second,
          values,
          exponents,
          to,
          facts);
    }
  }

  /** The most significant bits that an operand has. */
  private int significant() {
    return facts[2] == 0 ? 0 : FRACTION + 1 - Integer.numberOfTrailingZeros(facts[2]);
  }

  /**
   * Whether the tiles give the same bits as the reference for products of these with others: all
   * products are exact in binary32, and neither they nor what they are scaled by leave its normal
   * numbers. A register is a multiple of 2^(E − F) for the least exponent E of a product, so a
   * group whose members are not all zero has an exponent of at least E − F.
   *
   * @param terms K
   */
  boolean suits(FusedOperands others, FusedAccumulator accumulator, int terms) {
    if (facts[2] == 0 || others.facts[2] == 0) {
      return true; // all products are zero
    }
    int low = facts[0] + others.facts[0];
    int high = facts[1] + others.facts[1];
    int grown = Integer.SIZE - Integer.numberOfLeadingZeros(terms) + 3;
    return significant() + others.significant() <= FRACTION + 1
        && low - 2 * format.mantissaBits() >= Float.MIN_EXPONENT
        && low >= 2 * accumulator.fraction() + Float.MIN_EXPONENT
        && high + grown < Float.MAX_EXPONENT;
  }
}
