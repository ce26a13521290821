package dev.narrows.network.onnx.read;

import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Layer;

/**
 * How many places, weights and constants may be noted while a file is lowered: a few bytes of a
 * file could ask for gigabytes, or a thousand nodes could read one large constant. What runs
 * outside {@link #within} is not bounded.
 */
final class LoweringBudget {
  private static final ScopedValue<LoweringBudget> CURRENT = ScopedValue.newInstance();
  private static final long ALWAYS = // of 4 bytes: a quarter of the memory, at most 1 GiB
      Math.clamp(Runtime.getRuntime().maxMemory() >> 4, 1L << 22, 1L << 28);
  private static final int TIMES = 64;
  private static final int INPUT_TIMES = 16;
  private static final long MOST_INPUTS = 1 << 22;

  private long most;
  private long computed;
  private long taken;

  private LoweringBudget(long size, long inputs) {
    this.most = ALWAYS + TIMES * size + INPUT_TIMES * Math.min(inputs, MOST_INPUTS);
  }

  /**
   * Runs a lowering within a bound.
   *
   * @param size bytes of the file and its constants
   * @param inputs elements of all, of which only so many count: a file says them in a few bytes
   */
  static void within(long size, long inputs, Runnable lowering) {
    ScopedValue.where(CURRENT, new LoweringBudget(size, inputs)).run(lowering);
  }

  /** Allows a few copies of constants that were computed, all together as many as memory holds. */
  static void computed(long bytes) {
    if (CURRENT.isBound()) {
      LoweringBudget budget = CURRENT.get();
      long more = Math.min(bytes, 4 * ALWAYS - budget.computed);
      budget.computed += more;
      budget.most += more;
    }
  }

  /**
   * Takes elements, before they are allocated.
   *
   * @throws IllegalArgumentException if all together are too many
   */
  static void take(long elements) {
    if (CURRENT.isBound()) {
      LoweringBudget budget = CURRENT.get();
      if (elements > budget.most - budget.taken) {
        throw new IllegalArgumentException(
            "moves, or copies of constants, are more than %d elements, too many for the file's size"
                .formatted(budget.most));
      }
      budget.taken += elements;
    }
  }

  /** Takes what a layer holds. */
  static void take(Layer layer) {
    switch (layer) {
      case DotLayer dot -> take((long) dot.operands().channels() * dot.operands().terms());
      case Constant constant -> take(constant.words().length);
      default -> take(1);
    }
  }
}
