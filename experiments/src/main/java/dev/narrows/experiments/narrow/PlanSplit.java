package dev.narrows.experiments.narrow;

import dev.narrows.experiments.input.BadInputException;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Images dealt out by chance: the search sees only its own, the confirmation others.
 *
 * @param search indices, ascending
 * @param confirm indices, ascending
 * @param rest all others, ascending
 */
record PlanSplit(int[] search, int[] confirm, int[] rest) {
  /**
   * Shuffles by the seed, then deals out.
   *
   * @throws BadInputException if there are too few images
   */
  static PlanSplit of(int images, PlanRequest.SplitRequest asked) {
    int search = asked.search().orElse(Math.max(1, (images - asked.confirm().orElse(0)) / 2));
    int confirm = asked.confirm().orElse(images - search);
    if (search < 1 || confirm < 1) {
      throw new BadInputException(
          "--search, --confirm: need an image each, got %d and %d of %d"
              .formatted(search, confirm, images));
    }
    if ((long) search + confirm > images) {
      throw new BadInputException(
          "--search, --confirm: %d and %d images are more than the %d that there are"
              .formatted(search, confirm, images));
    }
    int[] order = new int[images];
    Arrays.setAll(order, i -> i);
    SplittableRandom random = new SplittableRandom(asked.seed());
    for (int i = images - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int other = order[j];
      order[j] = order[i];
      order[i] = other;
    }
    return new PlanSplit(
        sorted(order, 0, search),
        sorted(order, search, search + confirm),
        sorted(order, search + confirm, images));
  }

  private static int[] sorted(int[] order, int from, int to) {
    int[] part = Arrays.copyOfRange(order, from, to);
    Arrays.sort(part);
    return part;
  }
}
