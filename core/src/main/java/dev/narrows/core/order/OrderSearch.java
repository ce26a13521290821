package dev.narrows.core.order;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoublePredicate;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntPredicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Looks for two trees that make different values of the same terms: first orders that are bad for
 * rounding or clamping, then random trees. The same arguments give the same findings.
 */
public final class OrderSearch {
  /** Trees that are tried before random ones. */
  public static final int NAMED = Adverse.values().length;

  private static final int CHUNK = 16;

  private OrderSearch() {}

  /**
   * What was found.
   *
   * @param least by the tree {@code leastBy}
   * @param greatest by the tree {@code greatestBy}
   * @param trees that were tried
   */
  public record Extremes(
      double least, NamedTree leastBy, double greatest, NamedTree greatestBy, int trees) {}

  /**
   * A tree with its name.
   *
   * @param name such as {@code positive terms first}
   */
  public record NamedTree(String name, SumTree tree) {}

  /** When two results are different enough. */
  @FunctionalInterface
  public interface Difference {
    /** Whether the least and the greatest value so far are. */
    boolean found(double least, double greatest);
  }

  /** Orders and trees that tend to differ, the cheapest first. */
  private enum Adverse {
    INDEX("index order"),
    REVERSED("reversed order"),
    POSITIVE_FIRST("positive terms first"),
    NEGATIVE_FIRST("negative terms first"),
    POSITIVE_CHUNK("positive terms in a register of their own, first"),
    NEGATIVE_CHUNK("negative terms in a register of their own, first"),
    CHUNKS("chunks of " + CHUNK),
    PAIRS("pairwise"),
    GROWING("growing magnitude"),
    FALLING("falling magnitude"),
    RISING("rising value"),
    SINKING("falling value");

    private final String words;

    Adverse(String words) {
      this.words = words;
    }

    SumTree tree(double[] terms) {
      int n = terms.length;
      return switch (this) {
        case INDEX -> SumTree.sequence(indices(n));
        case REVERSED -> SumTree.sequence(IntStream.range(0, n).map(k -> n - 1 - k).toArray());
        case POSITIVE_FIRST -> SumTree.sequence(first(n, k -> terms[k] > 0));
        case NEGATIVE_FIRST -> SumTree.sequence(first(n, k -> terms[k] < 0));
        case POSITIVE_CHUNK -> chunk(terms, t -> t > 0);
        case NEGATIVE_CHUNK -> chunk(terms, t -> t < 0);
        case CHUNKS -> SumTree.chunks(indices(n), CHUNK);
        case PAIRS -> SumTree.pairwise(indices(n));
        case GROWING -> SumTree.sequence(sorted(terms, Math::abs));
        case FALLING -> SumTree.sequence(sorted(terms, t -> -Math.abs(t)));
        case RISING -> SumTree.sequence(sorted(terms, t -> t));
        case SINKING -> SumTree.sequence(sorted(terms, t -> -t));
      };
    }

    private static int[] indices(int terms) {
      return IntStream.range(0, terms).toArray();
    }

    /** Those first, the others then. */
    private static int[] first(int terms, IntPredicate which) {
      return IntStream.concat(
              IntStream.range(0, terms).filter(which),
              IntStream.range(0, terms).filter(which.negate()))
          .toArray();
    }

    /** Those summed from zero, and their sum added first. */
    private static SumTree chunk(double[] terms, DoublePredicate which) {
      int[] order = first(terms.length, k -> which.test(terms[k]));
      int count = (int) Arrays.stream(terms).filter(which).count();
      int[] steps = new int[order.length + 2];
      steps[0] = SumTree.OPEN;
      System.arraycopy(order, 0, steps, 1, count);
      steps[count + 1] = SumTree.CLOSE;
      System.arraycopy(order, count, steps, count + 2, order.length - count);
      return SumTree.ofSteps(steps);
    }

    /** By a key to the precision of binary32, ties by index. */
    private static int[] sorted(double[] terms, DoubleUnaryOperator key) {
      long[] keys = new long[terms.length];
      for (int k = 0; k < keys.length; k++) {
        int bits = Float.floatToIntBits((float) key.applyAsDouble(terms[k]) + 0f);
        keys[k] = (long) (bits ^ bits >> 31 & Integer.MAX_VALUE) << 32 | k;
      }
      Arrays.sort(keys);
      return Arrays.stream(keys).mapToInt(held -> (int) held).toArray();
    }
  }

  /**
   * Tries trees until their results are different enough.
   *
   * @param terms by which orders are chosen
   * @param sums what a tree makes of them
   * @param enough when the search is over
   * @param trees at most so many, at least 1
   */
  public static Extremes search(
      double[] terms, ToDoubleFunction<SumTree> sums, Difference enough, int trees, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    NamedTree first = named(terms, 0, random);
    double value = sums.applyAsDouble(first.tree());
    Extremes found = new Extremes(value, first, value, first, 1);
    while (found.trees < trees && !enough.found(found.least, found.greatest)) {
      NamedTree next = named(terms, found.trees, random);
      double other = sums.applyAsDouble(next.tree());
      boolean less = other < found.least;
      boolean more = other > found.greatest;
      found =
          new Extremes(
              less ? other : found.least,
              less ? next : found.leastBy,
              more ? other : found.greatest,
              more ? next : found.greatestBy,
              found.trees + 1);
    }
    return found;
  }

  private static NamedTree named(double[] terms, int index, SplittableRandom random) {
    if (index < NAMED) {
      Adverse adverse = Adverse.values()[index];
      return new NamedTree(adverse.words, adverse.tree(terms));
    }
    return new NamedTree(
        "random tree " + (index - NAMED + 1), SumTree.random(terms.length, random));
  }
}
