package dev.narrows.hardware.lanes;

import java.util.Arrays;
import java.util.OptionalInt;

/**
 * How many inputs can differ from 0 at once.
 *
 * @param nonzeros k: of all inputs of a dot product at most so many; empty: any number
 * @param group inputs k · group … (k + 1) · group − 1 make a group, of which one at most is active;
 *     empty: no groups
 */
public record InputLimits(OptionalInt nonzeros, OptionalInt group) {
  public InputLimits {
    requirePositive(nonzeros, "at most k inputs that are not 0");
    requirePositive(group, "groups of g inputs");
  }

  private static void requirePositive(OptionalInt value, String what) {
    if (value.isPresent() && value.getAsInt() < 1) {
      throw new IllegalArgumentException(
          "%s: needs a number of at least 1, got %d".formatted(what, value.getAsInt()));
    }
  }

  /** Any input can have any value. */
  public static InputLimits none() {
    return new InputLimits(OptionalInt.empty(), OptionalInt.empty());
  }

  /** Whether there is any limit. */
  public boolean any() {
    return nonzeros.isPresent() || group.isPresent();
  }

  /**
   * Which of some terms are active where their sum is greatest: in each group the greatest, of
   * these the k greatest, none below 0.
   *
   * @param terms their places in the dot product, ascending
   * @param values of each of these terms at its greatest
   * @return places in {@code terms}
   */
  int[] greatest(int[] terms, long[] values) {
    int[] best = new int[terms.length];
    int count = 0;
    for (int i = 0; i < terms.length; i++) {
      if (values[i] <= 0) {
        continue;
      }
      boolean sameGroup =
          group.isPresent()
              && count > 0
              && terms[best[count - 1]] / group.getAsInt() == terms[i] / group.getAsInt();
      if (!sameGroup) {
        best[count++] = i;
      } else if (values[best[count - 1]] < values[i]) {
        best[count - 1] = i;
      }
    }
    int[] active = Arrays.copyOf(best, count);
    if (nonzeros.isEmpty() || count <= nonzeros.getAsInt()) {
      return active;
    }
    return Arrays.stream(active)
        .boxed()
        .sorted((i, j) -> Long.compare(values[j], values[i])) // stable: ties by place
        .limit(nonzeros.getAsInt())
        .mapToInt(i -> i)
        .sorted()
        .toArray();
  }
}
