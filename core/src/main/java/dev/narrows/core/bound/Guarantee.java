package dev.narrows.core.bound;

/**
 * What a certificate promises of every input.
 *
 * @see "docs/bounds.md, Certificates and witnesses"
 */
public enum Guarantee {
  /**
   * No write of any order or tree leaves the register: it never overflows, under any policy.
   * Certified by {@link SignSumBound}.
   */
  SUMS,

  /**
   * Every term, and a preloaded bias, fits the register: then a saturating register that is fed in
   * sorted or sign-directed order computes the clamp of the exact sum, for every input
   * (docs/accumulators.md, theorem A). That is all a network needs that was trained through such a
   * register. Certified by {@link TermBound}.
   */
  TERMS;

  /** The word in certificates and on the command line. */
  @Override
  public String toString() {
    return switch (this) {
      case SUMS -> "sums";
      case TERMS -> "terms";
    };
  }
}
