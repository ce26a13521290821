package dev.narrows.experiments.reproduce;

/** How much work a figure is made with. */
public enum Scale {
  /**
   * Embedded images, less than two minutes: shows that everything works, not what the paper says.
   */
  SMOKE("smoke"),
  /** The data sets of the paper as far as two processor cores reach, resumable. */
  TWO_CORE("two-core");

  private final String word;

  Scale(String word) {
    this.word = word;
  }

  /** The word on the command line and in results. */
  public String word() {
    return word;
  }

  @Override
  public String toString() {
    return word;
  }
}
