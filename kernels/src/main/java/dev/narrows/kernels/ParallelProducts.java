package dev.narrows.kernels;

import dev.narrows.core.dot.FloatEvents;
import dev.narrows.core.dot.GradientMask;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.kernels.floating.FloatGradientSlice;
import dev.narrows.kernels.floating.FloatMultiplication;
import dev.narrows.kernels.floating.FloatProductSlice;
import dev.narrows.kernels.integer.ColumnFolds;
import dev.narrows.kernels.integer.IntegerProductSlice;
import dev.narrows.kernels.lanes.ScratchArrays;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A pool of threads that share the columns of a product among them. Results do not depend on the
 * number of threads: every dot product is summed by one of them, and counts add up in any order.
 */
public final class ParallelProducts implements AutoCloseable {
  private static final int PARTS = 8;

  private final int threads;
  private final ExecutorService pool;
  private final ScratchArrays[] scratches;

  /**
   * @param threads at least 1
   */
  public ParallelProducts(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("number of threads must be at least 1, got " + threads);
    }
    this.threads = threads;
    this.pool =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("kernel-", 0)::unstarted);
    this.scratches = new ScratchArrays[threads];
    Arrays.setAll(scratches, i -> new ScratchArrays());
  }

  /** How many threads share a product. */
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
    IntegerProductSlice whole = product.whole(x, preload, out, outOffset, outStride);
    split(whole, (thread, slice) -> product.multiply(summation, slice));
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
    IntegerProductSlice whole = product.whole(x, preload, out, outOffset, outStride);
    OverflowProfile.Builder[][] parts = new OverflowProfile.Builder[threads][profiles.length];
    for (OverflowProfile.Builder[] part : parts) {
      Arrays.setAll(part, i -> OverflowProfile.builder());
    }
    split(
        whole,
        (thread, slice) ->
            product.classify(
                order, MatrixProduct.ANY_WIDTH, ColumnFolds.none(), slice, parts[thread]));
    for (OverflowProfile.Builder[] part : parts) {
      for (int i = 0; i < profiles.length; i++) {
        profiles[i].add(part[i].build());
      }
    }
  }

  /** {@link FloatProduct#multiply}; one call at a time. */
  public void multiply(
      FloatProduct product,
      Summation summation,
      FloatColumns x,
      float[] out,
      int outOffset,
      int outStride) {
    FloatProductSlice whole = product.multiplication().whole(x.panels(), out, outOffset, outStride);
    whole.x().panels(); // packed once, before the threads read it
    split(
        threads,
        whole.lastPanel(),
        (part, first, last) ->
            product.multiplication().multiply(summation, whole.range(first, last)));
  }

  /** {@link FloatProduct#count}; one call at a time. */
  public FloatEvents count(
      FloatProduct product,
      Summation summation,
      FloatColumns x,
      float[] out,
      int outOffset,
      int outStride) {
    FloatProductSlice whole = product.multiplication().whole(x.panels(), out, outOffset, outStride);
    FloatEvents[] parts = new FloatEvents[threads];
    split(
        threads,
        whole.lastPanel(),
        (part, first, last) ->
            parts[part] = product.multiplication().count(summation, whole.range(first, last)));
    return Arrays.stream(parts).reduce(FloatEvents.none(), FloatEvents::plus);
  }

  /**
   * {@link FloatProduct#backward}; one call at a time. Weight gradients are summed in eight parts,
   * whatever the number of threads.
   */
  public void backward(
      FloatProduct product,
      Summation summation,
      Set<GradientMask> masks,
      float epsilon,
      FloatColumns x,
      float[] g,
      int gOffset,
      int gStride,
      float[] weightGradients,
      float[] inputGradients) {
    FloatMultiplication multiplication = product.multiplication();
    FloatProductSlice slice = multiplication.whole(x.panels(), g, gOffset, gStride);
    FloatGradientSlice whole = multiplication.backward(summation, masks, epsilon, slice);
    float[][] ofParts = new float[PARTS][weightGradients.length];
    split(
        PARTS,
        slice.lastPanel(),
        (part, first, last) -> whole.range(first, last).run(ofParts[part], inputGradients));
    for (float[] ofPart : ofParts) {
      for (int i = 0; i < weightGradients.length; i++) {
        weightGradients[i] += ofPart[i];
      }
    }
  }

  /** What one thread does with its range of the columns. */
  private interface Work {
    void run(int thread, IntegerProductSlice slice);
  }

  /** What is done with one part of the panels. */
  private interface PartWork {
    void run(int part, int first, int last);
  }

  private void split(IntegerProductSlice whole, Work work) {
    split(
        threads,
        whole.lastPanel(),
        (thread, first, last) -> work.run(thread, whole.range(first, last, scratches[thread])));
  }

  private void split(int parts, int panels, PartWork work) {
    List<Runnable> tasks = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      int part = i;
      int first = (int) ((long) panels * i / parts);
      int last = (int) ((long) panels * (i + 1) / parts);
      tasks.add(() -> work.run(part, first, last));
    }
    runAll(pool, tasks);
  }

  /**
   * Runs parts of a product in a pool, and waits for all of them.
   *
   * @throws IllegalStateException if the thread is interrupted, or a part fails with an error; what
   *     else a part throws is thrown as it is, that of the first one if several fail
   */
  public static void runAll(ExecutorService pool, List<Runnable> parts) {
    try {
      for (Future<Object> done : pool.invokeAll(parts.stream().map(Executors::callable).toList())) {
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
