package dev.narrows.experiments.recipe;

/** What training makes small. */
public enum TrainingLoss {
  /** −ln p of the right class, in nats. */
  CROSS_ENTROPY("cross-entropy"),
  /** −ln p of each label's holding or not, in nats. */
  BINARY_CROSS_ENTROPY("binary cross-entropy"),
  /** The mean of squared differences. */
  SQUARED("mean squared error"),
  /** The mean of absolute differences. */
  ABSOLUTE("mean absolute error");

  private final String title;

  TrainingLoss(String title) {
    this.title = title;
  }

  /** Its name in words. */
  public String title() {
    return title;
  }
}
