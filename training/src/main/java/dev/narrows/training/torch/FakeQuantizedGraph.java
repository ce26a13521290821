package dev.narrows.training.torch;

import dev.narrows.training.model.BatchNorm;
import dev.narrows.training.model.BatchNormNode;
import dev.narrows.training.model.FloatNode;
import dev.narrows.training.model.ImportedNode;
import dev.narrows.training.model.MatMulNode;
import dev.narrows.training.model.Node;
import dev.narrows.training.model.Node.AddNode;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.model.Node.FlattenNode;
import dev.narrows.training.model.Node.GlobalAveragePoolNode;
import dev.narrows.training.model.Node.InputNode;
import dev.narrows.training.model.ParameterNode;
import dev.narrows.training.qat.CodeFormat;
import dev.narrows.training.qat.Operand;
import dev.narrows.training.qat.QuantizationPlan;
import dev.narrows.training.qat.TrainingRegister;
import dev.narrows.training.qat.TrainingRegister.ExactRegister;
import dev.narrows.training.qat.TrainingRegister.ResolvedRegister;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The fake-quantised forward pass in training mode; {@link IntegerGraph} evaluates. Tensors between
 * nodes hold integers; every dot layer sums products of integers, which float32 does exactly below
 * 2^24, so a register sees the very sums that the lowered network's accumulator will see.
 *
 * @see "docs/training.md, The integer graph"
 */
final class FakeQuantizedGraph {
  /** A node's output. */
  private sealed interface Value {
    /** The numbers that it stands for. */
    Tensor numbers();
  }

  /** Integer-valued codes and the log2 of their scale. */
  private record Coded(Tensor codes, Tensor log2Scale) implements Value {
    @Override
    public Tensor numbers() {
      return codes.mul(torch.exp2(log2Scale));
    }
  }

  /** Numbers between layers that no register belongs to. */
  private record Plain(Tensor numbers) implements Value {}

  private final QuantizationPlan plan;
  private final ParameterStore store;
  private final FakeQuantization quantize;
  private final BatchNormQuantization normQuantize;
  private final IntegerRegisterSums registers;

  FakeQuantizedGraph(
      QuantizationPlan plan,
      ParameterStore store,
      FakeQuantization quantize,
      BatchNormQuantization normQuantize,
      IntegerRegisterSums registers) {
    this.plan = plan;
    this.store = store;
    this.quantize = quantize;
    this.normQuantize = normQuantize;
    this.registers = registers;
  }

  /**
   * Class scores [N][classes].
   *
   * @param layers register of each dot layer; exact where none is given
   */
  Tensor scores(Tensor images, Map<String, TrainingRegister> layers) {
    Map<String, Value> outputs = new HashMap<>();
    for (Node node : plan.model().nodes()) {
      String name = node.name();
      switch (node) {
        case InputNode _ -> outputs.put(name, activations(name, images));
        case DotNode dot -> {
          TrainingRegister register = layers.getOrDefault(name, new ExactRegister());
          Sums sums = sums(dot, get(outputs, dot.input()), register);
          if (plan.output(name).isEmpty()) {
            return biased(dot, sums);
          }
          // Unsigned codes cut at 0, with ReLU's gradient.
          outputs.put(
              name,
              dot.norm().isPresent()
                  ? normalised(dot, dot.norm().get(), sums, register)
                  : activations(name, biased(dot, sums)));
        }
        case AddNode add -> {
          Coded left = get(outputs, add.left());
          Coded right = get(outputs, add.right());
          Tensor to = store.tensor(plan.outputScale(name));
          Tensor sum =
              quantize.add(
                  left.codes(),
                  left.log2Scale(),
                  FloatGraph.alike(right.codes(), left.codes()),
                  right.log2Scale(),
                  to,
                  codes(name));
          outputs.put(name, new Coded(sum, to));
        }
        case MatMulNode product -> outputs.put(name, product(product, outputs, layers));
        case FloatNode floating -> throw floating.noIntegers();
        case FlattenNode flatten ->
            outputs.put(
                name,
                switch (value(outputs, flatten.input())) {
                  case Coded(Tensor codes, Tensor scale) -> new Coded(Torch.flatten(codes), scale);
                  case Plain(Tensor numbers) -> new Plain(Torch.flatten(numbers));
                });
        case ImportedNode layer -> outputs.put(name, output(layer, outputs));
        case BatchNormNode norm ->
            outputs.put(
                name,
                made(
                    name,
                    FloatGraph.normalise(
                        store,
                        norm.norm(),
                        image(norm.input(), numbers(outputs, norm.input())),
                        true)));
        case ParameterNode numbers ->
            outputs.put(name, made(name, FloatGraph.parameters(store, numbers)));
        case GlobalAveragePoolNode pool -> {
          Coded input = get(outputs, pool.input());
          Tensor to = store.tensor(plan.outputScale(name));
          Tensor mean = Torch.spatialMean(image(pool.input(), input.codes()));
          outputs.put(
              name, new Coded(quantize.rescale(mean, input.log2Scale(), to, codes(name)), to));
        }
      }
    }
    return numbers(outputs, plan.model().output().name());
  }

