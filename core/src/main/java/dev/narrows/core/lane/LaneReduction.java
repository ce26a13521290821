package dev.narrows.core.lane;

import dev.narrows.core.lane.LaneCount.AllItems;
import dev.narrows.core.lane.LaneCount.ChainLength;
import dev.narrows.core.lane.LaneCount.FixedCount;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The registers that the products of one dot product pass through, innermost first; what the last
 * one hands over is added in a register that is not part of the reduction.
 *
 * @param operands what is multiplied; empty where the text does not say
 * @param levels at least one; only the last takes all items, and one at most asks about n
 * @see "docs/lanes.md, equation (1)"
 */
public record LaneReduction(Optional<OperandTypes> operands, List<LaneLevel> levels) {
  /** More items than a dot product has, in as many digits as the text form takes. */
  private static final int ENDLESS = 999_999_999;

  public LaneReduction {
    levels = List.copyOf(levels);
    if (levels.isEmpty()) {
      throw new IllegalArgumentException("a reduction has at least one register");
    }
    for (LaneLevel level : levels.subList(0, levels.size() - 1)) {
      if (level.count() instanceof AllItems) {
        throw new IllegalArgumentException(
            "only the last register takes all that is left, but %s is followed by another"
                .formatted(level));
      }
    }
    if (levels.stream().filter(level -> level.count() instanceof ChainLength).count() > 1) {
      throw new IllegalArgumentException("one register at most adds n items");
    }
  }

  /**
   * Reads the text form.
   *
   * @throws LaneTextException with the text, the part that is wrong, and what was expected
   */
  public static LaneReduction parse(String text) {
    return LaneTextParser.parse(text);
  }

  /** The place of the level whose length is asked about; empty if every length is given. */
  public Optional<Integer> chainLevel() {
    for (int i = 0; i < levels.size(); i++) {
      if (levels.get(i).count() instanceof ChainLength) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }

  /** The same reduction with n items a lane where it asks about n. */
  public LaneReduction with(int n) {
    return with(new FixedCount(n));
  }

  /** The same reduction whose chain never hands over before the dot product ends. */
  public LaneReduction endless() {
    Optional<Integer> chain = chainLevel();
    if (chain.isEmpty()) {
      return this;
    }
    if (chain.get() < levels.size() - 1) {
      return with(new FixedCount(ENDLESS));
    }
    return with(new AllItems());
  }

  /** The same reduction, but that the last level, if it takes all there are, is asked about n. */
  public LaneReduction askingLast() {
    LaneLevel last = levels.getLast();
    if (chainLevel().isPresent() || !(last.count() instanceof AllItems)) {
      return this;
    }
    List<LaneLevel> asked = new ArrayList<>(levels.subList(0, levels.size() - 1));
    asked.add(new LaneLevel(last.register(), new ChainLength(), last.stride(), last.start()));
    return new LaneReduction(operands, asked);
  }

  private LaneReduction with(LaneCount n) {
    return new LaneReduction(operands, levels.stream().map(level -> level.with(n)).toList());
  }

  /** The same registers, whatever is multiplied. */
  public LaneReduction withoutOperands() {
    return new LaneReduction(Optional.empty(), levels);
  }

  /** Whether a level has to hold what it hands over: see {@link #mended}. */
  public boolean mustFitAtEnd(int level) {
    return !mended(level);
  }

  /**
   * Whether what a level hands over may be off by multiples of 2^bits: it wraps, and so does the
   * next one, which is no wider and keeps the low bits of the sum all the same.
   */
  private boolean mended(int level) {
    if (level == levels.size() - 1 || levels.get(level).register().saturating()) {
      return false;
    }
    LaneRegister next = levels.get(level + 1).register();
    return !next.saturating() && next.bits() <= levels.get(level).register().bits();
  }

  /**
   * The reference: what the last level hands over, in order.
   *
   * @param terms K products in memory order
   */
  public long[] sums(long[] terms) {
    return sums(terms, new long[levels.size()]);
  }

  /**
   * {@link #sums(long[])} of lanes that hold something beforehand.
   *
   * @param starts what every lane of each level starts from
   */
  public long[] sums(long[] terms, long[] starts) {
    long[] items = terms;
    for (int level = 0; level < levels.size(); level++) {
      items = levels.get(level).sum(items, starts[level]);
    }
    return items;
  }

  /**
   * The width of signed sums that every register can hold: of the narrowest one; 1 where one is
   * unsigned, which no negative sum fits.
   */
  public int narrowest() {
    return levels.stream()
        .map(LaneLevel::register)
        .mapToInt(register -> register.signed() ? register.bits() : 1)
        .min()
        .orElseThrow();
  }

  /** The text form, operands first where they are known: {@code u8*s8+i16s*2+i16s*n/16+i32}. */
  @Override
  public String toString() {
    return operands.map(types -> types + "+").orElse("") + levelText();
  }

  /** The text form without the operands. */
  public String levelText() {
    return levels.stream().map(LaneLevel::toString).collect(Collectors.joining("+"));
  }
}
