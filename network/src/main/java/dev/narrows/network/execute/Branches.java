package dev.narrows.network.execute;

import dev.narrows.core.dot.Decisions;
import dev.narrows.network.Network;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
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
 * run once for all; an image is run again only from the first layer on that its register may
 * change, as far as that is known ({@link SumsOfImages}), and where only one layer differs, only if
 * that layer changed a code. The result is that of running every image under every choice, bit for
 * bit, whatever the number of threads.
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
  private final SumsOfImages sums;

  private Branches(
      Network network, Plan plan, List<Branch> branches, int threads, SumsOfImages sums) {
    this.sums = sums;
    this.network = network;
    this.plan = plan;
    this.branches = branches;
    this.threads = threads;
    this.batch = Math.clamp(BLOCK_WORDS / words(network), 1, MOST_IMAGES);
  }

  private static long words(Network network) {
    return IntStream.range(0, network.tensors())
        .mapToLong(tensor -> network.tensor(tensor).elements())
        .sum();
  }

  /**
   * About how many bytes a pass keeps beside inputs and answers: two sets of the tensors of a block
   * for each thread. An {@link Executor} keeps far less of a network with large tensors.
   */
  public static long bytes(Network network, int threads) {
    return 2L * threads * Integer.BYTES * Math.max(BLOCK_WORDS, words(network));
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
    return new Branches(network, plan, branches, threads, SumsOfImages.unknown());
  }

  /**
   * The same, knowing something of the base's sums, which must be exact ones. It is asked about the
   * images of a block after the base has run them and profiling was told of their widths.
   */
  public Branches knowing(SumsOfImages something) {
    return new Branches(network, plan, branches, threads, something);
  }

  /**
   * The class of each image, as {@link Execution#predictions()}.
   *
   * @param base in the base's registers
   * @param choices in each choice, in their order
   */
  public record Classes(int[] base, List<int[]> choices) {}

  /** Takes the outputs of a pass, one call at a time; arrays are not used again by the pass. */
  public interface BranchReceiver {
    /** The base's outputs of the images from {@code first} on. */
    void base(int first, Execution outputs);

    /**
     * The outputs of some images in a choice of registers; those of all others are the base's.
     *
     * @param images by their place among all images
     */
    void choice(int choice, int[] images, Execution outputs);
  }

  /**
   * What a pass tells beside the outputs.
   *
   * @param profiles of the base, if they were asked for
   * @param base what decided its dot products
   * @param choices the same of each choice
   */
  public record Told(
      List<LayerOverflowProfile> profiles, Decisions base, List<Decisions> choices) {}

  /**
   * Runs images.
   *
   * @param progress told the number of images done after each block, one call at a time
   */
  public Classes run(ImageSource source, IntConsumer progress) {
    int[] base = new int[source.images()];
    List<int[]> choices = new ArrayList<>();
    branches.forEach(_ -> choices.add(new int[source.images()]));
    BranchReceiver classes =
        new BranchReceiver() {
          @Override
          public void base(int first, Execution outputs) {
            int[] found = outputs.predictions();
            System.arraycopy(found, 0, base, first, found.length);
            choices.forEach(choice -> System.arraycopy(found, 0, choice, first, found.length));
          }

          @Override
          public void choice(int choice, int[] images, Execution outputs) {
            int[] found = outputs.predictions();
            for (int i = 0; i < images.length; i++) {
              choices.get(choice)[images[i]] = found[i];
            }
          }
        };
    run(source, RunOptions.none().withProgress(progress), classes);
    return new Classes(base, choices);
  }

  /**
   * Runs images, the base's layers profiled if the options say so.
   *
   * @param options profiling, which looks at the base alone, and progress; others have no effect
   */
  public Told run(ImageSource source, RunOptions options, BranchReceiver receiver) {
    Pass pass = new Pass(source, options, receiver);
    try (ExecutorService pool =
        Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().factory())) {
      Tasks.run(pool, threads, pass::work);
    }
    return pass.told();
  }

  /** One pass over images: hands out blocks to threads and collects what they say. */
  private final class Pass {
    private final ImageSource source;
    private final RunOptions options;
    private final BranchReceiver receiver;
    private final LayerProfiles profiles;
    private final int block;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Decisions[] decided;
    private Decisions ofBase = Decisions.none();
    private int done;

    Pass(ImageSource source, RunOptions options, BranchReceiver receiver) {
      this.source = source;
      this.options = options;
      this.receiver = receiver;
      this.profiles = new LayerProfiles(network, plan, options.profiling());
      // small sets are cut finer, so that every thread has something to do
      this.block = Math.clamp(Math.ceilDiv(source.images(), threads), 1, batch);
      this.decided = new Decisions[branches.size()];
      Arrays.fill(decided, Decisions.none());
    }

    void work() {
      BranchTensors tensors = new BranchTensors(network, plan, block);
      try {
        for (int first = next.getAndAdd(block);
            first < source.images() && !stopped.get();
            first = next.getAndAdd(block)) {
          block(tensors, first, Math.min(block, source.images() - first));
        }
      } catch (RuntimeException | Error e) {
        stopped.set(true);
        throw e;
      }
    }

    private void block(BranchTensors tensors, int first, int count) {
      profiles.begin(tensors.workspace());
      tensors.base(source, first, count);
      profiles.end(tensors.workspace());
      Execution outputs = outputs(tensors, tensors.base(), count);
      synchronized (this) {
        ofBase = ofBase.plus(outputs.decisions());
        receiver.base(first, outputs);
      }
      for (int b = 0; b < branches.size(); b++) {
        int[] places = tensors.run(branches.get(b), first, count, sums);
        Execution changed = outputs(tensors, tensors.view(), places.length);
        int[] images = IntStream.of(places).map(place -> first + place).toArray();
        synchronized (this) {
          decided[b] = decided[b].plus(changed.decisions());
          if (images.length > 0) {
            receiver.choice(b, images, changed);
          }
        }
      }
      synchronized (this) {
        done += count;
        options.progress().accept(done);
      }
    }

    private Execution outputs(BranchTensors tensors, int[][] of, int count) {
      TensorType type = network.output();
      return new Execution(
          type,
          count,
          BlockRun.separate(of[of.length - 1], type.elements(), count),
          List.of(),
          List.of(),
          List.of(),
          tensors.workspace().columns().takeDecisions());
    }

    synchronized Told told() {
      return new Told(profiles.result(), ofBase, List.of(decided));
    }
  }
}
