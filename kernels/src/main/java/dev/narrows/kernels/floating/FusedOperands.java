package dev.narrows.kernels.floating;

import dev.narrows.core.accumulator.FusedAccumulator;
import dev.narrows.core.accumulator.FusedAccumulator.Scaling;
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
  private final Scaling scaled;
  private final Optional<NearestSteps> steps; // empty where bits are dropped
  private final float[] values;
  private final short[] exponents;

  /** Least and largest exponent of a value that is not zero; significands, ORed. */
  private final int[] facts = new int[3];

  /** Least and largest exponent of a value that is not zero and was unscaled. */
  private final int[] unscaled = new int[2];

  private final float[] first = new float[VectorLanes.PANEL]; // what a row is multiplied by
  private final float[] second = new float[VectorLanes.PANEL]; // and by

  /**
   * @param size places of values; zeros of one row may lie beyond
   */
  FusedOperands(FusedAccumulator accumulator, int size) {
    this.format = accumulator.operands();
    this.scaled = accumulator.scaling();
    this.steps = format.rounding().flatMap(NearestSteps::of);
    this.values = new float[size + VectorLanes.PANEL];
    this.exponents = new short[size + VectorLanes.PANEL];
    clear();
  }

  float[] values() {
    return values;
  }

  short[] exponents() {
    return exponents;
  }

  /** Forgets what was taken. */
  void clear() {
    facts[0] = FusedRounding.NONE;
    facts[1] = -FusedRounding.NONE;
    facts[2] = 0;
    unscaled[0] = FusedRounding.NONE;
    unscaled[1] = -FusedRounding.NONE;
  }

  /** By which power of two operands of at most this magnitude are scaled. */
  int scaling(float magnitude) {
    return switch (scaled) {
      case NONE -> 0;
      case SCALED -> format.scaling(magnitude);
      case MX -> -format.blockExponent(magnitude);
      case NV -> throw new IllegalStateException("scales of blocks(g,F) are no powers of two");
    };
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
   * Undoes the scaling of values that were taken, where the scales of blocks come along with the
   * operands; otherwise it is undone at the end of a sum.
   *
   * @param from the place of one that was scaled as the first of a row is
   */
  void unscale(int from, int to) {
    if (scaled != Scaling.MX) {
      return;
    }
    for (int i = from; i < to; i++) {
      int place = (i - from) % VectorLanes.PANEL;
      int scaling = Math.getExponent(first[place]) + Math.getExponent(second[place]);
      values[i] = Math.scalb(values[i], -scaling);
      exponents[i] = (short) (exponents[i] - scaling);
      if (values[i] != 0) {
        unscaled[0] = Math.min(unscaled[0], exponents[i]);
        unscaled[1] = Math.max(unscaled[1], exponents[i]);
      }
    }
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

  private int least() {
    return scaled == Scaling.MX ? unscaled[0] : facts[0];
  }

  private int most() {
    return scaled == Scaling.MX ? unscaled[1] : facts[1];
  }

  /** Whether no value was lost when it was unscaled. */
  private boolean floats() {
    return scaled != Scaling.MX
        || least() - format.mantissaBits() >= Float.MIN_EXPONENT && most() <= Float.MAX_EXPONENT;
  }

  /** The most significant bits that an operand has. */
  private int significant() {
    return facts[2] == 0 ? 0 : FRACTION + 1 - Integer.numberOfTrailingZeros(facts[2]);
  }

  /**
   * Whether products of these with others are of so few bits that {@link FusedTileShort} cuts them
   * as the reference does. In units of 2^(m − F) a product is below 2^(F + 2), and what is taken
   * off is ½ − 2^(F − 22): the difference is off by at most 2^(F − 23), so it lies above the
   * integer part less ½; and below it plus ½, as the product's fraction is at most 1 − 2^−bits, and
   * the bits are at most 21 − F.
   *
   * @param fraction F
   */
  boolean few(FusedOperands others, int fraction) {
    return significant() + others.significant() <= FusedSteps.CUT_BITS - 1 - fraction;
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
    int low = least() + others.least();
    int high = most() + others.most();
    int grown = Integer.SIZE - Integer.numberOfLeadingZeros(terms) + 3;
    return floats()
        && others.floats()
        && significant() + others.significant() <= FRACTION + 1
        && low - 2 * format.mantissaBits() >= Float.MIN_EXPONENT
        && low >= 2 * accumulator.fraction() + Float.MIN_EXPONENT
        && high + grown < Float.MAX_EXPONENT;
  }
}
