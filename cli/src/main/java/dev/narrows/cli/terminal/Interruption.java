package dev.narrows.cli.terminal;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C while something runs that can stop in good order: the JVM's end is held up until the work
 * has stopped, for a limited time. The exit code stays 130.
 */
public final class Interruption implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 30;

  private final long patienceSeconds;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread hook = new Thread(this::waitForWork, "ctrl-c");
  private volatile boolean asked;

  /** Begins to listen; the end is held up at most half a minute. */
  public Interruption() {
    this(PATIENCE_SECONDS);
  }

  /** Begins to listen; the end is held up at most so long. */
  public Interruption(long patienceSeconds) {
    this.patienceSeconds = patienceSeconds;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void waitForWork() {
    asked = true;
    try {
      // an end is due either way; what is on disk is complete at any moment
      boolean inTime = stopped.await(patienceSeconds, TimeUnit.SECONDS);
      if (!inTime) {
        System.err.println("narrows: still busy; the last complete checkpoint stays");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the end was asked for. */
  public boolean asked() {
    return asked;
  }

  /** The work has stopped. */
  @Override
  public void close() {
    stopped.countDown();
    if (!asked) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException endingNow) {
        // the hook runs already and finds the work stopped
      }
    }
  }
}