  private Value output(ImportedNode node, Map<String, Value> outputs) {
    boolean coded = node.moves() && !plan.floats(node.name());
    if (!coded) {
      List<Tensor> in =
          node.operands().stream().map(input -> image(input, numbers(outputs, input))).toList();
      return made(node.name(), LayerOutputs.of(node.layer(), in));
    }
    Tensor to = store.tensor(plan.outputScale(node.name()));
    boolean alone = node.inputs().size() == 1;
    List<Tensor> codes =
        node.operands().stream()
            .map(input -> {
              Coded from = get(outputs, input);
              Tensor same =
                  alone
                      ? from.codes()
                      : quantize.rescale(from.codes(), from.log2Scale(), to, codes(node.name()));
              return image(input, same);
            })
            .toList();
    return new Coded(LayerOutputs.of(node.layer(), codes), to);
  }

  /** Numbers as they are, or as codes. */
  private Value made(String node, Tensor numbers) {
    return plan.floats(node) ? new Plain(numbers) : activations(node, numbers);
  }

  private Tensor image(String node, Tensor tensor) {
    return tensor.dim() == 4 ? tensor : LayerOutputs.shaped(tensor, plan.model().shape(node));
  }

  private static Tensor numbers(Map<String, Value> outputs, String name) {
    return value(outputs, name).numbers();
  }

  /** Integer sums; one unit is worth sign · 2^log2Scale, per channel. */
  private record Sums(Tensor tensor, Tensor log2Scale, float[] signs) {}

  private Sums sums(DotNode dot, Coded input, TrainingRegister register) {
    Coded factors =
        multiplied(
            Operand.of(dot), new Coded(FloatGraph.operand(dot, input.codes()), input.log2Scale()));
    Tensor weightScale = store.tensor(QuantizationPlan.weightScale(dot));
    Tensor weights = weights(dot, weightScale);
    float[] signs = signs(dot);
    if (IntStream.range(0, signs.length).anyMatch(c -> signs[c] < 0)) {
      // Lowering negates these channels, and a register is not symmetric about 0.
      weights = weights.mul(rows(Torch.vector(signs), weights));
    }
    // Batch norm does a clamp on its way.
    boolean later = dot.norm().isPresent() && register instanceof ResolvedRegister;
    TrainingRegister now = later ? new ExactRegister() : register;
    return new Sums(
        registers.apply(now, dot, factors.codes(), weights),
        weightScale.add(factors.log2Scale()),
        signs);
  }

