package dev.narrows.data;

/**
 * What a network is trained and tested on: examples of one size, each with as many answers to give.
 * An image has one, such as its class; a window of text has one for every masked character.
 */
public sealed interface Examples permits ImageSet, TextSet, ArraySet {
  /** What reports call the set, such as {@code cifar10/test}. */
  String name();

  /** N, the number of examples. */
  int size();

  /** Values of one example: channels, rows and columns; a window of T characters is 1×T×1. */
  int channels();

  /** Rows of one example. */
  int height();

  /** Columns of one example. */
  int width();

  /** The number of answers to choose from; of targets that are no classes, the numbers wanted. */
  int classes();

  /** What is wanted for each answer. */
  default Targets targets() {
    return new Targets.ClassTargets(labels(), classes());
  }

  /** The answers of one example. */
  int answers();

  /**
   * The right answers, in the order of the examples; N·{@link #answers()} of them. Empty where
   * {@link #targets()} are no classes.
   */
  int[] labels();

  /** The examples {@code from} (inclusive) to {@code to} (exclusive). */
  Examples slice(int from, int to);

  /** The first {@code limit} examples, or the set itself if it has no more than that. */
  default Examples limit(int limit) {
    return limit >= size() ? this : slice(0, limit);
  }

  /** The same examples under another name. */
  Examples named(String newName);
}
