package dev.narrows.experiments.analyze;

import dev.narrows.core.bound.DotChannel;
import dev.narrows.core.bound.LayerBounds;
import dev.narrows.core.bound.SignSumBound;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.evaluate.Significance;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.Layer;
import dev.narrows.network.Network;
import dev.narrows.network.execute.Execution;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.LayerProfile;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.Registers;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.pass.InputRanges;
import dev.narrows.network.pass.LayerChannels;
import dev.narrows.report.AnalysisResult;
import dev.narrows.report.FloatLayer;
import dev.narrows.report.LayerAnalysis;
import dev.narrows.report.LayerProfile.ChannelProfile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Bounds of every layer that sums and, with data, how its dot products fare at every width, from
 * one pass. Profiles take each layer's inputs from exact execution.
 *
 * @param view the order and conventions that are looked at; what it leaves out is each layer's own
 * @param channels whether to list every output channel too
 * @param threads to work on; the result does not depend on it
 */
public record Analysis(ModelFile model, Summation view, boolean channels, int threads) {
  /** The least width up to which profiles are listed. */
  private static final int LEAST_WIDEST = 32;

  /** Bounds alone. */
  public AnalysisResult bounds() {
    return new AnalysisResult(
        model.id(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        layers(Map.of()),
        floatLayers(),
        Optional.empty());
  }

  /** Bounds, accuracy and profiles. */
  public AnalysisResult of(NetworkInputs inputs, EvaluationListener listener) {
    return of(inputs, Optional.empty(), listener);
  }

  /**
   * Bounds, accuracy, profiles, and what narrowing single layers does.
   *
   * @throws BadInputException if single layers are to be narrowed and there are no labels
   */
  public AnalysisResult of(
      NetworkInputs inputs, Optional<Narrowing> narrowing, EvaluationListener listener) {
    if (narrowing.isPresent()) {
      Sensitivity.labels(inputs); // before any work is done
    }
    Network network = model.network();
    Execution execution;
    try (Executor executor = Executor.of(network, Registers.exact(), threads)) {
      execution =
          executor.run(
              inputs.source(),
              RunOptions.none()
                  .withProfiles(new RunOptions.Profiling(view, channels))
                  .withProgress(done -> listener.progress("profiles", done, inputs.images())));
    }
    Map<String, LayerProfile> profiles = new HashMap<>();
    execution.profiles().forEach(profile -> profiles.put(profile.layer(), profile));
    int[] predictions = inputs.predictions(execution);
    List<LayerAnalysis> layers = layers(profiles);
    Map<String, Integer> safe = new HashMap<>();
    layers.forEach(layer -> safe.put(layer.name(), layer.bounds().signSum()));
    return new AnalysisResult(
        model.id(),
        Optional.of(inputs.name()),
        Optional.of(inputs.images()),
        inputs.accuracy(predictions),
        inputs.labels().map(labels -> Significance.wilson(predictions, labels)),
        layers,
        floatLayers(),
        narrowing.map(how ->
            new Sensitivity(
                    network, inputs, predictions, execution.profiles(), safe, threads, listener)
                .of(how)));
  }

  /** The layers that sum real numbers; empty if all sum integers. */
  private Optional<List<FloatLayer>> floatLayers() {
    List<FloatLayer> layers = new ArrayList<>();
    for (LayerRegister register : Registers.exact().of(model.network())) {
      Layer layer = model.network().layer(register.layer());
      if (layer.output().isReal()) {
        layers.add(
            new FloatLayer(
                layer.name(),
                layer.kind(),
                Registers.terms(model.network(), layer),
                layer.output().channels(),
                register.asked().toString()));
      }
    }
    return layers.isEmpty() ? Optional.empty() : Optional.of(layers);
  }

  private List<LayerAnalysis> layers(Map<String, LayerProfile> profiles) {
    Map<String, Summation> everywhere = new HashMap<>();
    Map<String, String> accumulators = new HashMap<>();
    for (LayerRegister register : Registers.exact().of(model.network())) {
      if (model.network().layer(register.layer()).output().isReal()) {
        continue;
      }
      everywhere.put(register.layer(), view);
      accumulators.put(register.layer(), register.asked().toString());
    }
    Registers seen =
        Registers.of(Summation.exact(), everywhere); // by name, so that pinned layers are seen too
    InputRanges ranges = InputRanges.of(model.network());
    List<LayerAnalysis> layers = new ArrayList<>();
    for (LayerRegister register : seen.of(model.network())) {
      String name = register.layer();
      if (!everywhere.containsKey(name)) {
        continue;
      }
      LayerChannels summed =
          LayerChannels.of(model.network(), ranges, model.network().layer(name), register);
      layers.add(
          analysis(
              summed,
              accumulators.getOrDefault(name, "exact"),
              Optional.ofNullable(profiles.get(name))));
    }
    return layers;
  }

  private LayerAnalysis analysis(
      LayerChannels sums, String accumulator, Optional<LayerProfile> profile) {
    Layer layer = sums.layer();
    List<DotChannel> summed = sums.channels();
    LayerBounds bounds = LayerBounds.of(summed);
    IntegerRange inputs = summed.getFirst().inputs();
    return new LayerAnalysis(
        layer.name(),
        layer.kind(),
        summed.getFirst().terms(),
        summed.size(),
        summed.stream().mapToInt(DotChannel::weightBits).max().orElse(1),
        List.of(inputs.min(), inputs.max()),
        new dev.narrows.report.LayerBounds(
            bounds.dataType(),
            bounds.l1(),
            bounds.zeroCentred().stream().boxed().findFirst(),
            bounds.signSum()),
        sums.termBits(),
        accumulator,
        channels
            ? Optional.of(summed.stream().map(c -> SignSumBound.of(c).bits()).toList())
            : Optional.empty(),
        profile.map(Analysis::table));
  }

  private static dev.narrows.report.LayerProfile table(LayerProfile profile) {
    int widest = Math.max(LEAST_WIDEST, profile.total().widestPath());
    List<ChannelProfile> channels = new ArrayList<>();
    for (OverflowProfile channel : profile.channels()) {
      channels.add(
          new ChannelProfile(
              channels.size(),
              channel.dots(),
              dev.narrows.report.LayerProfile.widths(channel, widest)));
    }
    return new dev.narrows.report.LayerProfile(
        profile.register().order().toString(),
        profile.register().zero().toString(),
        profile.register().bias().toString(),
        profile.total().dots(),
        dev.narrows.report.LayerProfile.widths(profile.total(), widest),
        channels.isEmpty() ? Optional.empty() : Optional.of(channels));
  }
}
