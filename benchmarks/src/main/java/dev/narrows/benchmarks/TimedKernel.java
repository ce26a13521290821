package dev.narrows.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * Work that one thread does, or several at once, each on operands of its own: the time is that of
 * the last one.
 */
final class TimedKernel implements Contestant {
  private final String name;
  private final List<Runnable> works = new ArrayList<>();
  private final ExecutorService pool;
  private final long slowest;

  /**
   * @param slowest nanoseconds that no compiled call takes
   * @param pool of at least {@code threads - 1} threads
   */
  TimedKernel(
      String name, long slowest, int threads, ExecutorService pool, Supplier<Runnable> work) {
    this.name = name;
    this.slowest = slowest;
    this.pool = pool;
    for (int i = 0; i < threads; i++) {
      works.add(work.get());
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean plausible(long nanoseconds) {
    return nanoseconds <= slowest;
  }

  @Override
  public long nanoseconds() {
    long start = System.nanoTime();
    List<Future<?>> others = new ArrayList<>();
    for (Runnable work : works.subList(1, works.size())) {
      others.add(pool.submit(work));
    }
    works.getFirst().run();
    for (Future<?> other : others) {
      await(other);
    }
    return System.nanoTime() - start;
  }

  private static void await(Future<?> other) {
    try {
      other.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while kernels were measured", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a kernel failed", e.getCause());
    }
  }
}
