package dev.narrows.network.program;

/** A program that cannot run on what it was given; names the node or the input. */
public final class ProgramException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param where the input, the nodes or the step
   * @param problem what happened and what was expected
   */
  public ProgramException(String where, String problem) {
    super(where + ": " + problem);
  }

  /**
   * @param where the input, the nodes or the step
   * @param cause what went wrong there
   */
  public ProgramException(String where, Throwable cause) {
    super(where + ": " + cause.getMessage(), cause);
  }
}
