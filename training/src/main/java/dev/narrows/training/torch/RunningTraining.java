package dev.narrows.training.torch;

import dev.narrows.experiments.training.TrainingCancelledException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Ends training before the process ends. When a process exits, C++ destroys its static objects
 * while other threads go on running; a thread inside oneDNN then crashes the process with a long
 * native report. So a shutdown hook asks training to stop, lets it save, and waits for it and for
 * every native call.
 */
public final class RunningTraining implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 30;
  private static final ReentrantReadWriteLock TRAINING = new ReentrantReadWriteLock();
  private static final ReentrantReadWriteLock NATIVE = new ReentrantReadWriteLock();
  private static volatile boolean ending;

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(RunningTraining::endEverything, "narrows-training-end"));
  }

  private RunningTraining() {
    TRAINING.readLock().lock();
  }

  /**
   * Announces a run that wants to save itself when the process is asked to end. Close it on the
   * thread that began it.
   *
   * @throws TrainingCancelledException if the process is ending
   */
  public static RunningTraining begin() {
    if (ending) {
      throw new TrainingCancelledException();
    }
    return new RunningTraining();
  }

  /** Whether the process is ending: save and stop. */
  public static boolean ending() {
    return ending;
  }

  /** A native call in progress. */
  static final class NativeCall implements AutoCloseable {
    private NativeCall() {
      NATIVE.readLock().lock();
    }

    @Override
    public void close() {
      NATIVE.readLock().unlock();
    }
  }

  /**
   * Begins a native call.
   *
   * @throws TrainingCancelledException if the process is ending
   */
  static NativeCall nativeCall() {
    if (ending) {
      throw new TrainingCancelledException();
    }
    return new NativeCall();
  }

  private static void endEverything() {
    ending = true;
    waitFor(TRAINING.writeLock());
    waitFor(NATIVE.writeLock()); // never unlocked: nothing native begins from here on
  }

  private static void waitFor(ReentrantReadWriteLock.WriteLock lock) {
    try {
      lock.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    TRAINING.readLock().unlock();
  }
}
