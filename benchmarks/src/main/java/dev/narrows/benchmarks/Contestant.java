package dev.narrows.benchmarks;

import java.io.IOException;

/** Something that does the same work each time it is asked, in this process or elsewhere. */
public interface Contestant {
  /** What tables call it. */
  String name();

  /**
   * Does its work once.
   *
   * @return the nanoseconds that it took
   * @throws IOException if it is another process that has ended
   */
  long nanoseconds() throws IOException;

  /** Whether a call may take so long once the compiler is done with it. */
  default boolean plausible(long nanoseconds) {
    return true;
  }
}
