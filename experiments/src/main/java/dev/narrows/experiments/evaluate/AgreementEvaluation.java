package dev.narrows.experiments.evaluate;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.network.FileTensors;
import dev.narrows.network.Network;
import dev.narrows.network.execute.Execution;
import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.execute.LayerOverflowProfile;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.NetworkRunner;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.execute.RunOptions.Profiling;
import dev.narrows.report.AgreementResult;
import dev.narrows.report.AgreementResult.AccumulatorAgreement;
import dev.narrows.report.AgreementResult.OutputNoise;
import dev.narrows.report.EvaluationResult.LayerAccumulator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A network's outputs in any registers beside those in exact ones: for inputs without labels, and
 * for outputs that are no class scores.
 *
 * <p>Images are run in blocks, so that outputs of any size fit memory. What is summed up over them
 * is summed image by image in their order; blocks and threads change no bit of it.
 */
public final class AgreementEvaluation {
  /** Output values held at once for each choice of registers. */
  private static final int MOST_VALUES = 1 << 24;

  private final Network network;
  private final NetworkInputs inputs;
  private final int threads;
  private final EvaluationListener listener;
  private final List<Integer> outputs;
  private final boolean scores;
  private final OverflowClasses overflows;
  private final Map<View, Map<String, OverflowProfile.Builder>> profiles = new LinkedHashMap<>();
  private int narrowest = Accumulator.MAX_BITS;

  private AgreementEvaluation(
      Network network, NetworkInputs inputs, int threads, EvaluationListener listener) {
    this.network = network;
    this.inputs = inputs;
    this.threads = threads;
    this.listener = listener;
    this.outputs = FileTensors.outputs(network);
    this.scores = outputs.size() == 1 && NetworkInputs.areClassScores(network);
    this.overflows = new OverflowClasses(network);
  }

  /**
   * Compares every choice of registers, in their order, with exact ones.
   *
   * @param diagnostics whether it tells what floating-point registers did, too
   */
  public static AgreementResult of(
      ModelFile model,
      NetworkInputs inputs,
      List<LayerRegisters> registers,
      int threads,
      EvaluationListener listener,
      boolean diagnostics) {
    AgreementEvaluation evaluation =
        new AgreementEvaluation(model.network(), inputs, threads, listener);
    List<Agreement> found = evaluation.compare(registers);
    List<AccumulatorAgreement> results = new ArrayList<>();
    for (int i = 0; i < registers.size(); i++) {
      results.add(evaluation.result(registers.get(i), found.get(i), diagnostics));
    }
    return new AgreementResult(
        model.id(), inputs.name(), inputs.images(), evaluation.names(), results);
  }

  private List<String> names() {
    Map<Integer, String> own = new HashMap<>();
    FileTensors.of(network)
        .ifPresent(file -> file.tensors().forEach(one -> own.put(one.tensor(), one.name())));
    return outputs.stream().map(t -> own.getOrDefault(t, network.tensorName(t))).toList();
  }

  private List<Agreement> compare(List<LayerRegisters> registers) {
    List<Agreement> found = registers.stream().map(_ -> new Agreement(network, outputs)).toList();
    registers.forEach(this::expect);
    int block = blockSize();
    for (int first = 0; first < inputs.images(); first += block) {
      int[] images = IntStream.range(first, Math.min(inputs.images(), first + block)).toArray();
      Outputs exact = exact(images);
      for (int i = 0; i < registers.size(); i++) {
        boolean same = registers.get(i).equals(LayerRegisters.exact());
        found.get(i).add(exact, same ? exact : run(registers.get(i), images), images.length);
      }
    }
    return found;
  }

  /** Exact execution will be profiled for the sake of these registers. */
  private void expect(LayerRegisters registers) {
    List<LayerRegister> narrow = FloatDiagnosis.narrow(network, registers);
    if (!FloatDiagnosis.floats(narrow)) {
      for (LayerRegister layer : narrow) {
        profiles.putIfAbsent(view(layer), new HashMap<>());
        narrowest = Math.min(narrowest, layer.accumulator().bits());
      }
    }
  }

