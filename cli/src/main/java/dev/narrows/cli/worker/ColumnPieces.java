package dev.narrows.cli.worker;

import dev.narrows.kernels.ParallelProducts;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Shares the columns of a product among threads; results do not depend on their number. */
final class ColumnPieces implements AutoCloseable {
  /** Values that a thread's columns hold at most, unless K alone is more: 1 MB. */
  private static final int VALUES = 1 << 18;

  private static final int LANES = 16;

  private final int threads;
  private final ExecutorService pool;

  ColumnPieces(int threads) {
    this.threads = threads;
    this.pool =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("call-", 0)::unstarted);
  }

  /** Some columns of one block and group. */
  record ColumnPiece(int block, int group, int from, int columns) {}

  /** A thread's work on one piece after the other. */
  interface PieceWork {
    void run(ColumnPiece piece);
  }

  /** Makes a thread's work, with buffers of its own. */
  interface PieceWorkFactory {
    /**
     * @param thread from 0
     * @param columns the largest number in a piece
     */
    PieceWork make(int thread, int columns);
  }

  int threads() {
    return threads;
  }

  /** Works on all pieces. */
  void run(ProductShape shape, PieceWorkFactory factory) {
    List<ColumnPiece> pieces = pieces(shape);
    int largest = pieces.stream().mapToInt(ColumnPiece::columns).max().orElse(0);
    AtomicInteger next = new AtomicInteger();
    List<Runnable> tasks = new ArrayList<>();
    for (int i = 0; i < Math.min(threads, pieces.size()); i++) {
      int thread = i;
      tasks.add(() -> {
        PieceWork work = factory.make(thread, largest);
        for (int at = next.getAndIncrement(); at < pieces.size(); at = next.getAndIncrement()) {
          work.run(pieces.get(at));
        }
      });
    }
    if (tasks.size() == 1) {
      tasks.getFirst().run();
    } else {
      ParallelProducts.runAll(pool, tasks);
    }
  }

  private List<ColumnPiece> pieces(ProductShape shape) {
    int room = Math.max(LANES, VALUES / Math.max(1, shape.terms()) / LANES * LANES);
    int each = Math.ceilDiv(Math.ceilDiv(shape.columns(), threads), LANES) * LANES;
    int columns = Math.max(1, Math.min(room, each));
    List<ColumnPiece> pieces = new ArrayList<>();
    for (int block = 0; block < shape.blocks(); block++) {
      for (int group = 0; group < shape.groups(); group++) {
        for (int from = 0; from < shape.columns(); from += columns) {
          pieces.add(
              new ColumnPiece(block, group, from, Math.min(columns, shape.columns() - from)));
        }
      }
    }
    return pieces;
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
