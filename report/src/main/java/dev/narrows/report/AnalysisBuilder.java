package dev.narrows.report;

import java.util.List;
import java.util.Optional;

/** The parts of an {@link AnalysisResult}, named one by one; what is not named is absent. */
public final class AnalysisBuilder {
  private final NetworkFile network;
  private Optional<String> dataset = Optional.empty();
  private Optional<Integer> images = Optional.empty();
  private Optional<Double> accuracy = Optional.empty();
  private Optional<Interval> interval = Optional.empty();
  private List<LayerAnalysis> layers;
  private Optional<List<FloatSumLayer>> floatLayers = Optional.empty();
  private Optional<PlatformResult> platforms = Optional.empty();
  private Optional<List<WorstChannels>> worstChannels = Optional.empty();
  private Optional<SensitivityResult> sensitivity = Optional.empty();
  private Optional<Integer> trainedBits = Optional.empty();
  private Optional<List<String>> exactLayers = Optional.empty();
  private Optional<TargetResult> target = Optional.empty();
  private Optional<HostedPart> hosted = Optional.empty();
  private Optional<List<StatedRegister>> statedRegisters = Optional.empty();
  private Optional<List<NetworkStep>> steps = Optional.empty();

  /** Of layers that sum integers. */
  public AnalysisBuilder(NetworkFile network, List<LayerAnalysis> layers) {
    this.network = network;
    this.layers = layers;
  }

  /** All that a result has. */
  AnalysisBuilder(AnalysisResult from) {
    this(from.network(), from.layers());
    dataset = from.dataset();
    images = from.images();
    accuracy = from.accuracy();
    interval = from.interval();
    floatLayers = from.floatLayers();
    platforms = from.platforms();
    worstChannels = from.worstChannels();
    sensitivity = from.sensitivity();
    trainedBits = from.trainedBits();
    exactLayers = from.exactLayers();
    target = from.target();
    hosted = from.hosted();
    statedRegisters = from.statedRegisters();
    steps = from.steps();
  }

  /** Data, and how many images of them were seen. */
  public AnalysisBuilder seen(String name, int count) {
    dataset = Optional.of(name);
    images = Optional.of(count);
    return this;
  }

  /** With exact registers, in percent, and its interval. */
  public AnalysisBuilder accuracy(Optional<Double> percent, Optional<Interval> around) {
    accuracy = percent;
    interval = around;
    return this;
  }

  /** Layers that sum integers. */
  public AnalysisBuilder layers(List<LayerAnalysis> others) {
    layers = others;
    return this;
  }

  /** Layers that sum real numbers. */
  public AnalysisBuilder floatLayers(Optional<List<FloatSumLayer>> floats) {
    floatLayers = floats;
    return this;
  }

  /** What processors' narrow registers do. */
  public AnalysisBuilder platforms(Optional<PlatformResult> narrow) {
    platforms = narrow;
    return this;
  }

  /** The worst channels, for each width that was asked for. */
  public AnalysisBuilder worstChannels(Optional<List<WorstChannels>> worst) {
    worstChannels = worst;
    return this;
  }

  /** Accuracy with single layers narrowed. */
  public AnalysisBuilder sensitivity(Optional<SensitivityResult> narrowed) {
    sensitivity = narrowed;
    return this;
  }

  /**
   * The width that the network was trained to be safe in.
   *
   * @param exact layers with exact registers of their own, to which it does not apply
   */
  public AnalysisBuilder trained(Optional<Integer> bits, Optional<List<String>> exact) {
    trainedBits = bits;
    exactLayers = exact;
    return this;
  }

  /** Whether the network is safe in the registers that were asked about. */
  public AnalysisBuilder target(Optional<TargetResult> verdict) {
    target = verdict;
    return this;
  }

  /** What a runtime of others computes. */
  public AnalysisBuilder hosted(Optional<HostedPart> part) {
    hosted = part;
    return this;
  }

  /** Registers that the file states. */
  public AnalysisBuilder statedRegisters(Optional<List<StatedRegister>> registers) {
    statedRegisters = registers;
    return this;
  }

  /** Every step of the network. */
  public AnalysisBuilder steps(Optional<List<NetworkStep>> all) {
    steps = all;
    return this;
  }

  /** The result. */
  public AnalysisResult build() {
    return new AnalysisResult(
        network,
        dataset,
        images,
        accuracy,
        interval,
        layers,
        floatLayers,
        platforms,
        worstChannels,
        sensitivity,
        trainedBits,
        exactLayers,
        target,
        hosted,
        statedRegisters,
        steps);
  }
}
