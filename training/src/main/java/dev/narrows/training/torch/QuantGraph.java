package dev.narrows.training.torch;

import dev.narrows.training.model.Node;
import dev.narrows.training.model.Node.Add;
import dev.narrows.training.model.Node.Dot;
import dev.narrows.training.model.Node.Flatten;
import dev.narrows.training.model.Node.GlobalAveragePool;
import dev.narrows.training.model.Node.Input;
import dev.narrows.training.model.Node.Shortcut;
import dev.narrows.training.qat.Codes;
import dev.narrows.training.qat.QuantPlan;
import dev.narrows.training.qat.TrainingRegister;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The fake-quantised forward pass in training mode; {@link IntegerGraph} evaluates. Tensors between
 * nodes hold integers; every dot layer sums products of integers, which float32 does exactly below
 * 2^24, so a register sees the very sums that the lowered network's accumulator will see.
 */
final class QuantGraph {
  /** Integer-valued codes and the log2 of their scale. */
  private record Coded(Tensor codes, Tensor log2Scale) {}

  private final QuantPlan plan;
  private final ParameterStore store;
  private final Quantize quantize;
  private final Registers registers;

  QuantGraph(QuantPlan plan, ParameterStore store, Quantize quantize, Registers registers) {
    this.plan = plan;
    this.store = store;
    this.quantize = quantize;
    this.registers = registers;
  }

  /**
   * Class scores [N][classes].
   *
   * @param layers register of each dot layer; exact where none is given
   */
  Tensor scores(Tensor images, Map<String, TrainingRegister> layers) {
    Map<String, Coded> outputs = new HashMap<>();
    for (Node node : plan.model().nodes()) {
      String name = node.name();
      switch (node) {
        case Input _ -> outputs.put(name, activations(name, images));
        case Dot dot -> {
          TrainingRegister register = layers.getOrDefault(name, new TrainingRegister.Exact());
          Tensor real = dot(dot, get(outputs, dot.input()), register);
          if (plan.output(name).isEmpty()) {
            return real;
          }
          // Unsigned codes cut at 0, with ReLU's gradient.
          outputs.put(name, activations(name, real));
        }
        case Add add -> {
          Tensor sum = real(get(outputs, add.left())).add(real(get(outputs, add.right())));
          outputs.put(name, activations(name, sum));
        }
        case Shortcut cut -> {
          Coded input = get(outputs, cut.input());
          outputs.put(name, new Coded(FloatGraph.shortcut(cut, input.codes()), input.log2Scale()));
        }
        case Flatten flatten -> {
          Coded input = get(outputs, flatten.input());
          outputs.put(name, new Coded(Torch.flatten(input.codes()), input.log2Scale()));
        }
        case GlobalAveragePool pool -> {
          Coded input = get(outputs, pool.input());
          Tensor to = store.tensor(plan.outputScale(name));
          Tensor mean = Torch.spatialMean(input.codes());
          outputs.put(
              name, new Coded(quantize.rescale(mean, input.log2Scale(), to, codes(name)), to));
        }
      }
    }
    throw new IllegalStateException("the last node gives the scores");
  }

  private Tensor dot(Dot dot, Coded input, TrainingRegister register) {
    Tensor codes = input.codes();
    Tensor inputScale = input.log2Scale();
    Optional<Codes> operand = plan.operand(dot);
    if (operand.isPresent()) {
      Tensor to = store.tensor(QuantPlan.operandScale(dot));
      codes = quantize.rescale(codes, inputScale, to, operand.get());
      inputScale = to;
    }
    Tensor weightScale = store.tensor(QuantPlan.weightScale(dot));
    Tensor weights =
        quantize.weights(
            store.tensor(dot.name() + ".weight"),
            weightScale,
            Codes.weightLimit(plan.weightBits(dot)));
    Tensor scale = torch.exp2(weightScale.add(inputScale));
    Optional<Tensor> signs = signs(dot);
    if (signs.isPresent()) {
      // Lowering negates these channels, and a register is not symmetric about 0.
      weights = weights.mul(rows(signs.get(), weights));
      scale = scale.mul(signs.get());
    }
    Tensor sums = registers.apply(register, dot, codes, weights);
    Tensor real = sums.mul(FloatGraph.perChannel(scale, dot));
    return dot.norm().isPresent()
        ? FloatGraph.normalise(store, dot.norm().get(), real, true)
        : real.add(FloatGraph.perChannel(store.tensor(dot.name() + ".bias"), dot));
  }

  /** −1 for each channel whose batch-norm scale is negative; empty if there is none. */
  private Optional<Tensor> signs(Dot dot) {
    if (dot.norm().isEmpty()) {
      return Optional.empty();
    }
    float[] gamma = store.read(dot.norm().get() + ".weight");
    boolean negative = false;
    for (int c = 0; c < gamma.length; c++) {
      negative |= gamma[c] < 0;
      gamma[c] = gamma[c] < 0 ? -1 : 1;
    }
    return negative ? Optional.of(Torch.vector(gamma)) : Optional.empty();
  }

  private static Tensor rows(Tensor vector, Tensor like) {
    return like.dim() == 4 ? vector.view(-1, 1, 1, 1) : vector.view(-1, 1);
  }

  private Coded activations(String node, Tensor real) {
    Tensor scale = store.tensor(plan.outputScale(node));
    return new Coded(quantize.activations(real, scale, codes(node)), scale);
  }

  private static Tensor real(Coded coded) {
    return coded.codes().mul(torch.exp2(coded.log2Scale()));
  }

  private Codes codes(String node) {
    return plan.output(node).orElseThrow();
  }

  private static Coded get(Map<String, Coded> outputs, String name) {
    Coded output = outputs.get(name);
    if (output == null) {
      throw new IllegalStateException("node " + name + " has not run yet");
    }
    return output;
  }
}
