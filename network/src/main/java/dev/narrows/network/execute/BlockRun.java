package dev.narrows.network.execute;

import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.network.Network;
import dev.narrows.network.execute.RunOptions.Profiling;
import dev.narrows.network.execute.Workspace.Profiled;
import dev.narrows.network.layer.Layer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** One run: hands out blocks of images to threads and collects what they make. */
final class BlockRun {
  private final Network network;
  private final LayerRegisters registers;
  private final Plan plan;
  private final ImageSource source;
  private final RunOptions options;
  private final int batch;
  private final int[] outputs;
  private States states;
  private final Map<Integer, Convention> profiled = new HashMap<>(); // by tensor index
  private final Map<Integer, OverflowProfile.Builder[]> profiles = new HashMap<>();
  private final Map<Integer, FloatMeter> meters = new HashMap<>(); // by tensor index
  private final Map<Integer, TermsProbe> probes = new HashMap<>(); // by tensor index
  private int next;
  private int done;
  private boolean stopped;

  BlockRun(
      Network network,
      LayerRegisters registers,
      Plan plan,
      ImageSource source,
      RunOptions options,
      int batch) {
    this.network = network;
    this.registers = registers;
    this.plan = plan;
    this.source = source;
    this.options = options;
    this.batch = batch;
    this.states = States.initial(network);
    this.outputs = new int[Math.toIntExact((long) source.images() * network.output().elements())];
    if (options.statistics()) {
      plan.floats()
          .forEach((index, step) -> {
            if (step.sums().floating()) {
              meters.put(index, new FloatMeter(source.images()));
            }
          });
    }
    for (int i = 0; i < network.layers().size(); i++) {
      TermsProbe probe = options.probes().get(network.layers().get(i).name());
      if (probe != null) {
        probes.put(i + 1, probe);
      }
    }
    options
        .profiling()
        .ifPresent(how ->
            plan.dots()
                .forEach((index, step) -> {
                  Layer layer = network.layers().get(index - 1);
                  LayerRegisters named =
                      LayerRegisters.of(how.summation(), Map.of(layer.name(), how.summation()));
                  profiled.put(index, step.convention(named.of(layer)));
                  profiles.put(index, builders(how.channels() ? step.channels() : 1));
                }));
  }

  private static OverflowProfile.Builder[] builders(int count) {
    return Stream.generate(OverflowProfile::builder)
        .limit(count)
        .toArray(OverflowProfile.Builder[]::new);
  }

  private synchronized int take() {
    int first = next;
    if (stopped || first >= source.images()) {
      return -1;
    }
    next = first + Math.min(batch, source.images() - first);
    return first;
  }

  synchronized void stop() {
    stopped = true;
  }

  /** Runs blocks until none is left. */
  void blocks(Workspace workspace) {
    int narrowest = options.profiling().map(Profiling::narrowest).orElse(Profiling.ANY_WIDTH);
    Optional<WidthsOfImages> images = options.profiling().flatMap(Profiling::images);
    profiled.forEach((index, convention) -> {
      OverflowProfile.Builder[] counts = builders(profilesOf(index).length);
      workspace.profiled().put(index, new Profiled(convention, narrowest, counts, images));
    });
    for (int first = take(); first >= 0; first = take()) {
      block(workspace, first, Math.min(batch, source.images() - first));
    }
    synchronized (this) {
      workspace.profiled().forEach((index, counted) -> merge(profilesOf(index), counted));
    }
  }

  private OverflowProfile.Builder[] profilesOf(int index) {
    return profiles.getOrDefault(index, new OverflowProfile.Builder[0]);
  }

  private static void merge(OverflowProfile.Builder[] into, Profiled counted) {
    for (int i = 0; i < into.length; i++) {
      into[i].add(counted.builders()[i].build());
    }
  }

  private void block(Workspace workspace, int first, int images) {
    workspace.meters(meters, first);
    workspace.probes(probes);
    int[][] tensors = new int[network.tensors()][];
    for (int t = 0; t < tensors.length; t++) {
      tensors[t] = workspace.slot(plan.slot(t), network.tensor(t).elements() * images);
    }
    // a slot may have grown for a later tensor: all must hold the final buffer
    for (int t = 0; t < tensors.length; t++) {
      tensors[t] = workspace.slot(plan.slot(t), 0);
    }
    SampleBlock samples = SampleBlock.read(network, source, first, images, states);
    workspace.block(samples);
    samples.interleave(0, network.input().elements(), tensors[0]);
    sink(0, first, tensors[0], images);
    for (int i = 0; i < plan.steps().size(); i++) {
      try {
        plan.steps().get(i).run(workspace, tensors, images);
      } catch (ArithmeticException e) {
        throw new LayerArithmeticException(network.layers().get(i).name(), e);
      }
      sink(i + 1, first, tensors[i + 1], images);
    }
    if (options.sequence()) { // then this is the only thread, and a block is one image
      states = States.after(network, tensor -> tensors[tensor]);
    }
    int elements = network.output().elements();
    int[] last = separate(tensors[tensors.length - 1], elements, images);
    System.arraycopy(last, 0, outputs, first * elements, last.length);
    synchronized (this) {
      done += images;
      options.progress().accept(done);
    }
  }

  private void sink(int tensor, int first, int[] buffer, int images) {
    if (options.tensors().isPresent()) {
      int[] codes = separate(buffer, network.tensor(tensor).elements(), images);
      synchronized (this) {
        options.tensors().get().take(tensor, first, codes);
      }
    }
  }

  /** [elements][images] to [images][elements]. */
  static int[] separate(int[] buffer, int elements, int images) {
    int[] codes = new int[elements * images];
    for (int image = 0; image < images; image++) {
      for (int e = 0; e < elements; e++) {
        codes[image * elements + e] = buffer[e * images + image];
      }
    }
    return codes;
  }

  Execution result() {
    List<LayerOverflowProfile> made = new ArrayList<>();
    plan.dots()
        .forEach((index, step) -> {
          Convention as = profiled.get(index);
          if (as != null) {
            List<OverflowProfile> parts =
                Arrays.stream(profilesOf(index)).map(OverflowProfile.Builder::build).toList();
            OverflowProfile total =
                parts.stream().reduce(OverflowProfile.empty(), OverflowProfile::plus);
            boolean channels =
                options.profiling().map(RunOptions.Profiling::channels).orElse(false);
            made.add(new LayerOverflowProfile(as.register(), total, channels ? parts : List.of()));
          }
        });
    List<FloatStatistics> statistics = new ArrayList<>();
    plan.floats()
        .forEach((index, step) -> {
          FloatMeter meter = meters.get(index);
          if (meter != null) {
            int terms = LayerRegisters.terms(network, network.layers().get(index - 1));
            statistics.add(meter.result(step.sums().register(), terms));
          }
        });
    return new Execution(
        network.output(), source.images(), outputs, registers.of(network), made, statistics);
  }
}
