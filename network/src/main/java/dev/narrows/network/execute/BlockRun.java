package dev.narrows.network.execute;

import dev.narrows.core.dot.Decisions;
import dev.narrows.network.Network;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
  private final LayerProfiles profiles;
  private final Map<Integer, FloatMeter> meters = new HashMap<>(); // by tensor index
  private final Map<Integer, TermsProbe> probes = new HashMap<>(); // by tensor index
  private int next;
  private int done;
  private boolean stopped;
  private Decisions decisions = Decisions.none();

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
    this.profiles = new LayerProfiles(network, plan, options.profiling());
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
    workspace.columns().takeDecisions(); // of an earlier run that failed
    profiles.begin(workspace);
    for (int first = take(); first >= 0; first = take()) {
      block(workspace, first, Math.min(batch, source.images() - first));
    }
    profiles.end(workspace);
    Decisions counted = workspace.columns().takeDecisions();
    synchronized (this) {
      decisions = decisions.plus(counted);
    }
  }

  private void block(Workspace workspace, int first, int images) {
    workspace.meters(meters, first);
    workspace.probes(probes);
    workspace.spills(options.spills());
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
    List<FloatStatistics> statistics = new ArrayList<>();
    plan.floats()
        .forEach((index, step) -> {
          FloatMeter meter = meters.get(index);
          if (meter != null) {
            int terms = LayerRegisters.terms(network, network.layers().get(index - 1));
            statistics.add(meter.result(step.sums().register(), terms));
            options.signals().ifPresent(receiver -> meter.tell(step.sums().register(), receiver));
          }
        });
    return new Execution(
        network.output(),
        source.images(),
        outputs,
        registers.of(network),
        profiles.result(),
        statistics,
        decisions);
  }
}
