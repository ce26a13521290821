package dev.narrows.experiments.order;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.Network;
import dev.narrows.network.execute.Execution;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegister.Origin;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.NetworkRunner;
import dev.narrows.network.execute.TermsProbe;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.SummingLayer;
import dev.narrows.network.pass.InputRanges;
import dev.narrows.network.weights.FloatOperands;
import dev.narrows.report.OrderResult;
import dev.narrows.report.OrderResult.OrderFreedom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * Asks of every dot product that a network computes on some data whether the order of its additions
 * can change it.
 *
 * <p>A register of integers runs the network itself: where all dot products of an image have one
 * code in every order, that run is what every order gives. Floating-point registers are held
 * against exact sums, which their enclosures contain.
 *
 * @param all whether layers with registers of their own are asked about too
 * @param trees to be tried at most on a dot product that is not proved, at least 1
 * @param threads to work on; the result does not depend on it
 */
public record OrderCheck(ModelFile model, boolean all, int trees, int threads) {
  /** Trees that are tried where nothing else is said. */
  public static final int TREES = 8;

  /** Orders that a network is run in beside index order, to see what they change. */
  private static final List<SummationOrder> OTHER_ORDERS =
      List.of(
          new SummationOrder.Reversed(),
          new SummationOrder.Ascending(),
          new SummationOrder.Chunked(16));

  /**
   * Refuses what cannot be asked.
   *
   * @throws BadInputException if the register names an order, or is one without a statement
   */
  public static void require(Summation summation) {
    if (!summation.order().equals(Summation.defaultOrder(summation.accumulator()))) {
      throw new BadInputException(
          "--accumulator: --order-free is about every order of one register; leave out \":%s\" of %s"
              .formatted(summation.order(), summation));
    }
    if (summation.accumulator() instanceof Exact) {
      throw new BadInputException(
          "--accumulator: exact sums are 64 bits wide and checked, so no order changes them;"
              + " --order-free asks about narrow registers");
    }
  }

  /**
   * Looks at all dot products of the inputs.
   *
   * @param registers in index order
   * @throws BadInputException if something cannot be asked, or a register is for no layer
   */
  public OrderResult of(
      NetworkInputs inputs, List<Summation> registers, EvaluationListener listener) {
    registers.forEach(OrderCheck::require);
    if (inputs.program().isPresent()) {
      throw new BadInputException(
          "--order-free: not of a file with control flow or hosted parts, whose layers may run"
              + " several times for an image");
    }
    List<OrderFreedom> found = new ArrayList<>();
    List<RegisterOrders> floats = new ArrayList<>();
    Map<Summation, RegisterOrders> checks = new LinkedHashMap<>();
    for (Summation summation : registers) {
      RegisterOrders check = check(inputs, summation);
      checks.put(summation, check);
      if (check.exactInputs()) {
        floats.add(check);
      }
    }
    if (!floats.isEmpty()) { // one run for all of them
      run(inputs, Summation.exact(), floats, listener, "orders of floating-point registers");
    }
    checks.forEach((summation, check) -> {
      Optional<Integer> changed = Optional.empty();
      if (!check.exactInputs()) {
        Execution index =
            run(inputs, summation, List.of(check), listener, "orders of " + summation);
        if (check.mayChange()) {
          changed = Optional.of(changed(inputs, summation, index, listener));
        }
      }
      found.add(check.result(changed, OTHER_ORDERS));
    });
    return new OrderResult(
        model.id(), inputs.name(), inputs.images(), trees, found, Optional.empty());
  }

  private LayerRegisters registers(Summation base) {
    Map<String, Summation> named = new LinkedHashMap<>();
    for (Layer layer : all ? model.network().layers() : List.<Layer>of()) {
      if (layer instanceof DotLayer dot && dot.pinned().isPresent()) {
        named.put(dot.name(), base);
      }
    }
    return LayerRegisters.of(base, named);
  }

