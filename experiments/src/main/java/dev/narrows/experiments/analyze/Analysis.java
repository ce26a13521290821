package dev.narrows.experiments.analyze;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.bound.ChannelTerms;
import dev.narrows.core.bound.LayerBounds;
import dev.narrows.core.bound.SignSumBound;
import dev.narrows.core.dot.OverflowClass;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.order.FloatOrders;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.evaluate.Significance;
import dev.narrows.experiments.evaluate.WidthsByImage;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.recipe.Constraint;
import dev.narrows.network.FileRegisters;
import dev.narrows.network.Network;
import dev.narrows.network.execute.Execution;
import dev.narrows.network.execute.LayerArithmeticException;
import dev.narrows.network.execute.LayerOverflowProfile;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.NetworkRunner;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.pass.InputRanges;
import dev.narrows.network.pass.LayerChannels;
import dev.narrows.network.program.ProgramModel;
import dev.narrows.report.AnalysisBuilder;
import dev.narrows.report.AnalysisResult;
import dev.narrows.report.FloatSumLayer;
import dev.narrows.report.HostedPart;
import dev.narrows.report.HostedPart.HostedOperator;
import dev.narrows.report.LayerAnalysis;
import dev.narrows.report.LayerOverflows;
import dev.narrows.report.LayerOverflows.ChannelProfile;
import dev.narrows.report.LayerWidths;
import dev.narrows.report.NetworkStep;
import dev.narrows.report.PlatformResult;
import dev.narrows.report.WorstChannels;
import dev.narrows.report.WorstChannels.WorstChannel;
import java.util.ArrayList;
import java.util.Comparator;
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

  /** The narrow register that processors have. */
  private static final int COMMON_WIDTH = 16;

  /** Channels named as the worst. */
  private static final int MOST_WORST = 10;

  /** Bounds alone. */
  public AnalysisResult bounds() {
    List<LayerChannels> summed = summed();
    List<LayerAnalysis> layers = layers(summed, Map.of());
    return known(layers)
        .platforms(platforms(new Platforms(model.network()), layers, summed))
        .build();
  }

  /** Bounds, accuracy and profiles. */
  public AnalysisResult of(NetworkInputs inputs, EvaluationListener listener) {
    return of(inputs, List.of(COMMON_WIDTH), Optional.empty(), listener);
  }

  /**
   * Bounds, accuracy, profiles, the worst channels, and what narrowing single layers does.
   *
   * @param widths to name the worst channels of
   * @throws BadInputException if single layers are to be narrowed and there are no labels
   */
  public AnalysisResult of(
      NetworkInputs inputs,
      List<Integer> widths,
      Optional<Narrowing> narrowing,
      EvaluationListener listener) {
    if (narrowing.isPresent()) {
      Sensitivity.labels(inputs); // before any work is done
    }
    Network network = model.network();
    Platforms platforms = new Platforms(network);
    Execution execution;
    WidthsByImage ofImages = new WidthsByImage(network, inputs.images());
    RunOptions.Profiling profiling = new RunOptions.Profiling(view, true);
    boolean told = narrowing.isPresent() && !inputs.sequence() && inputs.program().isEmpty();
    try (NetworkRunner executor = inputs.runner(network, LayerRegisters.exact(), threads)) {
      execution =
          executor.run(
              inputs.source(),
              inputs
                  .options()
                  .withProfiles(told ? profiling.telling(ofImages) : profiling)
                  .withProbes(platforms.probes())
                  .withProgress(done -> listener.progress("profiles", done, inputs.images())));
    }
    Map<String, LayerOverflowProfile> profiles = new HashMap<>();
    execution.profiles().forEach(profile -> profiles.put(profile.layer(), profile));
    int[] predictions = inputs.predictions(execution);
    List<LayerChannels> summed = summed();
    List<LayerAnalysis> layers = layers(summed, profiles);
    return known(layers)
        .seen(inputs.name(), inputs.images())
        .accuracy(
            inputs.accuracy(predictions),
            inputs.labels().map(labels -> Significance.wilson(predictions, labels)))
        .platforms(platforms(platforms, layers, summed))
        .worstChannels(
            summed.isEmpty()
                ? Optional.empty()
                : Optional.of(widths.stream().map(bits -> worst(bits, summed, profiles)).toList()))
        .sensitivity(
            narrowing.map(how -> {
              Map<String, Integer> safe = new HashMap<>();
              layers.forEach(layer -> safe.put(layer.name(), layer.bounds().signSum()));
              return new Sensitivity(
                      network,
                      inputs,
                      predictions,
                      execution.profiles(),
                      ofImages,
                      safe,
                      threads,
                      listener)
                  .of(how);
            }))
        .build();
  }

  /** What is known without data. */
  private AnalysisBuilder known(List<LayerAnalysis> layers) {
    return new AnalysisBuilder(model.id(), layers)
        .floatLayers(floatLayers())
        .trained(trainedBits(), exactLayers())
        .hosted(hosted())
        .statedRegisters(FileStatements.of(model.network()))
        .steps(Optional.of(steps()));
  }

  private List<NetworkStep> steps() {
    List<Layer> layers = model.network().layers();
    return layers.stream()
        .map(layer ->
            new NetworkStep(
                layer.name(),
                layer.kind(),
                layer.inputs().stream()
                    .map(t -> t == 0 ? NetworkStep.NETWORK_INPUT : layers.get(t - 1).name())
                    .toList()))
        .toList();
  }

  private Optional<HostedPart> hosted() {
    return model
        .program()
        .map(ProgramModel::program)
        .map(program ->
            new HostedPart(
                program.segments(),
                program.hostedOperators().entrySet().stream()
                    .map(entry -> new HostedOperator(entry.getKey(), entry.getValue()))
                    .toList(),
                ProgramModel.unseen(model.network())));
  }

  /** The width that the run's recipe constrained the weights to. */
  private Optional<Integer> trainedBits() {
    return model.run().flatMap(run -> run.recipe().numbers().constraint()).map(Constraint::bits);
  }

  /** Layers with an exact register of their own, and pools beside them; absent without any. */
  private Optional<List<String>> exactLayers() {
    List<LayerRegister> registers =
        LayerRegisters.exact().of(model.network()).stream()
            .filter(register -> register.origin() != LayerRegister.Origin.BASE)
            .filter(register -> register.accumulator() instanceof Exact)
            .toList();
    return registers.stream().anyMatch(one -> one.origin() == LayerRegister.Origin.PINNED)
        ? Optional.of(registers.stream().map(LayerRegister::layer).toList())
        : Optional.empty();
  }

  private Optional<PlatformResult> platforms(
      Platforms platforms, List<LayerAnalysis> layers, List<LayerChannels> summed) {
    Map<String, List<Integer>> safe = new HashMap<>();
    summed.forEach(sums -> safe.put(sums.layer().name(), safe(sums)));
    return summed.isEmpty()
        ? Optional.empty()
        : Optional.of(platforms.result(layers, safe, channels));
  }

  private static List<Integer> safe(LayerChannels sums) {
    return sums.channels().stream().map(c -> SignSumBound.of(c).bits()).toList();
  }

  private static WorstChannels worst(
      int bits, List<LayerChannels> summed, Map<String, LayerOverflowProfile> profiles) {
    List<WorstChannel> all = new ArrayList<>();
    for (LayerChannels sums : summed) {
      String name = sums.layer().name();
      LayerOverflowProfile profile = profiles.get(name);
      if (profile == null) {
        continue;
      }
      List<Integer> safe = safe(sums);
      for (int c = 0; c < safe.size(); c++) {
        OverflowProfile dots = profile.channels().get(c);
        long count = dots.dots();
        long clean = dots.count(OverflowClass.CLEAN, bits);
        all.add(new WorstChannel(name, c, dots.widestPath(), safe.get(c), count, count - clean));
      }
    }
    all.sort(
        Comparator.comparingDouble((WorstChannel one) ->
                one.dots() == 0 ? 0 : -(double) one.overflowing() / one.dots())
            .thenComparing(Comparator.comparingInt(WorstChannel::seen).reversed())
            .thenComparing(Comparator.comparingInt(WorstChannel::safe).reversed()));
    return new WorstChannels(bits, all.stream().limit(MOST_WORST).toList());
  }

  /** The layers that sum real numbers; empty if all sum integers. */
  private Optional<List<FloatSumLayer>> floatLayers() {
    List<FloatSumLayer> layers = new ArrayList<>();
    for (LayerRegister register : LayerRegisters.exact().of(model.network())) {
      Layer layer = model.network().layer(register.layer());
      if (layer.output().isFloat()) {
        layers.add(
            new FloatSumLayer(
                layer.name(),
                layer.kind(),
                LayerRegisters.terms(model.network(), layer),
                layer.output().channels(),
                register.asked().toString(),
                errorFactor(register, LayerRegisters.terms(model.network(), layer))));
      }
    }
    return layers.isEmpty() ? Optional.empty() : Optional.of(layers);
  }

  /** The error bound of a layer's register, if that is one that adds floats one by one. */
  public static Optional<Double> errorFactor(LayerRegister register, int terms) {
    return register.accumulator() instanceof FloatingAccumulator
        ? Optional.of(FloatOrders.errorFactor(register.accumulator(), register.order(), terms))
        : Optional.empty();
  }

  /** The channels of every layer that sums integers, pinned ones too. */
  private List<LayerChannels> summed() {
    Network network = model.network();
    Map<String, Summation> everywhere = new HashMap<>();
    for (LayerRegister register : LayerRegisters.exact().of(network)) {
      if (!network.layer(register.layer()).output().isFloat()) {
        everywhere.put(register.layer(), view); // by name, so that pinned layers are seen too
      }
    }
    InputRanges ranges = InputRanges.of(network);
    return LayerRegisters.of(Summation.exact(), everywhere).of(network).stream()
        .filter(register -> everywhere.containsKey(register.layer()))
        .map(register ->
            LayerChannels.of(network, ranges, network.layer(register.layer()), register))
        .toList();
  }

  private List<LayerAnalysis> layers(
      List<LayerChannels> summed, Map<String, LayerOverflowProfile> profiles) {
    Map<String, String> accumulators = new HashMap<>();
    for (LayerRegister register : LayerRegisters.exact().of(model.network())) {
      accumulators.put(register.layer(), register.asked().toString());
    }
    Optional<FileRegisters> file = FileRegisters.of(model.network());
    return summed.stream()
        .map(sums -> {
          String name = sums.layer().name();
          return analysis(
              sums,
              accumulators.getOrDefault(name, "exact"),
              file.map(registers -> "int" + registers.bits(sums.layer())),
              file.filter(f -> f.optimized(sums.layer()) != f.bits(sums.layer()))
                  .map(f -> "int" + f.optimized(sums.layer())),
              Optional.ofNullable(profiles.get(name)));
        })
        .toList();
  }

  private static LayerBounds bounds(LayerChannels sums) {
    try {
      return LayerBounds.of(sums.channels());
    } catch (ArithmeticException e) {
      throw LayerArithmeticException.unbounded(sums.layer().name(), e);
    }
  }

  private LayerAnalysis analysis(
      LayerChannels sums,
      String accumulator,
      Optional<String> fileRegister,
      Optional<String> optimizedRegister,
      Optional<LayerOverflowProfile> profile) {
    Layer layer = sums.layer();
    List<ChannelTerms> summed = sums.channels();
    LayerBounds bounds = bounds(sums);
    IntegerRange inputs = summed.getFirst().inputs();
    return new LayerAnalysis(
        layer.name(),
        layer.kind(),
        summed.getFirst().terms(),
        summed.size(),
        summed.stream().mapToInt(ChannelTerms::weightBits).max().orElse(1),
        List.of(inputs.min(), inputs.max()),
        new LayerWidths(
            bounds.dataType(),
            bounds.l1(),
            bounds.zeroCentred().stream().boxed().findFirst(),
            bounds.signSum()),
        sums.termBits(),
        accumulator,
        fileRegister,
        optimizedRegister,
        Optional.of(safe(sums)),
        profile.map(this::table));
  }

  private LayerOverflows table(LayerOverflowProfile profile) {
    int widest = Math.max(LEAST_WIDEST, profile.total().widestPath());
    List<ChannelProfile> rows = new ArrayList<>();
    for (OverflowProfile channel : channels ? profile.channels() : List.<OverflowProfile>of()) {
      rows.add(
          new ChannelProfile(rows.size(), channel.dots(), LayerOverflows.widths(channel, widest)));
    }
    return new LayerOverflows(
        profile.register().order().toString(),
        profile.register().zero().toString(),
        profile.register().bias().toString(),
        profile.total().dots(),
        LayerOverflows.widths(profile.total(), widest),
        channels ? Optional.of(rows) : Optional.empty(),
        Optional.of(profile.channels().stream().map(OverflowProfile::widestPath).toList()));
  }
}
