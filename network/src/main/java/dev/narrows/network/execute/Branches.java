package dev.narrows.network.execute;

import dev.narrows.network.Network;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * The classes that a network gives in one choice of registers, the base, and in any number of
 * others, in one pass over the images. What comes before the first layer whose register differs is
 * run once for all; where only one layer differs, what comes behind it is run again only for images
 * whose codes that layer changed. The result is that of running every image under every choice, bit
 * for bit, whatever the number of threads.
 *
 * <p>Memory beside the inputs is two sets of all tensors of a few images a thread, and four bytes
 * an image and choice.
 */
public final class Branches {
  /** Words of all tensors of a block: it and its twin stay near a core's caches. */
  private static final int BLOCK_WORDS = 1 << 22;

  private static final int MOST_IMAGES = 128;

  private final Network network;
  private final Plan plan;
  private final List<Branch> branches;
  private final int threads;
  private final int batch;

  private Branches(Network network, Plan plan, List<Branch> branches, int threads) {
    this.network = network;
    this.plan = plan;
    this.branches = branches;
    this.threads = threads;
    long words =
        IntStream.range(0, network.tensors())
            .mapToLong(tensor -> network.tensor(tensor).elements())
            .sum();
    this.batch = Math.clamp(BLOCK_WORDS / words, 1, MOST_IMAGES);
  }

  /** {@link #of(Network, LayerRegisters, List, int)} beside exact registers. */
  public static Branches of(Network network, List<LayerRegisters> choices, int threads) {
    return of(network, LayerRegisters.exact(), choices, threads);
  }

  /**
   * Packs the weights of a network once for all choices.
   *
   * @param base what is run for every image
   * @param choices of registers; what they have in common with the base is shared
   * @param threads at least 1
   * @throws IllegalArgumentException if a rule matches no layer
   */
  public static Branches of(
      Network network, LayerRegisters base, List<LayerRegisters> choices, int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("need at least one thread, got " + threads);
    }
    Plan plan = new Plan(network, base);
    List<Branch> branches =
        choices.stream().map(choice -> Branch.of(network, plan, base, choice)).toList();
    return new Branches(network, plan, branches, threads);
  }

  /**
   * The class of each image, as {@link Execution#predictions()}.
   *
   * @param base in the base's registers
   * @param choices in each choice, in their order
   */
  public record Classes(int[] base, List<int[]> choices) {}

  /**
   * Runs images.
   *
   * @param progress told the number of images done after each block, one call at a time
   */
  public Classes run(ImageSource source, IntConsumer progress) {
    int images = source.images();
    int[] base = new int[images];
    List<int[]> choices = new ArrayList<>();
    branches.forEach(branch -> choices.add(new int[images]));
    // small sets are cut finer, so that every thread has something to do
    int block = Math.clamp(Math.ceilDiv(images, threads), 1, batch);
    AtomicInteger next = new AtomicInteger();
    AtomicBoolean stopped = new AtomicBoolean();
    int[] done = {0};
    Runnable work =
        () -> {
          BranchTensors tensors = new BranchTensors(network, plan, block);
          for (int first = next.getAndAdd(block);
              first < images && !stopped.get();
              first = next.getAndAdd(block)) {
            int count = Math.min(block, images - first);
            try {
              tensors.base(source, first, count);
              classes(tensors.base(), count, base, first);
              for (int b = 0; b < choices.size(); b++) {
                branch(tensors, branches.get(b), count, base, choices.get(b), first);
              }
            } catch (RuntimeException | Error e) {
              stopped.set(true);
              throw e;
            }
            synchronized (done) {
              done[0] += count;
              progress.accept(done[0]);
            }
          }
        };
    try (ExecutorService pool =
        Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().factory())) {
      Tasks.run(pool, threads, work);
    }
    return new Classes(base, choices);
  }

  private void branch(
      BranchTensors tensors, Branch branch, int count, int[] base, int[] classes, int first) {
    System.arraycopy(base, first, classes, first, count);
    int[] changed = tensors.run(branch, count);
    if (changed.length == 0) {
      return;
    }
    int[] found = new int[changed.length];
    classes(tensors.view(), changed.length, found, 0);
    for (int i = 0; i < changed.length; i++) {
      classes[first + changed[i]] = found[i];
    }
  }

  private void classes(int[][] tensors, int count, int[] into, int first) {
    TensorType type = network.output();
    int elements = type.elements();
    int[] last = BlockRun.separate(tensors[tensors.length - 1], elements, count);
    Execution execution = new Execution(type, count, last, List.of(), List.of(), List.of());
    System.arraycopy(execution.predictions(), 0, into, first, count);
  }
}
