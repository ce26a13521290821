package dev.narrows.network.execute;

import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.kernels.MatrixProduct;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * What a run does beside making outputs.
 *
 * @param tensors receives every tensor
 * @param profiling gathers a profile of every layer that sums
 * @param statistics gathers those of every layer that sums in a floating register
 * @param probes see the terms of dense layers and convolutions, by layer name; pooling in exact
 *     registers and products of two tensors show none
 * @param progress told the number of images done after each block, one call at a time
 * @param sequence whether images are calls one after the other, each of which begins with the
 *     states that the one before ended with; otherwise each begins with the initial states. A
 *     sequence runs on one thread
 * @param spills is told how often spilling registers spill, which costs a walk of every sum
 * @param signals is told the statistics' signal and noise of each image; not by a program
 */
public record RunOptions(
    Optional<TensorSink> tensors,
    Optional<Profiling> profiling,
    boolean statistics,
    Map<String, TermsProbe> probes,
    IntConsumer progress,
    boolean sequence,
    Optional<SpillsOfLayers> spills,
    Optional<SignalsOfImages> signals) {
  /** Copies the probes. */
  public RunOptions {
    probes = Map.copyOf(probes);
  }

  /**
   * How profiles are gathered, from the inputs that the layers have in this run.
   *
   * @param summation order and conventions; what it leaves out is each layer's own, and its
   *     accumulator does not matter
   * @param channels one profile per output channel too
   * @param narrowest the least width that profiles will be asked about, ≥ 1: below it they may call
   *     a transient sum clean
   * @param images is told of the widths of each image; not by a program, whose layers may run
   *     several times for an image
   */
  public record Profiling(
      Summation summation, boolean channels, int narrowest, Optional<WidthsOfImages> images) {
    /** The narrowest register. */
    public static final int ANY_WIDTH = MatrixProduct.ANY_WIDTH;

    /** Profiles that hold for every width. */
    public Profiling(Summation summation, boolean channels) {
      this(summation, channels, ANY_WIDTH, Optional.empty());
    }

    /** Profiles of whole layers that hold from a width on. */
    public static Profiling from(int narrowest, Summation summation) {
      return new Profiling(summation, false, narrowest, Optional.empty());
    }

    /** The same, telling the widths of each image. */
    public Profiling telling(WidthsOfImages receiver) {
      return new Profiling(summation, channels, narrowest, Optional.of(receiver));
    }

    /** Profiles of an order that hold for every width, under the layers' own conventions. */
    public Profiling(SummationOrder order, boolean channels) {
      this(new Summation(Summation.exact().accumulator(), order), channels);
    }
  }

  /** Outputs only. */
  public static RunOptions none() {
    return new RunOptions(
        Optional.empty(),
        Optional.empty(),
        false,
        Map.of(),
        done -> {},
        false,
        Optional.empty(),
        Optional.empty());
  }

  /** Hands every tensor of every image to a sink. */
  public RunOptions withTensors(TensorSink sink) {
    return new RunOptions(
        Optional.of(sink), profiling, statistics, probes, progress, sequence, spills, signals);
  }

  /** Takes overflow profiles of layers. */
  public RunOptions withProfiles(Profiling how) {
    return new RunOptions(
        tensors, Optional.of(how), statistics, probes, progress, sequence, spills, signals);
  }

  /** Statistics of every layer in a floating register. */
  public RunOptions withStatistics() {
    return new RunOptions(tensors, profiling, true, probes, progress, sequence, spills, signals);
  }

  /** Tells a listener how many images are done after each block, one call at a time. */
  public RunOptions withProgress(IntConsumer listener) {
    return new RunOptions(
        tensors, profiling, statistics, probes, listener, sequence, spills, signals);
  }

  /** Probes by the names of their layers. */
  public RunOptions withProbes(Map<String, TermsProbe> byLayer) {
    return new RunOptions(
        tensors, profiling, statistics, byLayer, progress, sequence, spills, signals);
  }

  /** Images as calls one after the other, states kept. */
  public RunOptions inSequence(boolean kept) {
    return new RunOptions(tensors, profiling, statistics, probes, progress, kept, spills, signals);
  }

  /** Counts spills. */
  public RunOptions withSpills(SpillsOfLayers receiver) {
    return new RunOptions(
        tensors, profiling, statistics, probes, progress, sequence, Optional.of(receiver), signals);
  }

  /** Tells the signal and noise of each image, where there are statistics. */
  public RunOptions withSignals(SignalsOfImages receiver) {
    return new RunOptions(
        tensors, profiling, statistics, probes, progress, sequence, spills, Optional.of(receiver));
  }
}
