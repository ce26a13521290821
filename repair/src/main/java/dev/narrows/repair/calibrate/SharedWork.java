package dev.narrows.repair.calibrate;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Independent pieces of work on several threads; what they make does not depend on how many. */
public final class SharedWork {
  private SharedWork() {}

  /** Does every piece, each on a thread of its own. */
  public static void run(int pieces, IntConsumer work) {
    all(
        pieces,
        pieces,
        piece -> {
          work.accept(piece);
          return piece;
        });
  }

  /** What the pieces make, in their order. */
  public static <T> List<T> all(int threads, int pieces, IntFunction<T> work) {
    if (threads == 1 || pieces <= 1) {
      return IntStream.range(0, pieces).mapToObj(work).toList();
    }
    try (ExecutorService pool =
        Executors.newFixedThreadPool(
            Math.min(threads, pieces),
            Thread.ofPlatform().daemon().name("narrows-repair-", 0).factory())) {
      List<Future<T>> waiting = new ArrayList<>();
      for (int piece = 0; piece < pieces; piece++) {
        int one = piece;
        waiting.add(pool.submit(() -> work.apply(one)));
      }
      List<T> made = new ArrayList<>();
      for (Future<T> future : waiting) {
        made.add(future.get());
      }
      return made;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a layer was repaired", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw new IllegalStateException("a part of a repair failed", e.getCause());
    }
  }
}
