package dev.narrows.experiments.reproduce.field;

import dev.narrows.core.dot.Summation;

/** How a register sums. */
enum FieldOrder {
  /** Term by term as the file has them, clipping. */
  NATURAL("natural", "saturate"),
  /** Sorted to the end, clipping. */
  SORTED("sorted", "saturate:sorted"),
  /** The exact sum, clamped at its end: the nearest to it that a register can hold. */
  CLAMPED("clamped once", "resolved");

  private final String word;
  private final String way;

  FieldOrder(String word, String way) {
    this.word = word;
    this.way = way;
  }

  /** The word in tables. */
  String word() {
    return word;
  }

  /** The register of a width. */
  String register(int bits) {
    return Summation.parseWay(way, bits).toString();
  }
}
