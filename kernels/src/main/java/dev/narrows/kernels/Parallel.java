package dev.narrows.kernels;

import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A pool of threads that share the columns of a product among them. Results do not depend on the
 * number of threads: every dot product is summed by one of them, and counts add up in any order.
 */
public final class Parallel implements AutoCloseable {
  private final int threads;
  private final ExecutorService pool;
  private final Scratch[] scratches;

  /**
   * @param threads at least 1
   */
  public Parallel(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("number of threads must be at least 1, got " + threads);
    }
    this.threads = threads;
    this.pool =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("kernel-", 0)::unstarted);
    this.scratches = new Scratch[threads];
    Arrays.setAll(scratches, i -> new Scratch());
  }

  public int threads() {
    return threads;
  }

  /** {@link MatrixProduct#multiply}; one call at a time. */
  public void multiply(
      MatrixProduct product,
      Summation summation,
      Columns x,
      int[] preload,
      int[] out,
      int outOffset,
      int outStride) {
    Job whole = product.job(x, preload, out, outOffset, outStride);
    split(whole, (thread, job) -> product.multiply(summation, job));
  }

  /** {@link MatrixProduct#classify}; one call at a time. */
  public void classify(
      MatrixProduct product,
      SummationOrder order,
      Columns x,
      int[] preload,
      int[] out,
      int outOffset,
      int outStride,
      OverflowProfile.Builder... profiles) {
    Job whole = product.job(x, preload, out, outOffset, outStride);
    OverflowProfile.Builder[][] parts = new OverflowProfile.Builder[threads][profiles.length];
    for (OverflowProfile.Builder[] part : parts) {
      Arrays.setAll(part, i -> OverflowProfile.builder());
    }
    split(whole, (thread, job) -> product.classify(order, job, parts[thread]));
    for (OverflowProfile.Builder[] part : parts) {
      for (int i = 0; i < profiles.length; i++) {
        profiles[i].add(part[i].build());
      }
    }
  }

  /** What one thread does with its range of the columns. */
  private interface Work {
    void run(int thread, Job job);
  }

  private void split(Job whole, Work work) {
    List<Callable<Boolean>> tasks = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int thread = i;
      int first = (int) ((long) whole.lastPanel() * i / threads);
      int last = (int) ((long) whole.lastPanel() * (i + 1) / threads);
      Job job = whole.range(first, last, scratches[i]);
      tasks.add(() -> {
        work.run(thread, job);
        return true;
      });
    }
    try {
      for (Future<Boolean> done : pool.invokeAll(tasks)) {
        done.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a product was computed", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException("a product failed", e.getCause());
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
