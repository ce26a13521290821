package dev.narrows.core.accumulator;

import dev.narrows.core.format.OperandFormat;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

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
 * @param scaling by what operands are multiplied before they are rounded to their format
 * @see "docs/accumulators.md, Registers of matrix hardware"
 * @see <a href="https://arxiv.org/abs/2511.10909">MMA-Sim, Xie et al. 2025</a>
 */
public record FusedAccumulator(
    int group, int fraction, Style style, Output output, OperandFormat operands, Scaling scaling)
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
    boolean floored = style == Style.FLOORED || style == Style.FLOORED_PAIRS;
    if (style != Style.FUSED && output != Output.FP32 || floored && fraction > Style.SUM_FRACTION) {
      throw new IllegalArgumentException(
          "a register of the form %s holds fp32 and keeps at most %d fraction bits"
              .formatted(style, floored ? Style.SUM_FRACTION : MOST_FRACTION));
    }
    if (style.pairwise() && (Integer.bitCount(group) != 1 || fraction != Style.BINARY32)) {
      throw new IllegalArgumentException(
          "products are added pairwise in binary32, 2, 4, 8 … at once, got " + group);
    }
    requireBlocks(group, style, operands, scaling);
  }

  private static void requireBlocks(
      int group, Style style, OperandFormat operands, Scaling scaling) {
    if (style == Style.BLOCKS) {
      int size = scaling.block().orElse(Style.BLOCK);
      if (scaling.block().isEmpty() || operands != OperandFormat.E2M1 || group % size != 0) {
        throw new IllegalArgumentException(
            "blocks(g,F) takes mx(e2m1) operands, g a multiple of 32, or nv(e2m1) operands, g a"
                + " multiple of 16, got %s(%s) and %d".formatted(scaling, operands, group));
      }
      return;
    }
    if (scaling == Scaling.NV) {
      throw new IllegalArgumentException("nv(…) scales the operands of blocks(g,F)");
    }
    if (scaling == Scaling.MX && (style != Style.FUSED || Scaling.MX_BLOCK % group != 0)) {
      throw new IllegalArgumentException(
          "mx(…) scales 32 operands by one power of two: a group of fused(g,F) must divide 32, got"
              + " %s(%d,…)".formatted(style, group));
    }
  }

  /** By what operands are multiplied before they are rounded to their format. */
  public enum Scaling {
    /** By nothing. */
    NONE(OptionalInt.empty()),
    /**
     * The weights and the inputs of each dot product by powers of two that take the largest of each
     * as far up in the format as possible; undone at the end.
     */
    SCALED(OptionalInt.empty()),
    /**
     * Each 32 by a power of two, that of the largest of them less that of the format's largest
     * value. OCP Microscaling Formats, version 1.0, section 6.3.
     */
    MX(OptionalInt.of(Scaling.MX_BLOCK)),
    /**
     * Each 16 by an e4m3 number near the largest of them over the format's largest value, after all
     * of a dot product by one number that takes the largest such one to 448; undone at the end.
     */
    NV(OptionalInt.of(16));

    private static final int MX_BLOCK = 32;

    private final OptionalInt block;

    Scaling(OptionalInt block) {
      this.block = block;
    }

    /** How many operands share a scale; empty if all do, or none have one. */
    public OptionalInt block() {
      return block;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How the parts of a sum are cut. */
  public enum Style {
    /** NVIDIA: products and register together, toward zero. */
    FUSED,
    /** AMD's CDNA3: products together, toward zero; their sum and the register downwards. */
    FLOORED,
    /** The same for operands of 8 bits: even and odd products apart. */
    FLOORED_PAIRS,
    /**
     * NVIDIA's for operands of 4 bits: sums of 16 products are exact, times their scales; these and
     * the register are cut together, toward zero, at the exponents of the scales.
     */
    BLOCKS,
    /** AMD's CDNA1: a tree of additions in binary32, each to nearest even. */
    PAIRWISE,
    /** AMD's CDNA2: the same, where subnormal numbers are zero. */
    PAIRWISE_FLUSHED;

    /** Fraction bits to which CDNA3 cuts the sum of the products. */
    public static final int SUM_FRACTION = 31;

    /** Fraction bits to which CDNA3 cuts the register. */
    public static final int REGISTER_FRACTION = 24;

    /** Products whose sum is exact in {@link #BLOCKS}. */
    public static final int BLOCK = 16;

    /** The fraction bits that additions in binary32 keep. */
    public static final int BINARY32 = 23;

    /** Whether products are added two by two. */
    public boolean pairwise() {
      return this == PAIRWISE || this == PAIRWISE_FLUSHED;
    }

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
    return output == Output.FP16 || style != Style.FUSED && style != Style.BLOCKS;
  }

  /** The same without scaling the operands. */
  public FusedAccumulator unscaled() {
    return new FusedAccumulator(group, fraction, style, output, operands, Scaling.NONE);
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
    String size = style.pairwise() ? "" + group : group + "," + fraction;
    String register = "%s(%s):%s".formatted(style, size, output);
    if (scaling != Scaling.NONE) {
      return "%s:%s(%s)".formatted(register, scaling, operands);
    }
    return operands == OperandFormat.FP32 ? register : register + ":" + operands;
  }
}
