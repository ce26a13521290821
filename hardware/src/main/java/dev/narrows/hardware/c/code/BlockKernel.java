package dev.narrows.hardware.c.code;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.hardware.c.sum.LaneChain;
import dev.narrows.hardware.c.text.CType;
import java.util.Arrays;
import java.util.Optional;

/**
 * A kernel that sums four rows of weights at once over codes of 8 bits.
 *
 * @param piece the helper that does it
 * @param step terms of a step; rows are padded to whole steps with weights of zero
 * @param chain steps between two flushes of lanes of 16 bits; 0 where lanes have 32
 * @param codes the type that codes are copied to
 * @param shift what the kernel adds to each code before it multiplies
 * @param lanes what is proved of the lanes
 */
record BlockKernel(
    String piece, int step, int chain, CType codes, int shift, Optional<LaneChain> lanes) {
  static final int ROWS = 4;

  private static final int MOST_TERMS = 1 << 15; // of 2^16 in magnitude: sums fit 32 bits
  private static final int FLIP = 128; // from unsigned codes to signed ones, and back

  /** Packed rows pay from so many terms a flush on. */
  private static final int LEAST_PACKED = 3;

  /**
   * The kernel of a layer, if there is a better one than plain C.
   *
   * @param weights [rows][terms]
   * @param inputs the stored codes that can be multiplied, padding included
   */
  static Optional<BlockKernel> of(CpuTarget target, int[] weights, int terms, IntegerRange inputs) {
    int least = Arrays.stream(weights).min().orElse(0);
    int most = Arrays.stream(weights).max().orElse(0);
    boolean signed = CType.INT8.holds(inputs.min(), inputs.max());
    boolean small = signed || CType.UINT8.holds(inputs.min(), inputs.max());
    if (!small || !CType.INT8.holds(least, most) || terms > MOST_TERMS) {
      return Optional.empty();
    }
    IntegerRange codes = signed ? inputs : inputs.minus(FLIP);
    return switch (target) {
      case PORTABLE -> Optional.empty();
      case CORTEX_M3 -> {
        LaneChain chain = LaneChain.of(weights, terms, 1, 1, k -> 0, codes);
        yield chain.steps() < Math.min(LEAST_PACKED, terms)
            ? Optional.empty()
            : Optional.of(new BlockKernel("rows_packed", 1, chain, signed));
      }
      case CORTEX_M4 ->
          Optional.of(
              new BlockKernel(
                  "rows_smlad", 4, 0, CType.INT16, signed ? 0 : -FLIP, Optional.empty()));
      case NEON ->
          lanes("rows_neon", 16, LaneChain.of(weights, terms, 16, 8, k -> k % 8, codes), signed);
      case SSSE3, AVX2 -> {
        int step = target == CpuTarget.AVX2 ? 32 : 16;
        String name = "rows_" + target;
        IntegerRange unsigned = codes.minus(-FLIP);
        LaneChain plain = LaneChain.of(weights, terms, step, step / 2, k -> k / 2, unsigned);
        // two instructions a step less: worth it unless lanes must be flushed much more often
        LaneChain swapped =
            least == Byte.MIN_VALUE // its negative is no int8
                ? new LaneChain(0, 0, 0)
                : LaneChain.of(weights, terms, step, step / 2, k -> k / 2, codes);
        if (plain.steps() * 2 >= swapped.steps()) {
          yield lanes(name + "_unsigned", step, plain, signed).map(kernel -> kernel.shifted(FLIP));
        }
        yield lanes(name + "_signed", step, swapped, signed);
      }
    };
  }

  private BlockKernel(String piece, int step, LaneChain chain, boolean signed) {
    this(piece, step, chain.steps(), CType.INT8, signed ? 0 : -FLIP, Optional.of(chain));
  }

  private BlockKernel shifted(int more) {
    return new BlockKernel(piece, step, chain, codes, shift + more, lanes);
  }

  private static Optional<BlockKernel> lanes(
      String piece, int step, LaneChain chain, boolean signed) {
    return chain.steps() == 0
        ? Optional.empty()
        : Optional.of(new BlockKernel(piece, step, chain, signed));
  }

  /** What is added to each code while it is copied. */
  int copyShift(boolean signed) {
    return signed ? 0 : -FLIP;
  }

  /** Steps of a dot product. */
  int steps(int terms) {
    return Math.ceilDiv(terms, step);
  }

  /** The weights as the kernel reads them: [blocks][steps][rows][step], or packed. */
  long[] layout(int[] weights, int terms) {
    int rows = weights.length / terms;
    int blocks = Math.ceilDiv(rows, ROWS);
    int steps = steps(terms);
    boolean packed = piece.equals("rows_packed");
    long[] made = new long[blocks * steps * (packed ? ROWS / 2 : ROWS * step)];
    for (int b = 0; b < blocks; b++) {
      for (int s = 0; s < steps; s++) {
        for (int i = 0; i < ROWS * step; i++) {
          int row = b * ROWS + i / step;
          int term = s * step + i % step;
          long q = row < rows && term < terms ? weights[row * terms + term] : 0;
          int at = (b * steps + s) * ROWS * step + i;
          if (packed) { // row 0 and 1 in a word, 2 and 3 in the next
            made[at / 2] += q << (16 * (at % 2));
          } else if (piece.equals("rows_smlad")) { // bytes 0, 2, 1, 3: SXTB16 takes every other one
            int[] order = {0, 2, 1, 3};
            made[at - at % 4 + order[at % 4]] = q;
          } else {
            made[at] = q;
          }
        }
      }
    }
    return made;
  }

  CType weightType() {
    return piece.equals("rows_packed") ? CType.INT32 : CType.INT8;
  }

  /** What is proved, for the layer's comment. */
  String note() {
    return lanes
        .map(chain ->
            "Kernel %s: lanes of 16 bits hold [%d, %d] over any %d steps of %d terms."
                .formatted(piece, chain.lo(), chain.hi(), chain.steps(), step))
        .orElse("Kernel %s: products of 16 bits in sums of 32.".formatted(piece));
  }
}