  /** Which layers a register is asked about. */
  private RegisterOrders check(NetworkInputs inputs, Summation summation) {
    Network network = model.network();
    Accumulator accumulator = summation.accumulator();
    boolean floating = !accumulator.takesIntegers();
    // floating-point registers take integers here, which no run gives them: look at exact ones
    LayerRegisters run = registers(floating ? Summation.exact() : summation);
    InputRanges ranges = InputRanges.of(network);
    RegisterOrders check = new RegisterOrders(network, summation, inputs, trees);
    for (LayerRegister register : run.of(network)) {
      SummingLayer layer = (SummingLayer) network.layer(register.layer());
      if (register.origin() == Origin.BASE || register.origin() == Origin.NAMED) {
        check.add(OrderedLayer.of(network, ranges, layer, register, accumulator));
      } else {
        check.leaveOut(layer, register);
      }
    }
    check.requireSome();
    return check;
  }

  private Execution run(
      NetworkInputs inputs,
      Summation summation,
      List<RegisterOrders> checks,
      EvaluationListener listener,
      String what) {
    Map<String, TermsProbe> probes = new HashMap<>();
    for (Layer layer : model.network().layers()) {
      if (layer instanceof DotLayer dot) {
        probe(dot, checks).ifPresent(probe -> probes.put(dot.name(), probe));
      }
    }
    return execute(
        inputs, summation, probes, done -> listener.progress(what, done, inputs.images()));
  }

  private static Optional<TermsProbe> probe(DotLayer layer, List<RegisterOrders> checks) {
    if (layer.operands() instanceof FloatOperands operands) {
      List<TermsProbe> all =
          checks.stream()
              .flatMap(check -> check.probe(layer, operands.weights()).stream())
              .toList();
      return all.isEmpty() ? Optional.empty() : Optional.of(new EveryProbe(all));
    }
    List<DotJudge> judges = checks.stream().flatMap(check -> check.judge(layer).stream()).toList();
    return judges.isEmpty() ? Optional.empty() : Optional.of(new IntegerProbe(layer, judges));
  }

  /** Several of one layer. */
  private record EveryProbe(List<TermsProbe> all) implements TermsProbe {
    @Override
    public void look(int firstChannel, int channels, Terms terms) {
      all.forEach(one -> one.look(firstChannel, channels, terms));
    }

    @Override
    public void lookAtFloats(int firstChannel, int channels, FloatTerms terms) {
      all.forEach(one -> one.lookAtFloats(firstChannel, channels, terms));
    }
  }

  private Execution execute(
      NetworkInputs inputs,
      Summation summation,
      Map<String, TermsProbe> probes,
      IntConsumer progress) {
    try (NetworkRunner executor = inputs.runner(model.network(), registers(summation), threads)) {
      return executor.run(
          inputs.source(), inputs.options().withProbes(probes).withProgress(progress));
    }
  }

  /** Images whose answer is another one in some other order. */
  private int changed(
      NetworkInputs inputs, Summation summation, Execution index, EvaluationListener listener) {
    int[][] answers = answers(index);
    boolean[] changed = new boolean[index.images()];
    for (SummationOrder order : OTHER_ORDERS) {
      int[][] others =
          answers(
              execute(
                  inputs,
                  new Summation(summation.accumulator(), order, summation.zero(), summation.bias()),
                  Map.of(),
                  done -> listener.progress("images in " + order, done, inputs.images())));
      for (int image = 0; image < changed.length; image++) {
        changed[image] |= !Arrays.equals(answers[image], others[image]);
      }
    }
    int count = 0;
    for (boolean one : changed) {
      count += one ? 1 : 0;
    }
    return count;
  }

  /** Classes where outputs are their scores, else all outputs. */
  private int[][] answers(Execution execution) {
    int[][] answers = new int[execution.images()][];
    if (NetworkInputs.areClassScores(model.network())) {
      int[] classes = execution.predictions();
      Arrays.setAll(answers, image -> new int[] {classes[image]});
    } else {
      int elements = execution.type().elements();
      Arrays.setAll(
          answers,
          image ->
              Arrays.copyOfRange(execution.outputs(), image * elements, (image + 1) * elements));
    }
    return answers;
  }
}
