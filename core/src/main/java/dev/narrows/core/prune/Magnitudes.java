package dev.narrows.core.prune;

import java.util.Comparator;
import java.util.stream.IntStream;

/** The choice of the largest of some magnitudes. */
final class Magnitudes {
  private Magnitudes() {}

  /** Sets {@code mask} for the {@code keep} largest |values[start … start + size)|. */
  static void keepLargest(float[] values, int start, int size, int keep, boolean[] mask) {
    IntStream.range(start, start + size)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> -Math.abs(values[i]))) // stable
        .limit(keep)
        .forEach(i -> mask[i] = true);
  }

  /** The {@code keep} largest of {@code norms}, the lower index first among equals. */
  static boolean[] keepLargest(double[] norms, int keep) {
    boolean[] mask = new boolean[norms.length];
    IntStream.range(0, norms.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> -norms[i]))
        .limit(keep)
        .forEach(i -> mask[i] = true);
    return mask;
  }
}
