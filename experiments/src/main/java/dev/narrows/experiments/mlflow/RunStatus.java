package dev.narrows.experiments.mlflow;

/** How a run stands, in MLflow's words. */
public enum RunStatus {
  /** At work, or killed without a word. */
  RUNNING,
  /** Has come to its end. */
  FINISHED,
  /** Ended with an error. */
  FAILED,
  /** Interrupted by its user; the same command goes on with it. */
  KILLED
}
