package dev.narrows.hardware.lanes;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The largest safe chain of a reduction, and what breaks it.
 *
 * @param question that was asked
 * @param largest n, the most items that a lane of the level in question may add; 0 if one is too
 *     many; empty if no length is open
 * @param unlimited whether every length is safe: n is then the longest looked at
 * @param everyBelow the most items such that so many and all fewer are safe; less than the largest
 *     only where terms differ, because other lengths put them into other lanes
 * @param asked the n that {@code reaches} and {@code safe} are about: one that was asked for, else
 *     the largest
 * @param safe whether every register holds at {@code asked}
 * @param reaches of every level at {@code asked}, as far as lengths are known
 * @param flushes where the last level takes all there are, and nobody says how many: the most items
 *     that it may take
 * @param broken the n that {@code failure} and {@code witness} are about: one beyond the largest,
 *     or the one asked for if it is not safe; empty if nothing breaks
 * @param failing the level that fails there, from 0
 * @param witness of that; empty if nothing breaks, or if its arrays would be too long
 */
public record LaneAnswer(
    LaneQuestion question,
    OptionalInt largest,
    boolean unlimited,
    int everyBelow,
    int asked,
    boolean safe,
    List<RegisterReach> reaches,
    OptionalLong flushes,
    OptionalInt broken,
    OptionalInt failing,
    Optional<LaneWitness> witness) {
  public LaneAnswer {
    reaches = List.copyOf(reaches);
  }

  /** The place of the level whose length is in question. */
  public OptionalInt chainLevel() {
    return question.reduction().chainLevel().stream().mapToInt(i -> i).findFirst();
  }

  /** How many products n items of the level in question are. */
  public long products(int n) {
    long products = n;
    for (int i = 0; i < chainLevel().orElse(0); i++) {
      products *= question.reduction().levels().get(i).items(1);
    }
    return products;
  }
}
