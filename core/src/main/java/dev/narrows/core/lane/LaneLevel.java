package dev.narrows.core.lane;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.lane.LaneCount.AllItems;
import dev.narrows.core.lane.LaneCount.ChainLength;
import dev.narrows.core.lane.LaneCount.FixedCount;
import java.util.Arrays;

/**
 * One level of a reduction.
 *
 * <p>Blocks of count · stride consecutive items feed {@code stride} lanes: lane l of a block adds
 * its items l, l + stride, l + 2 · stride, …, in this order, from {@code start}. Sums are handed
 * over block by block, lane by lane. At stride 1 a lane adds consecutive items, as it does where
 * lanes run across output channels and each dot product has lanes of its own.
 *
 * @param count items that a lane adds
 * @param stride lanes of a block, at least 1
 * @param start what a lane may hold before its first item, [0, 0] unless a bias is loaded
 */
public record LaneLevel(LaneRegister register, LaneCount count, int stride, IntegerRange start) {
  private static final IntegerRange ZERO = new IntegerRange(0, 0);

  public LaneLevel {
    if (stride < 1) {
      throw new IllegalArgumentException("a stride is at least 1, got " + stride);
    }
    if (!register.range().contains(start.min()) || !register.range().contains(start.max())) {
      throw new IllegalArgumentException(
          "a lane of %s cannot start at %s".formatted(register, start));
    }
  }

  /** A level whose lanes start at 0. */
  public LaneLevel(LaneRegister register, LaneCount count, int stride) {
    this(register, count, stride, ZERO);
  }

  /** Whether lanes start at 0. */
  public boolean startsAtZero() {
    return start.equals(ZERO);
  }

  /** The number of items that a lane adds; n for {@link ChainLength}, no limit for the last. */
  public long items(long n) {
    return switch (count) {
      case FixedCount(int items) -> items;
      case ChainLength _ -> n;
      case AllItems _ -> Long.MAX_VALUE;
    };
  }

  /** Items of a block, as many as a long holds. */
  public long block(long n) {
    long items = items(n);
    return items > Long.MAX_VALUE / stride ? Long.MAX_VALUE : items * stride;
  }

  /** The same level with n items where it asks about n. */
  LaneLevel with(LaneCount n) {
    return count instanceof ChainLength ? new LaneLevel(register, n, stride, start) : this;
  }

  /** How many sums come of so many items. */
  public int sums(int items) {
    long block = block(Integer.MAX_VALUE);
    return Math.toIntExact(items / block * stride + Math.min(items % block, stride));
  }

  /** The place of an item's lane among all sums that are handed over. */
  public long lane(long item) {
    return item / block(Integer.MAX_VALUE) * stride + item % stride;
  }

  /** Sums items, each write in the register. */
  long[] sum(long[] items, long from) {
    long[] sums = new long[sums(items.length)];
    long block = block(Integer.MAX_VALUE);
    int next = 0;
    for (long first = 0; first < items.length; first += Math.min(block, Integer.MAX_VALUE)) {
      int end = (int) Math.min(items.length, Math.min(block, Integer.MAX_VALUE) + first);
      int lanes = (int) Math.min(stride, end - first);
      for (int lane = 0; lane < lanes; lane++) {
        long held = from;
        for (int i = (int) first + lane; i < end; i += stride) {
          held = register.hold(held + items[i]);
        }
        sums[next++] = held;
      }
    }
    return next == sums.length ? sums : Arrays.copyOf(sums, next);
  }

  /** The text form, such as {@code i16s*8/16}: eight items a lane, 16 lanes. */
  @Override
  public String toString() {
    return register
        + count.toString()
        + (stride == 1 ? "" : "/" + stride)
        + (startsAtZero() ? "" : "@" + start.min() + ".." + start.max());
  }
}
