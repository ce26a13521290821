package dev.narrows.experiments.narrow;

import static dev.narrows.repair.plan.PlanTrials.EXACT;

import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.network.Network;
import dev.narrows.network.execute.Branches;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.NetworkRunner;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * A network as it is, in registers that may overflow.
 *
 * @param layers that have a register, by name
 * @param safe widths that no input overflows, by layer: sums are exact there
 */
record RegisterPredictions(
    Network network,
    List<String> layers,
    List<Integer> safe,
    PlanRequest request,
    EvaluationListener listener)
    implements TrialPredictions {
  @Override
  public int[] exact(String what, NetworkInputs images) {
    return run(what, images, LayerRegisters.exact(), List.of()).base();
  }

  @Override
  public List<int[]> of(
      String what, NetworkInputs images, List<Integer> base, List<List<Integer>> choices) {
    return run(what, images, registers(base), choices.stream().map(this::registers).toList())
        .choices();
  }

  private Branches.Classes run(
      String what, NetworkInputs images, LayerRegisters base, List<LayerRegisters> choices) {
    IntConsumer progress = done -> listener.progress(what, done, images.images());
    if (images.program().isEmpty() && images.masked().isEmpty() && images.place().isEmpty()) {
      return Branches.of(network, base, choices, request.threads()).run(images.source(), progress);
    }
    return new Branches.Classes(
        alone(network, images, base, request.threads(), progress),
        choices.stream()
            .map(choice -> alone(network, images, choice, request.threads(), progress))
            .toList());
  }

  /** One network in one choice of registers. */
  static int[] alone(
      Network network,
      NetworkInputs images,
      LayerRegisters registers,
      int threads,
      IntConsumer progress) {
    try (NetworkRunner runner = images.runner(network, registers, threads)) {
      return images.predictions(
          runner.run(images.source(), images.options().withProgress(progress)));
    }
  }

  /** A register that no input overflows is exact, and is run so. */
  private LayerRegisters registers(List<Integer> widths) {
    Map<String, Summation> rules = new LinkedHashMap<>();
    for (int i = 0; i < widths.size(); i++) {
      int bits = widths.get(i);
      if (bits != EXACT && bits < safe.get(i)) {
        rules.put(layers.get(i), request.offered().register(bits));
      }
    }
    return LayerRegisters.of(Summation.exact(), rules);
  }
}
