package dev.narrows.experiments.evaluate;

import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.network.Network;
import dev.narrows.network.execute.Execution;
import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.execute.LayerOverflowProfile;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.NetworkRunner;
import dev.narrows.network.execute.RunOptions;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * @param finals by layer, per image: the widest final sum in bits
 * @param paths by layer, per image: the widest write in bits
 * @param narrowest the least width that they hold for
 * @param profiles by layer: all dot products of all images
 * @param execution the exact execution of all images, without profiles
 */
record ImageWidths(
    int narrowest,
    Map<String, byte[]> finals,
    Map<String, byte[]> paths,
    Map<String, OverflowProfile> profiles,
    Execution execution) {
  private static final byte[] NOTHING = {};

  /**
   * Whether {@code register} leaves every sum of this layer and image exact.
   *
   * @param byEnd whether a sum that fits at its end is known to fit on the way
   */
  boolean clean(LayerRegister register, boolean byEnd, int image) {
    // neither an outer register nor a zero point's correction in the register is looked at
    if (register.order().outerBits().isPresent() || register.correctsInside()) {
      return false;
    }
    int end = width(finals, register, image);
    return register.accumulator().endsExact(end, byEnd ? end : width(paths, register, image));
  }

  private static int width(Map<String, byte[]> widths, LayerRegister register, int image) {
    byte[] ofLayer = widths.get(register.layer());
    if (ofLayer == null) {
      throw new IllegalStateException("no widths of layer " + register.layer());
    }
    return ofLayer[image];
  }

  /**
   * Looks at every image once; in a sequence without widths of each.
   *
   * @param profiling its profiles are of whole layers
   * @param progress told the number of images done
   */
  static ImageWidths of(
      Network network,
      NetworkInputs inputs,
      RunOptions.Profiling profiling,
      int threads,
      IntConsumer progress) {
    return network.standsForProgram() && !inputs.sequence()
        ? new Scan(network, inputs, profiling, progress).run(threads)
        : together(network, inputs, profiling, threads, progress);
  }

  private static ImageWidths together(
      Network network,
      NetworkInputs inputs,
      RunOptions.Profiling profiling,
      int threads,
      IntConsumer progress) {
    Map<String, OverflowProfile> profiles = new LinkedHashMap<>();
    Map<String, byte[]> finals = new HashMap<>();
    Map<String, byte[]> paths = new HashMap<>();
    for (LayerRegister register : LayerRegisters.exact().of(network)) {
      finals.put(register.layer(), new byte[inputs.images()]);
      paths.put(register.layer(), new byte[inputs.images()]);
    }
    RunOptions.Profiling telling =
        profiling.telling((layer, image, finalBits, pathBits) -> {
          widen(finals.getOrDefault(layer, NOTHING), image, finalBits);
          widen(paths.getOrDefault(layer, NOTHING), image, pathBits);
        });
    try (NetworkRunner executor = inputs.runner(network, LayerRegisters.exact(), threads)) {
      Execution execution =
          executor.run(
              inputs.source(),
              inputs
                  .options()
                  .withProfiles(inputs.sequence() ? profiling : telling)
                  .withProgress(progress));
      execution.profiles().forEach(profile -> profiles.put(profile.layer(), profile.total()));
      return new ImageWidths(
          profiling.narrowest(),
          inputs.sequence() ? Map.of() : finals,
          inputs.sequence() ? Map.of() : paths,
          profiles,
          outputs(execution, execution.images(), execution.outputs()));
    }
  }

  private static void widen(byte[] widths, int image, int bits) {
    widths[image] = (byte) Math.max(widths[image], bits);
  }

  /** What an execution gave, with other outputs and without profiles. */
  private static Execution outputs(Execution like, int images, int[] outputs) {
    return new Execution(like.type(), images, outputs, like.registers(), List.of(), List.of());
  }

  /** A program on one image at a time, so that each has a profile of its own. */
  private static final class Scan {
    private final Network network;
    private final NetworkInputs inputs;
    private final ImageSource source;
    private final int narrowest;
    private final RunOptions options;
    private final IntConsumer progress;
    private final Map<String, byte[]> finals = new LinkedHashMap<>();
    private final Map<String, byte[]> paths = new LinkedHashMap<>();
    private final Map<String, OverflowProfile.Builder> totals = new LinkedHashMap<>();
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
      this.narrowest = profiling.narrowest();
      this.options = RunOptions.none().withProfiles(profiling);
      this.progress = progress;
      for (LayerRegister register : LayerRegisters.exact().of(network)) {
        finals.put(register.layer(), new byte[source.images()]);
        paths.put(register.layer(), new byte[source.images()]);
        totals.put(register.layer(), OverflowProfile.builder());
      }
    }

    ImageWidths run(int threads) {
      Parallel.run(threads, this::work);
      Map<String, OverflowProfile> profiles = new LinkedHashMap<>();
      totals.forEach((layer, builder) -> profiles.put(layer, builder.build()));
      return new ImageWidths(narrowest, finals, paths, profiles, execution());
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
      return outputs(
          first.orElseThrow(() -> new IllegalStateException("no image was run")),
          source.images(),
          outputs);
    }

    private synchronized void note(int image, Execution execution) {
      int[] given = execution.outputs();
      if (first.isEmpty()) {
        first = Optional.of(execution);
        outputs = new int[Math.multiplyExact(source.images(), given.length)];
      }
      System.arraycopy(given, 0, outputs, image * given.length, given.length);
      for (LayerOverflowProfile profile : execution.profiles()) {
        OverflowProfile dots = profile.total();
        int widest = dots.widestPath();
        finals.getOrDefault(profile.layer(), NOTHING)[image] = (byte) widestFinal(dots, widest);
        paths.getOrDefault(profile.layer(), NOTHING)[image] = (byte) widest;
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
