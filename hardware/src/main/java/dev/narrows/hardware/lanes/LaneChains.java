package dev.narrows.hardware.lanes;

import dev.narrows.core.lane.LaneCount.AllItems;
import dev.narrows.core.lane.LaneLevel;
import dev.narrows.core.lane.LaneReduction;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Finds the largest safe chain.
 *
 * @see "docs/lanes.md, The largest chain"
 */
public final class LaneChains {
  private static final int LONGEST = Integer.MAX_VALUE - 1;

  private final LaneQuestion question;
  private final LaneReaches reaches;

  private LaneChains(LaneQuestion question) {
    this.question = question;
    this.reaches = LaneReaches.of(question);
  }

  /**
   * Answers a question. A reduction that leaves no length open, but ends with a register that takes
   * all there are, is asked how many that may be, unless the number of terms is known.
   *
   * @param chain the n that is of interest; empty: the largest
   * @throws IllegalArgumentException if products or sums leave 64 bits, or a length is asked about
   *     that is not open
   */
  public static LaneAnswer answer(LaneQuestion question, OptionalInt chain) {
    LaneQuestion open =
        question.knowsTerms() ? question : question.with(question.reduction().askingLast());
    if (chain.isPresent() && open.reduction().chainLevel().isEmpty()) {
      throw new IllegalArgumentException(
          "%s leaves no length open: write n for the one in question".formatted(open.reduction()));
    }
    if (chain.isPresent() && (chain.getAsInt() < 1 || chain.getAsInt() > LONGEST)) {
      throw new IllegalArgumentException(
          "a chain has 1 to %d items, got %d".formatted(LONGEST, chain.getAsInt()));
    }
    try {
      LaneChains chains = new LaneChains(open);
      return open.reduction().chainLevel().isPresent() ? chains.open(chain) : chains.closed();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("products or sums leave 64 bits", e);
    }
  }

  /** Every length is given. */
  private LaneAnswer closed() {
    LaneReduction reduction = question.reduction();
    Optional<LaneFailure> failure = reaches.failure(reduction);
    return new LaneAnswer(
        question,
        OptionalInt.empty(),
        failure.isEmpty(),
        1,
        1,
        failure.isEmpty(),
        reaches.at(reduction),
        OptionalLong.empty(),
        failure.isEmpty() ? OptionalInt.empty() : OptionalInt.of(1),
        level(failure),
        failure.flatMap(first -> new WitnessSearch(question, reduction, first).find()));
  }

  private LaneAnswer open(OptionalInt chain) {
    int longest = longest();
    int largest = question.knowsTerms() ? scanned(longest) : bisected(longest);
    boolean unlimited = largest == longest;
    int everyBelow = question.knowsTerms() ? firstUnsafe(largest) - 1 : largest;
    int asked = chain.orElse(Math.max(1, largest));
    LaneReduction at = question.reduction().with(asked);
    boolean safe = reaches.safe(at);
    OptionalInt broken = OptionalInt.empty();
    if (!safe) {
      broken = OptionalInt.of(asked);
    } else if (!unlimited) {
      broken = OptionalInt.of(largest + 1);
    }
    Optional<LaneFailure> failure = Optional.empty();
    Optional<LaneWitness> witness = Optional.empty();
    if (broken.isPresent()) {
      LaneReduction beyond = question.reduction().with(broken.getAsInt());
      failure = reaches.failure(beyond);
      witness = failure.flatMap(first -> new WitnessSearch(question, beyond, first).find());
    }
    return new LaneAnswer(
        question,
        OptionalInt.of(largest),
        unlimited,
        everyBelow,
        asked,
        safe,
        reaches.at(at),
        safe ? flushes(at) : OptionalLong.empty(),
        broken,
        level(failure),
        witness);
  }

  private static OptionalInt level(Optional<LaneFailure> failure) {
    return failure.stream().mapToInt(LaneFailure::level).findFirst();
  }

  /** The longest chain that differs from shorter ones: all items there are, where that is known. */
  private int longest() {
    if (!question.knowsTerms()) {
      return LONGEST;
    }
    int items = question.termCount();
    List<LaneLevel> levels = question.reduction().levels();
    int chain = question.reduction().chainLevel().orElseThrow();
    for (LaneLevel level : levels.subList(0, chain)) {
      items = level.sums(items);
    }
    return Math.max(1, Math.ceilDiv(items, levels.get(chain).stride()));
  }

  /** Longer chains reach further, so the safe ones are the short ones. */
  private int bisected(int longest) {
    if (reaches.safe(question.reduction().with(longest))) {
      return longest;
    }
    int safe = 0;
    int unsafe = longest;
    while (unsafe - safe > 1) {
      int middle = safe + (unsafe - safe) / 2;
      if (reaches.safe(question.reduction().with(middle))) {
        safe = middle;
      } else {
        unsafe = middle;
      }
    }
    return safe;
  }

  /** Other lengths put other terms into a lane, so each is looked at. */
  private int scanned(int longest) {
    int n = longest;
    while (n > 0 && !reaches.safe(question.reduction().with(n))) {
      n--;
    }
    return n;
  }

  private int firstUnsafe(int largest) {
    int n = 1;
    while (n <= largest && reaches.safe(question.reduction().with(n))) {
      n++;
    }
    return n;
  }

  /** How many items the last level may take where that is open too. */
  private OptionalLong flushes(LaneReduction given) {
    if (question.knowsTerms() || !(given.levels().getLast().count() instanceof AllItems)) {
      return OptionalLong.empty();
    }
    LaneChains last = new LaneChains(question.with(given.askingLast()));
    return OptionalLong.of(last.bisected(LONGEST));
  }
}
