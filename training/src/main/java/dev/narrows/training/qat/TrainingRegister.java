package dev.narrows.training.qat;

/**
 * What the exact integer sums of a dot layer pass through in the forward pass of training. Backward
 * is straight-through: the gradient of a register's result goes to the exact sum where the two are
 * equal, and is zero elsewhere. For a clamp that is the clamp's own derivative.
 *
 * @see "docs/training.md, What a register passes backward"
 */
public sealed interface TrainingRegister {
  /** A register that holds every sum. */
  record ExactRegister() implements TrainingRegister {}

  /**
   * Clamps the exact sum to [−2^(P−1), 2^(P−1) − 1]: what a saturating register computes when terms
   * come in sorted order and each fits the register.
   *
   * @param bits P, 2 … {@value #MAX_BITS}
   */
  record ResolvedRegister(int bits) implements TrainingRegister {
    /** float32 holds every integer up to 2^24, so a wider clamp would not be exact. */
    public static final int MAX_BITS = 24;

    public ResolvedRegister {
      if (bits < 2 || bits > MAX_BITS) {
        throw new IllegalArgumentException(
            "resolved training register must have 2 to " + MAX_BITS + " bits, got " + bits);
      }
    }

    public int min() {
      return -(1 << (bits - 1));
    }

    public int max() {
      return (1 << (bits - 1)) - 1;
    }
  }

  /** Any other register, by its own arithmetic. */
  record SimulatedRegister(DotSimulator<int[]> simulator) implements TrainingRegister {}
}
