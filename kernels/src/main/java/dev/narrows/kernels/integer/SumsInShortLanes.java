package dev.narrows.kernels.integer;

import static dev.narrows.kernels.lanes.VectorLanes.COUNT;

import dev.narrows.core.format.Widths;
import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Arrays;

/**
 * Registers of at most 16 bits in lanes of 16, of which a vector holds twice as many.
 *
 * <p>Modulo 2^16 every product and every sum is right. A saturating register needs products that
 * fit 16 bits; a narrower one than 16 bits is kept so far down that its smallest value is that of a
 * lane, so that only its largest one is left to be looked after.
 */
final class SumsInShortLanes implements RegisterPanel {
  static final int MAX_BITS = 16;

  private final int[] pairs;
  private final int[] row;
  private final short[] inputs;
  private final short[] registers;
  private final boolean saturating;
  private final int low; // of the register's values
  private final int high;
  private final int down; // from a register's value to its lane's

  private SumsInShortLanes(
      WeightSequence rows, IntegerPanels x, int channels, boolean saturating, int bits) {
    this.pairs = rows.pairs;
    this.row = x.rows(rows);
    this.inputs = x.shorts();
    this.registers = new short[channels * VectorLanes.PANEL];
    this.saturating = saturating;
    this.low = (int) Widths.min(bits);
    this.high = (int) Widths.max(bits);
    this.down = low - Short.MIN_VALUE;
  }

  /** Whether registers of {@code bits} bits that saturate may be kept here. */
  static boolean canSaturate(IntegerProductSlice slice, int bits) {
    return bits <= MAX_BITS
        && slice.widestProduct() <= Short.MAX_VALUE
        && slice.weights().largest() <= Short.MAX_VALUE
        && slice.x().largest() <= Short.MAX_VALUE;
  }

  static SumsInShortLanes saturating(
      IntegerProductSlice slice, WeightSequence rows, int channels, int bits) {
    return new SumsInShortLanes(rows, slice.x(), channels, true, bits);
  }

  /** Modulo 2^16. */
  static SumsInShortLanes wrapping(IntegerProductSlice slice, WeightSequence rows, int channels) {
    return new SumsInShortLanes(rows, slice.x(), channels, false, MAX_BITS);
  }

  @Override
  public void load(int at, int value) {
    int start = saturating ? Math.clamp(value, low, high) - down : value;
    Arrays.fill(registers, at, at + VectorLanes.PANEL, (short) start);
  }

  @Override
  public void add(int from, int to, int base, int at) {
    int step = IntegerTiles.NARROW * 2 * COUNT;
    for (int tile = 0; tile < VectorLanes.PANEL; tile += step) {
      if (saturating) {
        IntegerTiles.saturatingInShortLanes(
            pairs, row, from, to, inputs, base + tile, registers, at + tile, (short) (high - down));
      } else {
        IntegerTiles.wrappingInShortLanes(
            pairs, row, from, to, inputs, base + tile, registers, at + tile);
      }
    }
  }

  @Override
  public void read(int at, int[] target, int targetAt, int width) {
    for (int j = 0; j < width; j++) {
      target[targetAt + j] = registers[at + j] + down;
    }
  }
}
