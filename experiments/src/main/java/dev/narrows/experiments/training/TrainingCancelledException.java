package dev.narrows.experiments.training;

/** Training stopped because it was asked to; the checkpoint is complete and can be resumed. */
public final class TrainingCancelledException extends TrainingException {
  private static final long serialVersionUID = 1L;

  /** Training stopped on request. */
  public TrainingCancelledException() {
    super("training was interrupted; the same command resumes it");
  }
}
