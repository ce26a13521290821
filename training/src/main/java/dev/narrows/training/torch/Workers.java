package dev.narrows.training.torch;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * Runs numbered pieces of work on a fixed number of threads, the caller being one of them. What a
 * piece computes must depend on its number alone, then results do not depend on the number of
 * threads.
 */
final class Workers implements AutoCloseable {
  private final int threads;
  private final ExecutorService pool;

  Workers(int threads) {
    this.threads = threads;
    this.pool =
        Executors.newFixedThreadPool(
            Math.max(1, threads - 1),
            task -> {
              Thread thread = new Thread(task, "narrows-training");
              thread.setDaemon(true);
              return thread;
            });
  }

  int threads() {
    return threads;
  }

  /** Calls {@code piece} with 0 … count − 1 in any order and returns when all are done. */
  void run(int count, IntConsumer piece) {
    if (threads == 1 || count <= 1) {
      for (int i = 0; i < count; i++) {
        piece.accept(i);
      }
      return;
    }
    AtomicInteger next = new AtomicInteger();
    Runnable loop =
        () -> {
          for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
            piece.accept(i);
          }
        };
    int helpers = Math.min(threads, count) - 1;
    Future<?>[] running = new Future<?>[helpers];
    for (int i = 0; i < helpers; i++) {
      running[i] = pool.submit(loop);
    }
    loop.run();
    for (Future<?> future : running) {
      await(future);
    }
  }

  private static void await(Future<?> future) {
    boolean interrupted = false;
    while (true) {
      try {
        future.get();
        break;
      } catch (InterruptedException e) {
        interrupted =
            true; // the piece still writes to our memory: wait for it, then tell the caller
      } catch (ExecutionException e) {
        throw new IllegalStateException("a piece of parallel work failed", e.getCause());
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
