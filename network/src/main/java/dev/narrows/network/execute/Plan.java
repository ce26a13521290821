package dev.narrows.network.execute;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.network.Network;
import dev.narrows.network.layer.Add;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.ChannelPad;
import dev.narrows.network.layer.Clamp;
import dev.narrows.network.layer.CodeFunction;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Flatten;
import dev.narrows.network.layer.FloatLayer;
import dev.narrows.network.layer.IntegerMatMul;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.MatMul;
import dev.narrows.network.layer.MaxPool;
import dev.narrows.network.layer.Multiply;
import dev.narrows.network.layer.Quantize;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rescale;
import dev.narrows.network.layer.Resize;
import dev.narrows.network.layer.Subsample;
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
          FloatLayerSteps.stored(i + 1, step(network, registers, layer, i + 1), layer.output()));
    }
  }

  private Step step(Network network, LayerRegisters registers, Layer layer, int index) {
    TensorType from = network.first(layer);
    return switch (layer) {
      case DotLayer dot ->
          switch (dot.operands()) {
            case IntegerOperands operands -> {
              DotStep step = DotStep.of(index, dot, operands, from, registers.of(layer));
              dots.put(index, step);
              yield step;
            }
            case FloatOperands operands ->
                metered(new FloatDotStep(index, dot, operands, from, registers.of(layer)), index);
          };
      case MatMul product ->
          metered(
              new MatMulStep(
                  index, product, from, network.tensor(product.right()), registers.of(layer)),
              index);
      case IntegerMatMul product -> {
        TensorType right = network.tensor(product.right());
        IntegerMatMulStep step =
            new IntegerMatMulStep(index, product, from, right, registers.of(layer));
        dots.put(index, step);
        yield step;
      }
      case FloatLayer real -> FloatLayerSteps.of(index, real, from);
      case AveragePool pool -> {
        LayerRegister register = registers.of(layer);
        DotStep asDots = DotStep.of(index, pool, from, register);
        dots.put(index, asDots);
        // code − zero point takes at most bits + 1 bits, so the sum of K stays inside an int
        boolean fits = (long) pool.terms() << (from.quantization().format().bits() + 1) <= 1L << 31;
        PoolStep pooling = PoolStep.of(index, pool, from);
        yield fits && register.accumulator() instanceof Exact
            ? (workspace, tensors, batch) ->
                (workspace.profiled().containsKey(index) ? asDots : pooling)
                    .run(workspace, tensors, batch)
            : asDots;
      }
      case MaxPool pool ->
          from.isFloat() ? FloatLayerSteps.of(index, pool, from) : PoolStep.of(index, pool, from);
      case Add add -> new AddStep(index, add, from, network.tensor(add.right()));
      case Multiply product -> CodeSteps.of(index, product, from, network.tensor(product.right()));
      case Constant constant -> CodeSteps.of(index, constant);
      case Rescale rescale -> MoveSteps.of(index, rescale, from);
      case Resize resize -> new ResizeStep(index, resize, from);
      case Clamp clamp -> MoveSteps.of(index, clamp);
      case Subsample subsample -> MoveSteps.of(index, subsample, from);
      case ChannelPad pad -> MoveSteps.of(index, pad, from);
      case CodeFunction function -> CodeSteps.of(index, function);
      case Quantize quantize -> CodeSteps.of(index, quantize);
      case Rearrange moved -> CodeSteps.of(index, moved, network);
      case Flatten flatten -> (workspace, tensors, batch) -> {}; // the same buffer, read otherwise
    };
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
