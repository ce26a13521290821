package dev.narrows.network.hosted;

/** The runtime of others refused a graph, or failed on it; says why in its words. */
public final class HostedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param why in one line
   */
  public HostedException(String why) {
    super(why);
  }

  /**
   * @param why in one line
   * @param cause what the library threw
   */
  public HostedException(String why, Throwable cause) {
    super(why, cause);
  }
}
