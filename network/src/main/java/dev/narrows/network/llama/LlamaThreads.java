package dev.narrows.network.llama;

import dev.narrows.network.execute.Tasks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads that share the items of one task after the other, each with buffers of its own. */
final class LlamaThreads implements AutoCloseable {
  private final ExecutorService pool;
  private final Workbench[] benches;

  /** What is done with one item; items are independent of each other. */
  interface Task {
    void run(int item, Workbench bench);
  }

  LlamaThreads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("need at least one thread, got " + threads);
    }
    this.benches = new Workbench[threads];
    Arrays.setAll(benches, i -> new Workbench());
    this.pool =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("narrows-llama-", 0).factory());
  }

  /** How many. */
  int count() {
    return benches.length;
  }

  /** Runs a task on items 0 … n − 1 and waits; the first failure is thrown. One call at a time. */
  void run(int items, Task task) {
    AtomicInteger next = new AtomicInteger();
    List<Future<?>> running = new ArrayList<>();
    for (Workbench bench : benches) {
      running.add(
          pool.submit(() -> {
            try {
              for (int i = next.getAndIncrement(); i < items; i = next.getAndIncrement()) {
                task.run(i, bench);
              }
            } catch (RuntimeException | Error e) {
              next.set(items); // the others need not begin another item
              throw e;
            }
          }));
    }
    Tasks.await(running);
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
