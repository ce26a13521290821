package dev.narrows.report;

import java.util.List;
import java.util.Optional;

/**
 * {@code narrows/lanes/1}: how many products the lanes of a SIMD reduction may add, and what breaks
 * one step beyond.
 *
 * @param reduction in its canonical text form
 * @param a codes of the first operand, as text
 * @param b codes of the second operand, as text
 * @param weights the file of weights; absent if {@code b} was given
 * @param terms K, if given
 * @param nonzeros how many inputs may differ from 0 at once, if given
 * @param group how many neighbouring inputs share one that is active, if given
 * @param answer in one sentence
 * @param safe whether every register holds at {@code chain}
 * @param chain the n that {@code registers} is about; absent where no length is open
 * @param largest the largest safe n; absent where no length is open
 * @param products that a lane adds at the largest n
 * @param unlimited whether every n is safe
 * @param everyBelow the most items such that so many and all fewer are safe
 * @param flushes how many sums the last register may take
 * @param registers what each of them holds at {@code chain}
 * @param breaks what happens one step beyond {@code largest}, or at {@code chain} if that is not
 *     safe; absent if nothing breaks
 * @param witness operands that make it break; absent likewise, and if they are long
 */
public record LanesResult(
    String reduction,
    String a,
    String b,
    Optional<String> weights,
    Optional<Integer> terms,
    Optional<Integer> nonzeros,
    Optional<Integer> group,
    String answer,
    boolean safe,
    Optional<Integer> chain,
    Optional<Integer> largest,
    Optional<Long> products,
    boolean unlimited,
    Optional<Integer> everyBelow,
    Optional<Long> flushes,
    List<LaneReach> registers,
    Optional<LaneBreach> breaks,
    Optional<LaneOperands> witness)
    implements Result {
  /** Copies the list. */
  public LanesResult {
    registers = List.copyOf(registers);
  }

  /**
   * One register at {@code chain}.
   *
   * @param level of the reduction, from 1
   * @param register in text form
   * @param adds how many items a lane adds, as text
   * @param stride lanes of a block
   * @param products how many products a lane adds, directly or through earlier levels
   * @param lo the least sum that counts
   * @param hi the greatest
   * @param least the least value that the register has
   * @param greatest the greatest value that the register has
   * @param holds whether the register holds both, or does not have to
   */
  public record LaneReach(
      int level,
      String register,
      String adds,
      int stride,
      long products,
      long lo,
      long hi,
      long least,
      long greatest,
      boolean holds) {}

  /**
   * What breaks.
   *
   * @param chain n, the length of the chain that breaks
   * @param level of the reduction, from 1
   * @param register in text form
   * @param lane place among all lanes of its level, from 0
   * @param step items that the lane had added
   * @param sum the exact sum that the register cannot hold
   * @param channel output channel of the weights, from 0
   * @param exact the whole sum, exactly
   * @param ends what the reduction makes of it
   */
  public record LaneBreach(
      int chain,
      int level,
      String register,
      int lane,
      int step,
      long sum,
      int channel,
      long exact,
      long ends) {}

  /**
   * The operands that do it, in memory order; longer arrays are in files alone.
   *
   * @param a stored codes of the first operand, K
   * @param b stored codes of the second operand, K
   * @param starts what every lane of each level holds beforehand
   */
  public record LaneOperands(List<Long> a, List<Long> b, List<Long> starts) {
    /** Copies the lists. */
    public LaneOperands {
      a = List.copyOf(a);
      b = List.copyOf(b);
      starts = List.copyOf(starts);
    }
  }

  @Override
  public ResultKind resultKind() {
    return ResultKind.LANES;
  }

  @Override
  public List<Table> tables() {
    Table table =
        new Table(
            "%s, a in %s, b in %s%s"
                .formatted(reduction, a, b, chain.map(n -> ", n = " + n).orElse("")),
            List.of(
                "level",
                "register",
                "a lane adds",
                "lanes",
                "products",
                "lo",
                "hi",
                "least",
                "greatest",
                "holds"));
    for (LaneReach reach : registers) {
      table.row(
          reach.level(),
          reach.register(),
          reach.adds(),
          reach.stride(),
          reach.products(),
          reach.lo(),
          reach.hi(),
          reach.least(),
          reach.greatest(),
          reach.holds() ? "yes" : "no");
    }
    return List.of(table.led(List.of(answer)));
  }
}