  private View view(LayerRegister layer) {
    View own = View.of(layer.asked());
    return overflows.settledByEnd(layer) ? own.inSequence() : own;
  }

  private OverflowProfile profile(LayerRegister layer) {
    OverflowProfile.Builder all = profiles.getOrDefault(view(layer), Map.of()).get(layer.layer());
    return all == null ? OverflowProfile.empty() : all.build();
  }

  /** A block in exact registers, once for each view that is looked at. */
  private Outputs exact(int[] images) {
    Optional<Outputs> made = Optional.empty();
    for (Map.Entry<View, Map<String, OverflowProfile.Builder>> view : profiles.entrySet()) {
      made =
          Optional.of(
              run(
                  "widths in " + view.getKey().order() + " order",
                  LayerRegisters.exact(),
                  images,
                  inputs
                      .options()
                      .withProfiles(Profiling.from(narrowest, view.getKey().profiled())),
                  execution -> add(execution.profiles(), view.getValue())));
    }
    return made.orElseGet(() -> run(LayerRegisters.exact(), images));
  }

  private static void add(
      List<LayerOverflowProfile> more, Map<String, OverflowProfile.Builder> all) {
    more.forEach(
        one -> all.computeIfAbsent(one.layer(), _ -> OverflowProfile.builder()).add(one.total()));
  }

  /** All at once where a call's states go on in the next. */
  private int blockSize() {
    long values = outputs.stream().mapToLong(t -> network.tensor(t).elements()).sum();
    return inputs.sequence() ? inputs.images() : (int) Math.max(1, MOST_VALUES / values);
  }

  /**
   * What a block gave.
   *
   * @param predictions empty where outputs are no class scores
   */
  record Outputs(Map<Integer, int[]> values, int[] predictions) {}

  private Outputs run(LayerRegisters registers, int[] images) {
    return run(Evaluator.text(registers), registers, images, inputs.options(), _ -> {});
  }

  private Outputs run(
      String what,
      LayerRegisters registers,
      int[] images,
      RunOptions asked,
      Consumer<Execution> also) {
    ImageSource source = new ImageSubset(inputs.source(), network.inputElements(), images);
    int done = images[0];
    RunOptions options =
        asked.withProgress(n -> listener.progress(what, done + n, inputs.images()));
    Map<Integer, int[]> values = new HashMap<>();
    try (NetworkRunner executor = inputs.runner(network, registers, threads)) {
      if (outputs.equals(List.of(network.tensors() - 1))) {
        Execution execution = executor.run(source, options);
        also.accept(execution);
        values.put(outputs.getFirst(), execution.outputs());
        return new Outputs(values, scores ? inputs.predictions(execution) : new int[0]);
      }
      outputs.forEach(t -> values.put(t, new int[images.length * network.tensor(t).elements()]));
      also.accept(
          executor.run(
              source,
              options.withTensors((tensor, first, words) -> {
                int[] all = values.get(tensor);
                if (all != null) {
                  System.arraycopy(
                      words, 0, all, first * network.tensor(tensor).elements(), words.length);
                }
              })));
      return new Outputs(values, new int[0]);
    }
  }

  private AccumulatorAgreement result(
      LayerRegisters registers, Agreement found, boolean diagnostics) {
    List<OutputNoise> noise = new ArrayList<>();
    List<String> names = names();
    for (int i = 0; outputs.size() > 1 && i < outputs.size(); i++) {
      noise.add(new OutputNoise(names.get(i), found.decibels(i)));
    }
    Optional<Integer> differing = scores ? Optional.of(found.differing()) : Optional.empty();
    return new AccumulatorAgreement(
        Evaluator.text(registers),
        differing.map(n -> 100.0 * (inputs.images() - n) / inputs.images()),
        differing,
        found.changed(),
        found.decibels(),
        noise,
        overflows.of(FloatDiagnosis.narrow(network, registers), this::profile),
        registers.of(network).stream()
            .map(layer -> new LayerAccumulator(layer.layer(), layer.asked().toString()))
            .toList(),
        diagnostics
            ? new FloatDiagnosis(network, inputs, threads, listener).of(registers, inputs.images())
            : Optional.empty(),
        Optional.empty());
  }
}
