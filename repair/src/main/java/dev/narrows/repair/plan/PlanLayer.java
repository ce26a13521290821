package dev.narrows.repair.plan;

import java.util.List;

/**
 * A layer that a register is chosen for.
 *
 * @param widths of the registers that it may have, ascending, at least one; the last is one that no
 *     sum of the images exceeds
 * @param weight what a bit of its register costs, above 0
 */
public record PlanLayer(String name, List<Integer> widths, double weight) {
  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if there is no width, they do not ascend, or a bit costs
   *     nothing
   */
  public PlanLayer {
    widths = List.copyOf(widths);
    for (int i = 1; i < widths.size(); i++) {
      if (widths.get(i) <= widths.get(i - 1)) {
        throw new IllegalArgumentException("widths of " + name + " must ascend: " + widths);
      }
    }
    if (widths.isEmpty() || !(weight > 0 && Double.isFinite(weight))) {
      throw new IllegalArgumentException(
          "layer %s needs a width and a weight above 0, got %s and %s"
              .formatted(name, widths, weight));
    }
  }

  int widest() {
    return widths.getLast();
  }

  /** The next narrower register; the same where there is none. */
  int narrower(int bits) {
    return widths.get(Math.max(0, widths.indexOf(bits) - 1));
  }

  /** The next wider register; the same where there is none. */
  int wider(int bits) {
    return widths.get(Math.min(widths.size() - 1, widths.indexOf(bits) + 1));
  }
}
