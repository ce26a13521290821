package dev.narrows.experiments.order;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Whose answers no order can change: images all of whose dot products have one code, and whose best
 * class stays the best whatever the codes of the last layer are within their ranges. Scores that
 * are not told do not depend on any order.
 */
final class ImageOrders {
  private final AtomicIntegerArray open; // by image: 1 where some code may change before the end
  private final int classes;
  private final int[] least; // [images][classes]: codes of the last layer
  private final int[] greatest;

  /**
   * @param classes that the last layer scores; 0 where what it makes is no class
   */
  ImageOrders(int images, int classes) {
    this.open = new AtomicIntegerArray(images);
    this.classes = classes;
    this.least = new int[Math.multiplyExact(images, classes)];
    this.greatest = new int[images * classes];
  }

  /** Whether the codes of the last layer are to be told. */
  boolean scores() {
    return classes > 0;
  }

  /** Some order might change a code. */
  void open(int image) {
    open.set(image, 1);
  }

  /** The codes that the score of a class can have; each is told once. */
  void score(int image, int of, int low, int high) {
    least[image * classes + of] = low;
    greatest[image * classes + of] = high;
  }

  /** How many answers are proved. */
  int proved() {
    int count = 0;
    for (int image = 0; image < open.length(); image++) {
      count += open.get(image) == 0 && (classes == 0 || separated(image)) ? 1 : 0;
    }
    return count;
  }

  /** Whether one class has a larger code than all others in any case; the lowest wins a tie. */
  private boolean separated(int image) {
    int best = 0;
    for (int c = 1; c < classes; c++) {
      best = least[image * classes + c] > least[image * classes + best] ? c : best;
    }
    for (int c = 0; c < classes; c++) {
      int most = greatest[image * classes + c];
      int held = least[image * classes + best];
      if (c < best && most >= held || c > best && most > held) {
        return false;
      }
    }
    return true;
  }
}
