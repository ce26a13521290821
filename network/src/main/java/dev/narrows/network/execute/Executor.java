package dev.narrows.network.execute;

import dev.narrows.network.Network;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * Runs a network on codes, in blocks of images spread over threads; bit for bit what {@link
 * ReferenceExecutor} gives, whatever the number of threads.
 *
 * <p>Memory beside inputs and outputs is a few blocks a thread. One run at a time.
 */
public final class Executor implements NetworkRunner {
  /** The largest tensor of a block, in codes: a few of them share a core's caches. */
  private static final int BLOCK_CODES = 1 << 19;

  private static final int MOST_IMAGES = 128;

  private final Network network;
  private final LayerRegisters registers;
  private final Plan plan;
  private final int threads;
  private final int batch;
  private final ExecutorService pool;
  private final Queue<Workspace> workspaces = new ConcurrentLinkedQueue<>();

  private Executor(Network network, LayerRegisters registers, int threads) {
    this.network = network;
    this.registers = registers;
    this.plan = new Plan(network, registers);
    this.threads = threads;
    int largest =
        IntStream.range(0, network.tensors())
            .map(t -> network.tensor(t).elements())
            .max()
            .orElse(1);
    this.batch = Math.clamp(BLOCK_CODES / largest, 1, MOST_IMAGES);
    this.pool =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("narrows-executor-", 0).factory());
  }

  /**
   * Packs the weights of a network for runs under {@code registers}.
   *
   * @param threads at least 1
   * @throws IllegalArgumentException if a rule of {@code registers} matches no layer
   */
  public static Executor of(Network network, LayerRegisters registers, int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("need at least one thread, got " + threads);
    }
    if (!registers.factors().isEmpty()) {
      throw new IllegalArgumentException("only language models multiply sums by factors");
    }
    if (network.standsForProgram()) {
      throw new IllegalArgumentException(
          "network \"" + network.name() + "\" stands for the sums of a program: run the program");
    }
    return new Executor(network, registers, threads);
  }

  /**
   * The outputs for images in memory.
   *
   * @param codes [images][C][H][W]; of several inputs one behind the other, image by image
   */
  public Execution run(int[] codes, int images) {
    return run(ImageSource.of(network, codes, images), RunOptions.none());
  }

  /** {@link #run(int[], int)} with options. */
  public Execution run(int[] codes, int images, RunOptions options) {
    return run(ImageSource.of(network, codes, images), options);
  }

  @Override
  public Execution run(ImageSource source, RunOptions options) {
    // small sets are cut finer, so that every thread has something to do
    int images =
        options.sequence() ? 1 : Math.clamp(Math.ceilDiv(source.images(), threads), 1, batch);
    BlockRun run = new BlockRun(network, registers, plan, source, options, images);
    try {
      Tasks.run(pool, options.sequence() ? 1 : threads, () -> work(run));
    } finally {
      run.stop();
    }
    return run.result();
  }

  private void work(BlockRun run) {
    Workspace have = workspaces.poll();
    Workspace workspace = have == null ? plan.workspace(batch) : have;
    try {
      run.blocks(workspace);
    } catch (RuntimeException | Error e) {
      run.stop();
      throw e;
    } finally {
      workspace.profiled().clear();
      workspace.probes(Map.of());
      workspaces.add(workspace);
    }
  }

  /** Ends the threads. */
  @Override
  public void close() {
    pool.shutdownNow();
  }
}
