package dev.narrows.network.execute;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** Work on several threads of a pool at once. */
public final class Tasks {
  private Tasks() {}

  /** Runs {@code work} {@code threads} times side by side; the first failure is thrown. */
  static void run(ExecutorService pool, int threads, Runnable work) {
    await(IntStream.range(0, threads).<Future<?>>mapToObj(i -> pool.submit(work)).toList());
  }

  /** Waits for tasks; the first failure is thrown. */
  public static void await(List<Future<?>> tasks) {
    try {
      for (Future<?> task : tasks) {
        task.get();
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Error error -> throw error;
        case RuntimeException failure -> throw failure;
        case null, default -> throw new IllegalStateException(e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while running a network", e);
    }
  }
}
