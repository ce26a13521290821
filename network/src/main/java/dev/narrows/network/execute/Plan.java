package dev.narrows.network.execute;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.network.Network;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.FunctionLayer;
import dev.narrows.network.layer.InputLayer;
import dev.narrows.network.layer.IntegerMatMul;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.MatMul;
import dev.narrows.network.layer.SummingLayer;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.FloatOperands;
import dev.narrows.network.weights.IntegerOperands;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A network's layers as steps, with every weight packed once; immutable. */
final class Plan {
  private final List<Step> steps = new ArrayList<>();
  private final Map<Integer, SumStep> dots = new LinkedHashMap<>(); // by tensor index
  private final Map<Integer, FloatStep> floats = new LinkedHashMap<>(); // by tensor index
  private final int[] slots;

  Plan(Network network, LayerRegisters registers) {
    registers.of(network); // refuses rules that match nothing
    this.slots = Slots.of(network);
    for (int i = 0; i < network.layers().size(); i++) {
      Layer layer = network.layers().get(i);
      steps.add(
          FunctionSteps.stored(i + 1, step(network, registers, layer, i + 1), layer.output()));
    }
  }

  private Step step(Network network, LayerRegisters registers, Layer layer, int index) {
    List<TensorType> from = network.sources(layer);
    return switch (layer) {
      case SummingLayer sums -> sums(index, sums, from, registers.of(layer));
      case FunctionLayer function -> FunctionSteps.of(index, function, from);
      case InputLayer input -> InputStep.of(network, input, index);
    };
  }

  private Step sums(
      int index, SummingLayer layer, List<TensorType> sources, LayerRegister register) {
    TensorType from = sources.getFirst();
    return switch (layer) {
      case DotLayer dot ->
          switch (dot.operands()) {
            case IntegerOperands operands ->
                counted(DotStep.of(index, dot, operands, from, register), index);
            case FloatOperands operands ->
                metered(new FloatDotStep(index, dot, operands, from, register), index);
          };
      case MatMul product ->
          metered(new MatMulStep(index, product, from, sources.get(1), register), index);
      case IntegerMatMul product ->
          counted(new IntegerMatMulStep(index, product, from, sources.get(1), register), index);
      case AveragePool pool -> pool(index, pool, from, register);
    };
  }

  private Step pool(int index, AveragePool pool, TensorType from, LayerRegister register) {
    SumStep asDots = counted(DotStep.of(index, pool, from, register), index);
    // code − zero point takes at most bits + 1 bits, so the sum of K stays inside an int
    boolean fits = (long) pool.terms() << (from.quantization().format().bits() + 1) <= 1L << 31;
    PoolStep pooling = PoolStep.of(index, pool, from);
    return fits && register.accumulator() instanceof Exact
        ? (workspace, tensors, batch) ->
            (workspace.profiled().containsKey(index) ? asDots : pooling)
                .run(workspace, tensors, batch)
        : asDots;
  }

  private SumStep counted(SumStep step, int index) {
    dots.put(index, step);
    return step;
  }

  private Step metered(FloatStep step, int index) {
    floats.put(index, step);
    return step;
  }

  List<Step> steps() {
    return steps;
  }

  /** The steps that sum integers, by the index of the tensor they make. */
  Map<Integer, SumStep> dots() {
    return dots;
  }

  /** The steps that sum real numbers, by the index of the tensor they make. */
  Map<Integer, FloatStep> floats() {
    return floats;
  }

  /** The buffer that tensor {@code index} lives in. */
  int slot(int index) {
    return slots[index];
  }

  Workspace workspace(int batch) {
    return new Workspace(
        dots.values().stream().mapToInt(step -> step.columnValues(batch)).max().orElse(0));
  }
}
