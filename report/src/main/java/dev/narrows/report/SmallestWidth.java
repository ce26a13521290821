package dev.narrows.report;

import java.util.NavigableMap;
import java.util.OptionalInt;

/**
 * The narrowest register that is good enough.
 *
 * <p>A width counts only if every larger reported width is good enough too: below the width that a
 * network needs, accuracy goes up and down with P, and a lucky dip is no answer.
 */
public final class SmallestWidth {
  private SmallestWidth() {}

  /**
   * The smallest P such that it and every larger key reach {@code atLeast}.
   *
   * @param accuracies in percent, by P
   */
  public static OptionalInt of(NavigableMap<Integer, Double> accuracies, double atLeast) {
    OptionalInt smallest = OptionalInt.empty();
    for (var entry : accuracies.descendingMap().entrySet()) {
      if (entry.getValue() < atLeast) {
        break;
      }
      smallest = OptionalInt.of(entry.getKey());
    }
    return smallest;
  }
}
