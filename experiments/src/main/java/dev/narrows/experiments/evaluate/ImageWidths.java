package dev.narrows.experiments.evaluate;

import dev.narrows.core.dot.Decisions;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.network.Network;
import dev.narrows.network.execute.Branches;
import dev.narrows.network.execute.Execution;
import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.execute.LayerOverflowProfile;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.NetworkRunner;
import dev.narrows.network.execute.RunOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * The widths that each image's sums need, layer by layer, in one order, with every layer's inputs
 * from exact execution.
 *
 * <p>They tell which images a register cannot change: if in every layer the widest sum of an image
 * fits, then layer by layer every sum is exact, so every next layer's inputs are those of exact
 * execution, and the image's output is the exact one.
 *
 * @param narrowest the least width that they hold for
 * @param widths of each image
 * @param profiles by layer: all dot products of all images
 * @param execution the exact execution of all images, without profiles
 * @param alongside what was run in the same pass
 */
record ImageWidths(
    int narrowest,
    WidthsByImage widths,
    Map<String, OverflowProfile> profiles,
    Execution execution,
    List<Alongside> alongside) {
  /**
   * A choice of registers whose images were run in the pass that looked, each from the first layer
   * on that the registers may change.
   *
   * @param predictions the class of every image
   * @param decisions what decided the dot products of the images that were run
   * @param images so many were
   */
  record Alongside(LayerRegisters registers, int[] predictions, Decisions decisions, int images) {}

  /**
   * Looks at every image once; in a sequence without widths of each.
   *
   * @param profiling its profiles are of whole layers
   * @param progress told the number of images done
   * @param choices run in the same pass; only of images that are classified, each by itself, and
   *     not by a program
   * @param byEnd the layers' registers, of the choices, in which a sum that fits at its end is
   *     known to fit on the way
   */
  static ImageWidths of(
      Network network,
      NetworkInputs inputs,
      RunOptions.Profiling profiling,
      int threads,
      IntConsumer progress,
      List<LayerRegisters> choices,
      Set<LayerRegister> byEnd) {
    return network.standsForProgram() && !inputs.sequence()
        ? new Scan(network, inputs, profiling, progress).run(threads)
        : together(network, inputs, profiling, threads, progress, choices, byEnd);
  }

  private static ImageWidths together(
      Network network,
      NetworkInputs inputs,
      RunOptions.Profiling profiling,
      int threads,
      IntConsumer progress,
      List<LayerRegisters> choices,
      Set<LayerRegister> byEnd) {
    Map<String, OverflowProfile> profiles = new LinkedHashMap<>();
    WidthsByImage widths = new WidthsByImage(network, inputs.images());
    RunOptions options =
        inputs
            .options()
            .withProfiles(inputs.sequence() ? profiling : profiling.telling(widths))
            .withProgress(progress);
    if (!choices.isEmpty()) {
      return beside(
          choices, byEnd, network, inputs, profiling.narrowest(), widths, options, threads);
    }
    try (NetworkRunner executor = inputs.runner(network, LayerRegisters.exact(), threads)) {
      Execution execution = executor.run(inputs.source(), options);
      execution.profiles().forEach(profile -> profiles.put(profile.layer(), profile.total()));
      return new ImageWidths(
          profiling.narrowest(), widths, profiles, withoutProfiles(execution), List.of());
    }
  }

  /** The pass itself, beside choices; the widths are noted while it runs. */
  private static ImageWidths beside(
      List<LayerRegisters> choices,
      Set<LayerRegister> byEnd,
      Network network,
      NetworkInputs inputs,
      int narrowest,
      WidthsByImage widths,
      RunOptions options,
      int threads) {
    int elements = network.output().elements();
    int[] outputs = new int[Math.multiplyExact(inputs.images(), elements)];
    List<int[]> predictions = new ArrayList<>();
    choices.forEach(_ -> predictions.add(new int[inputs.images()]));
    int[] run = new int[choices.size()];
    Branches.BranchReceiver receiver =
        new Branches.BranchReceiver() {
          @Override
          public void base(int first, Execution block) {
            System.arraycopy(block.outputs(), 0, outputs, first * elements, block.outputs().length);
            int[] classes = inputs.predictions(block);
            predictions.forEach(all -> System.arraycopy(classes, 0, all, first, classes.length));
          }

          @Override
          public void choice(int choice, int[] images, Execution block) {
            int[] classes = inputs.predictions(block);
            for (int i = 0; i < images.length; i++) {
              predictions.get(choice)[images[i]] = classes[i];
            }
            run[choice] += images.length;
          }
        };
    Branches.Told told =
        Branches.of(network, choices, threads)
            .knowing((register, image) -> widths.exact(register, byEnd.contains(register), image))
            .run(inputs.source(), options, receiver);
    Map<String, OverflowProfile> all = new LinkedHashMap<>();
    told.profiles().forEach(profile -> all.put(profile.layer(), profile.total()));
    List<Alongside> others = new ArrayList<>();
    for (int c = 0; c < choices.size(); c++) {
      others.add(new Alongside(choices.get(c), predictions.get(c), told.choices().get(c), run[c]));
    }
    Execution exact =
        new Execution(
            network.output(),
            inputs.images(),
            outputs,
            LayerRegisters.exact().of(network),
            List.of(),
            List.of(),
            told.base());
    return new ImageWidths(narrowest, widths, all, exact, others);
  }

  private static Execution withoutProfiles(Execution run) {
    return new Execution(
        run.type(),
        run.images(),
        run.outputs(),
        run.registers(),
        List.of(),
        List.of(),
        run.decisions());
  }

  /** A program on one image at a time, so that each has a profile of its own. */
  private static final class Scan {
    private final Network network;
    private final NetworkInputs inputs;
    private final ImageSource source;
    private final int narrowest;
    private final RunOptions options;
    private final IntConsumer progress;
    private final WidthsByImage widths;
    private final Map<String, OverflowProfile.Builder> totals = new LinkedHashMap<>();
    private Decisions decisions = Decisions.none();
    private final AtomicInteger next = new AtomicInteger();
    private Optional<Execution> first = Optional.empty();
    private int[] outputs = {};
    private int done;

    Scan(
        Network network,
        NetworkInputs inputs,
        RunOptions.Profiling profiling,
        IntConsumer progress) {
      this.network = network;
      this.inputs = inputs;
      this.source = inputs.source();
      this.widths = new WidthsByImage(network, source.images());
      this.narrowest = profiling.narrowest();
      this.options = RunOptions.none().withProfiles(profiling);
      this.progress = progress;
      for (LayerRegister register : LayerRegisters.exact().of(network)) {
        totals.put(register.layer(), OverflowProfile.builder());
      }
    }

    ImageWidths run(int threads) {
      Parallel.run(threads, this::work);
      Map<String, OverflowProfile> profiles = new LinkedHashMap<>();
      totals.forEach((layer, builder) -> profiles.put(layer, builder.build()));
      return new ImageWidths(narrowest, widths, profiles, execution(), List.of());
    }

    private void work() {
      int elements = network.inputElements();
      try (NetworkRunner executor = inputs.runner(network, LayerRegisters.exact(), 1)) {
        for (int i = next.getAndIncrement(); i < source.images(); i = next.getAndIncrement()) {
          ImageSource one = new ImageSubset(source, elements, new int[] {i});
          note(i, executor.run(one, options));
        }
      }
    }

    private Execution execution() {
      Execution like = first.orElseThrow(() -> new IllegalStateException("no image was run"));
      return new Execution(
          like.type(), source.images(), outputs, like.registers(), List.of(), List.of(), decisions);
    }

    private synchronized void note(int image, Execution execution) {
      int[] given = execution.outputs();
      if (first.isEmpty()) {
        first = Optional.of(execution);
        outputs = new int[Math.multiplyExact(source.images(), given.length)];
      }
      decisions = decisions.plus(execution.decisions());
      System.arraycopy(given, 0, outputs, image * given.length, given.length);
      for (LayerOverflowProfile profile : execution.profiles()) {
        OverflowProfile dots = profile.total();
        int widest = dots.widestPath();
        widths.note(profile.layer(), image, widestFinal(dots, widest), widest);
        totals.computeIfAbsent(profile.layer(), l -> OverflowProfile.builder()).add(dots);
      }
      progress.accept(++done);
    }

    private static int widestFinal(OverflowProfile dots, int widestPath) {
      for (int finalBits = widestPath; finalBits > 1; finalBits--) {
        for (int pathBits = finalBits; pathBits <= widestPath; pathBits++) {
          if (dots.count(finalBits, pathBits) != 0) {
            return finalBits;
          }
        }
      }
      return 1;
    }
  }
}
