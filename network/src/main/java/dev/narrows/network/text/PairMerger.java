package dev.narrows.network.text;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Joins the most preferred pair of neighbours again and again, the first of several, in n·log n.
 * Every join leaves one token fewer, so it ends whatever the joins are.
 */
public final class PairMerger {
  private final Joins joins;

  /** Which pairs of tokens join. */
  public interface Joins {
    /** What two neighbours become, if they join. */
    Optional<Join> of(int left, int right);
  }

  /**
   * A pair as one token.
   *
   * @param preference larger ones go first
   */
  public record Join(int token, double preference) {}

  /** A pair that was seen, valid as long as both places still hold these tokens. */
  private record Pair(int place, int left, int right, Join join) {}

  /**
   * @param joins which pairs become one token
   */
  public PairMerger(Joins joins) {
    this.joins = joins;
  }

  /** The tokens that are left when no neighbours join any more. */
  public int[] merge(int[] start) {
    int[] token = start.clone(); // −1: joined to its left neighbour
    int[] next = new int[token.length];
    int[] before = new int[token.length];
    PriorityQueue<Pair> best =
        new PriorityQueue<>(
            Comparator.comparingDouble((Pair pair) -> -pair.join().preference())
                .thenComparingInt(Pair::place));
    for (int i = 0; i < token.length; i++) {
      next[i] = i + 1;
      before[i] = i - 1;
      if (i > 0) {
        pair(i - 1, token[i - 1], token[i]).ifPresent(best::add);
      }
    }
    for (Pair pair = best.poll(); pair != null; pair = best.poll()) {
      int place = pair.place();
      int gone = next[place];
      if (token[place] != pair.left() || gone >= token.length || token[gone] != pair.right()) {
        continue;
      }
      token[place] = pair.join().token();
      token[gone] = -1;
      next[place] = next[gone];
      if (next[place] < token.length) {
        before[next[place]] = place;
        pair(place, token[place], token[next[place]]).ifPresent(best::add);
      }
      if (before[place] >= 0) {
        pair(before[place], token[before[place]], token[place]).ifPresent(best::add);
      }
    }
    return Arrays.stream(token).filter(t -> t >= 0).toArray();
  }

  private Optional<Pair> pair(int place, int left, int right) {
    return joins.of(left, right).map(join -> new Pair(place, left, right, join));
  }
}