  /** What is multiplied: an input as it is, or in codes of its own. */
  private Coded multiplied(Operand operand, Coded input) {
    return plan.operand(operand)
        .map(codes -> {
          Tensor to = store.tensor(operand.scale());
          return new Coded(quantize.rescale(input.codes(), input.log2Scale(), to, codes), to);
        })
        .orElse(input);
  }

  private Coded product(
      MatMulNode product, Map<String, Value> outputs, Map<String, TrainingRegister> layers) {
    Coded left = factor(Operand.left(product), outputs);
    Coded right = factor(Operand.right(product), outputs);
    TrainingRegister register = layers.getOrDefault(product.name(), new ExactRegister());
    Tensor sums = registers.apply(register, product, left.codes(), right.codes());
    return activations(
        product.name(), sums.mul(torch.exp2(left.log2Scale().add(right.log2Scale()))));
  }

  private Coded factor(Operand operand, Map<String, Value> outputs) {
    Coded input = get(outputs, operand.input());
    Tensor images = image(operand.input(), input.codes());
    return multiplied(operand, new Coded(images, input.log2Scale()));
  }

  private Tensor weights(DotNode dot, Tensor scale) {
    Tensor free = store.tensor(dot.name() + ".weight");
    return plan.constraint(dot)
        .map(constraint -> {
          Tensor norm = store.tensor(QuantizationPlan.weightNorm(dot));
          ConstrainedWeights now = quantize.constrained(store, dot, constraint);
          return quantize.constrained(free, scale, norm, now);
        })
        .orElseGet(
            () -> quantize.weights(free, scale, CodeFormat.weightLimit(plan.weightBits(dot))));
  }

  private Coded normalised(DotNode dot, BatchNorm norm, Sums sums, TrainingRegister register) {
    Tensor to = store.tensor(plan.outputScale(dot.name()));
    BatchNormQuantization.BatchNormTensors parts =
        new BatchNormQuantization.BatchNormTensors(
            norm,
            sums.log2Scale(),
            sums.signs(),
            store.tensor(norm.scale()),
            store.tensor(norm.shift()),
            store.tensor(norm.mean()),
            store.tensor(norm.variance()));
    return new Coded(normQuantize.apply(sums.tensor(), register, parts, to, codes(dot.name())), to);
  }

  /** What the sums stand for, of a layer without batch norm, whose signs are all positive. */
  private Tensor biased(DotNode dot, Sums sums) {
    return sums.tensor()
        .mul(FloatGraph.perChannel(torch.exp2(sums.log2Scale()), dot))
        .add(FloatGraph.perChannel(store.tensor(dot.name() + ".bias"), dot));
  }

  /** −1 for each channel whose batch-norm scale is negative, else 1. */
  private float[] signs(DotNode dot) {
    float[] signs = new float[dot.outputChannels()];
    Arrays.fill(signs, 1);
    if (dot.norm().isPresent()) {
      float[] gamma = store.read(dot.norm().get().scale());
      for (int c = 0; c < signs.length; c++) {
        signs[c] = gamma[c] < 0 ? -1 : 1;
      }
    }
    return signs;
  }

  private static Tensor rows(Tensor vector, Tensor like) {
    return like.dim() == 4 ? vector.view(-1, 1, 1, 1) : vector.view(-1, 1);
  }

  private Coded activations(String node, Tensor values) {
    Tensor scale = store.tensor(plan.outputScale(node));
    return new Coded(quantize.activations(values, scale, codes(node)), scale);
  }

  private CodeFormat codes(String node) {
    return plan.output(node).orElseThrow();
  }

  private static Coded get(Map<String, Value> outputs, String name) {
    return switch (value(outputs, name)) {
      case Coded coded -> coded;
      case Plain _ -> throw new IllegalStateException("node " + name + " has no codes");
    };
  }

  private static Value value(Map<String, Value> outputs, String name) {
    Value output = outputs.get(name);
    if (output == null) {
      throw new IllegalStateException("node " + name + " has not run yet");
    }
    return output;
  }
}
