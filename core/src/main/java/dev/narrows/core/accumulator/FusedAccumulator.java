package dev.narrows.core.accumulator;

import dev.narrows.core.format.OperandFormat;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A register of matrix hardware, which takes products in groups: all of a group and the register
 * itself are shifted to the largest exponent among them, cut, added exactly, and cut once more to
 * what the register holds.
 *
 * @param group g, products that are added at once
 * @param fraction F, the fraction bits that are kept of each when it is shifted
 * @param style which bits are cut, and how
 * @param output what the register holds
 * @param operands what the multipliers take
 * @param scaled whether the weights and the inputs of each dot product are first scaled by powers
 *     of two that take the largest of each as far up in the format as possible; undone at the end
 * @see "docs/accumulators.md, Registers of matrix hardware"
 * @see <a href="https://arxiv.org/abs/2511.10909">MMA-Sim, Xie et al. 2025</a>
 */
public record FusedAccumulator(
    int group, int fraction, Style style, Output output, OperandFormat operands, boolean scaled)
    implements FloatAccumulator {
  private static final int MOST_PRODUCTS = 1024;
  private static final int MOST_FRACTION = 40;

  public FusedAccumulator {
    if (group < 1 || group > MOST_PRODUCTS) {
      throw new IllegalArgumentException(
          "a group must have 1 to %d products, got %d".formatted(MOST_PRODUCTS, group));
    }
    if (fraction < 1 || fraction > MOST_FRACTION) {
      throw new IllegalArgumentException(
          "1 to %d fraction bits are kept, got %d".formatted(MOST_FRACTION, fraction));
    }
    if (style != Style.FUSED && (output != Output.FP32 || fraction > Style.SUM_FRACTION)) {
      throw new IllegalArgumentException(
          "a register of the form %s holds fp32 and keeps at most %d fraction bits"
              .formatted(style, Style.SUM_FRACTION));
    }
  }

  /** How the parts of a sum are cut. */
  public enum Style {
    /** NVIDIA: products and register together, toward zero. */
    FUSED,
    /** AMD's CDNA3: products together, toward zero; their sum and the register downwards. */
    FLOORED,
    /** The same for operands of 8 bits: even and odd products apart. */
    FLOORED_PAIRS;

    /** Fraction bits to which CDNA3 cuts the sum of the products. */
    public static final int SUM_FRACTION = 31;

    /** Fraction bits to which CDNA3 cuts the register. */
    public static final int REGISTER_FRACTION = 24;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** What the register holds. */
  public enum Output {
    /** Binary32, cut toward zero; CDNA3's to nearest even. */
    FP32(8, 23, Float.MIN_EXPONENT, Float.MAX_VALUE),
    /** Thirteen bits of binary32's mantissa, cut toward zero. */
    E8M13(8, 13, Float.MIN_EXPONENT, Float.MAX_VALUE),
    /** Binary16, to nearest even. */
    FP16(5, 10, -14, 65504);

    private final int exponentBits;
    private final int mantissaBits;
    private final int leastExponent;
    private final float largest;

    Output(int exponentBits, int mantissaBits, int leastExponent, float largest) {
      this.exponentBits = exponentBits;
      this.mantissaBits = mantissaBits;
      this.leastExponent = leastExponent;
      this.largest = largest;
    }

    /** The output of a name such as {@code e8m13}. */
    public static Optional<Output> named(String name) {
      return Arrays.stream(values()).filter(output -> output.toString().equals(name)).findFirst();
    }

    /** Explicit mantissa bits. */
    public int mantissaBits() {
      return mantissaBits;
    }

    /** The exponent of the smallest normal value, which subnormal ones share. */
    public int leastExponent() {
      return leastExponent;
    }

    /** The largest finite value; what is beyond becomes infinite. */
    public float largest() {
      return largest;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Override
  public boolean takesGroups() {
    return true;
  }

  /** The width of what the register holds, sign included. */
  @Override
  public int bits() {
    return 1 + output.exponentBits + output.mantissaBits;
  }

  @Override
  public int mantissaBits() {
    return output.mantissaBits;
  }

  /** Whether the register is rounded to nearest even; otherwise it is cut toward zero. */
  public boolean roundsToNearest() {
    return output == Output.FP16 || style != Style.FUSED;
  }

  /** The same without scaling the operands. */
  public FusedAccumulator unscaled() {
    return new FusedAccumulator(group, fraction, style, output, operands, false);
  }

  /**
   * This register, if it has that width.
   *
   * @throws IllegalArgumentException otherwise
   */
  @Override
  public FusedAccumulator withBits(int bits) {
    if (bits != bits()) {
      throw new IllegalArgumentException(
          "%s has %d bits; another width is another output, not %d bits"
              .formatted(this, bits(), bits));
    }
    return this;
  }

  @Override
  public Optional<String> noOuterRegister() {
    return Optional.of(
        "%s is promoted to binary32 alone: chunk(n,fp32), or promote(n)".formatted(this));
  }

  @Override
  public String toString() {
    String register = "%s(%d,%d):%s".formatted(style, group, fraction, output);
    if (scaled) {
      return register + ":scaled(" + operands + ")";
    }
    return operands == OperandFormat.FP32 ? register : register + ":" + operands;
  }
}
