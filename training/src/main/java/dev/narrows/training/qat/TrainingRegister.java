package dev.narrows.training.qat;

/**
 * What the exact integer sums of a dot layer pass through in the forward pass of training. The
 * backward pass is straight-through with the mask that the register defines.
 */
public sealed interface TrainingRegister {
  /** A register that holds every sum. */
  record Exact() implements TrainingRegister {}

  /**
   * Clamps the exact sum to [−2^(P−1), 2^(P−1) − 1]: what a saturating register computes when terms
   * come in sorted order and each fits the register. No gradient where clamped.
   */
  record Resolved(int bits) implements TrainingRegister {
    public Resolved {
      // float32 holds every integer up to 2^24, so a wider clamp would not be exact.
      if (bits < 2 || bits > 24) {
        throw new IllegalArgumentException(
            "resolved training register must have 2 to 24 bits, got " + bits);
      }
    }

    public int min() {
      return -(1 << (bits - 1));
    }

    public int max() {
      return (1 << (bits - 1)) - 1;
    }
  }

  /** Any other register: its own arithmetic forward, its own mask backward. */
  record Simulated(DotSimulator simulator) implements TrainingRegister {}
}
