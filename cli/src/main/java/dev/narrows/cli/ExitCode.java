package dev.narrows.cli;

/** What a command's end means to a script. */
final class ExitCode {
  /** Done. */
  static final int DONE = 0;

  /** Failed: the machine, the network or the disk did not do what it should. */
  static final int FAILED = 1;

  /** Bad usage or bad input. */
  static final int BAD_INPUT = 2;

  /** The asked guarantee does not hold. */
  static final int NOT_GUARANTEED = 3;

  /**
   * A file needs ONNX Runtime, which is not on the class path: the launcher that asked to be told
   * builds it and starts again.
   */
  static final int NEEDS_RUNTIME = 86;

  /** Interrupted. */
  static final int INTERRUPTED = 130;

  private ExitCode() {}
}
