package dev.narrows.experiments.evaluate;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** The same work on several threads at once. */
final class Parallel {
  private Parallel() {}

  /** Runs {@code work} once on each of {@code threads} threads; the first failure is thrown. */
  static void run(int threads, Runnable work) {
    try (ExecutorService pool =
        Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().factory())) {
      List<Future<?>> tasks =
          IntStream.range(0, threads).<Future<?>>mapToObj(i -> pool.submit(work)).toList();
      for (Future<?> task : tasks) {
        task.get();
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException(e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
