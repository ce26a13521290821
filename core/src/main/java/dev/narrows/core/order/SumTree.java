package dev.narrows.core.order;

import dev.narrows.core.accumulator.IntegerAccumulator;
import dev.narrows.core.format.FloatQuantizer;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A tree of additions: registers that take terms and the results of other registers one after the
 * other, each from zero. Every order of this project and every binary tree is one.
 *
 * <p>A step k ≥ 0 adds term k to the register at hand; −1 goes on in a new register at zero; −2
 * adds its value to the one that was at hand before. The last register is the result.
 */
public final class SumTree {
  static final int OPEN = -1;
  static final int CLOSE = -2;

  private final int[] steps;
  private final int depth; // registers in use at once

  private SumTree(int[] steps) {
    this.steps = steps;
    int open = 1;
    int most = 1;
    for (int step : steps) {
      open += step == OPEN ? 1 : step == CLOSE ? -1 : 0;
      most = Math.max(most, open);
    }
    this.depth = most;
  }

  /** One register for all terms, in this order. */
  public static SumTree sequence(int[] order) {
    return new SumTree(order.clone());
  }

  /** Runs of {@code size} terms, each in a register of its own, joined in sequence. */
  public static SumTree chunks(int[] order, int size) {
    Steps made = new Steps(3 * order.length);
    for (int from = 0; from < order.length; from += Math.min(size, order.length)) {
      made.add(OPEN);
      for (int i = from; i < Math.min(order.length, (long) from + size); i++) {
        made.add(order[i]);
      }
      made.add(CLOSE);
    }
    return made.tree();
  }

  /** Halves, halves of halves, and so on. */
  public static SumTree pairwise(int[] order) {
    Steps made = new Steps(4 * order.length);
    split(made, order, 0, order.length, (from, to) -> (from + to) >>> 1);
    return made.tree();
  }

  /** A random tree of a random order: half of them a plain sequence. */
  public static SumTree random(int terms, RandomGenerator random) {
    int[] order = IntStream.range(0, terms).toArray();
    for (int i = terms - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int held = order[i];
      order[i] = order[j];
      order[j] = held;
    }
    if (terms < 2 || random.nextBoolean()) {
      return sequence(order);
    }
    Steps made = new Steps(4 * terms);
    split(made, order, 0, terms, (from, to) -> from + 1 + random.nextInt(to - from - 1));
    return made.tree();
  }

  /**
   * A tree written in steps: k ≥ 0 adds term k, −1 opens a register, −2 closes it.
   *
   * @throws IllegalArgumentException if registers are not closed as they are opened
   */
  public static SumTree ofSteps(int... steps) {
    int open = 0;
    for (int step : steps) {
      open += step == OPEN ? 1 : step == CLOSE ? -1 : 0;
      if (step < CLOSE || open < 0) {
        throw new IllegalArgumentException("no tree: " + Arrays.toString(steps));
      }
    }
    if (open != 0) {
      throw new IllegalArgumentException("no tree: " + Arrays.toString(steps));
    }
    return new SumTree(steps.clone());
  }

  @FunctionalInterface
  private interface Cut {
    /** Strictly between both. */
    int between(int from, int to);
  }

  private static void split(Steps made, int[] order, int from, int to, Cut cut) {
    if (to - from <= 2) { // two terms meet in one register
      for (int i = from; i < to; i++) {
        made.add(order[i]);
      }
      return;
    }
    int middle = cut.between(from, to);
    part(made, order, from, middle, cut);
    part(made, order, middle, to, cut);
  }

  private static void part(Steps made, int[] order, int from, int to, Cut cut) {
    if (to - from == 1) {
      made.add(order[from]);
    } else {
      made.add(OPEN);
      split(made, order, from, to, cut);
      made.add(CLOSE);
    }
  }

  /** Steps in the making. */
  private static final class Steps {
    private int[] steps;
    private int count;

    Steps(int expected) {
      steps = new int[Math.max(1, expected)];
    }

    void add(int step) {
      if (count == steps.length) {
        steps = Arrays.copyOf(steps, 2 * count);
      }
      steps[count++] = step;
    }

    SumTree tree() {
      return new SumTree(Arrays.copyOf(steps, count));
    }
  }

  /** Term indices as they meet a register, and −1, −2 as in {@link #ofSteps}; a copy. */
  public int[] steps() {
    return steps.clone();
  }

  /**
   * The reference for integers: the value in a register at the end.
   *
   * @param preload loaded into the last register before anything else
   */
  public long sum(IntegerAccumulator register, long[] terms, long preload) {
    long[] held = new long[depth];
    int at = 0;
    held[0] = register.load(preload);
    for (int step : steps) {
      switch (step) {
        case OPEN -> held[++at] = 0;
        case CLOSE -> {
          held[at - 1] = register.add(held[at - 1], held[at]);
          at--;
        }
        default -> held[at] = register.add(held[at], terms[step]);
      }
    }
    return held[0];
  }

  /**
   * The reference for floats: additions in binary32, each quantised.
   *
   * @param terms quantised products
   */
  float sum(FloatQuantizer quantizer, float[] terms) {
    float[] held = new float[depth];
    int at = 0;
    for (int step : steps) {
      switch (step) {
        case OPEN -> held[++at] = 0;
        case CLOSE -> {
          held[at - 1] = quantizer.apply(held[at] + held[at - 1]);
          at--;
        }
        default -> held[at] = quantizer.apply(terms[step] + held[at]);
      }
    }
    return held[0];
  }
}
