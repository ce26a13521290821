package dev.narrows.training.torch;

import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.FloatNode;
import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.Node;
import dev.narrows.training.model.Node.AddNode;
import dev.narrows.training.model.Node.ConvolutionNode;
import dev.narrows.training.model.Node.DenseNode;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.model.Node.FlattenNode;
import dev.narrows.training.model.Node.GlobalAveragePoolNode;
import dev.narrows.training.model.Node.InputNode;
import dev.narrows.training.model.Node.ShortcutNode;
import dev.narrows.training.model.Node.TransposedConvolutionNode;
import dev.narrows.training.qat.Affine;
import dev.narrows.training.qat.FloatFormats;
import dev.narrows.training.qat.FloatRegister;
import dev.narrows.training.qat.QuantizationPlan;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;

/** The forward pass in float32, its dot products summed by libtorch or in a register. */
final class FloatGraph {
  private final QuantizationPlan plan;
  private final ModelSpec model;
  private final Map<String, FeatureMapShape> shapes;
  private final ParameterStore store;
  private final FloatRegisterSums registers;
  private final FloatRounding rounding;
  private final FloatNodeOutputs floatNodes;

  FloatGraph(
      QuantizationPlan plan,
      ParameterStore store,
      FloatRegisterSums registers,
      FloatProducts products,
      FloatRounding rounding) {
    this.plan = plan;
    this.model = plan.model();
    this.shapes = model.shapes();
    this.store = store;
    this.registers = registers;
    this.rounding = rounding;
    this.floatNodes = new FloatNodeOutputs(store, products);
  }

  /** Class scores [N][classes], every sum by libtorch. */
  Tensor scores(Tensor images, boolean training) {
    return scores(images, training, (_, _) -> {});
  }

  /** Class scores; {@code watcher} sees every node's output. */
  Tensor scores(Tensor images, boolean training, BiConsumer<String, Tensor> watcher) {
    return scores(images, dot -> dot(dot, training), Map.of(), watcher);
  }

  /** Class scores with the registers and formats of a pass. */
  Tensor scores(Tensor images, boolean training, Pass.Floating pass) {
    return scores(images, dot -> narrow(dot, training, pass), pass.registers(), (_, _) -> {});
  }

  /** How a dot layer's output comes from its input. */
  private interface DotFunction {
    UnaryOperator<Tensor> of(DotNode dot);
  }

  private Tensor scores(
      Tensor images,
      DotFunction dots,
      Map<String, FloatRegister> products,
      BiConsumer<String, Tensor> watcher) {
    Map<String, Tensor> outputs = new HashMap<>();
    for (Node node : model.nodes()) {
      Tensor output =
          switch (node) {
            case InputNode _ -> images;
            case DotNode dot -> dots.of(dot).apply(get(outputs, dot.input()));
            case AddNode add -> {
              Tensor sum = get(outputs, add.left()).add(get(outputs, add.right()));
              yield add.relu() ? sum.relu_() : sum;
            }
            case ShortcutNode cut -> shortcut(cut, get(outputs, cut.input()));
            case GlobalAveragePoolNode pool -> Torch.spatialMean(get(outputs, pool.input()));
            case FlattenNode flatten -> Torch.flatten(get(outputs, flatten.input()));
            case FloatNode floating ->
                floatNodes.output(floating, input -> get(outputs, input), products);
          };
      watcher.accept(node.name(), output);
      outputs.put(node.name(), output);
    }
    return get(outputs, model.output().name());
  }

  private UnaryOperator<Tensor> dot(DotNode dot, boolean training) {
    return input -> {
      Tensor sums = products(dot, input, store.tensor(dot.name() + ".weight"));
      return activated(
          dot,
          dot.norm().isPresent()
              ? normalise(store, dot.norm().get(), sums, training)
              : biased(dot, sums));
    };
  }

  private UnaryOperator<Tensor> narrow(DotNode dot, boolean training, Pass.Floating pass) {
    return input -> {
      Tensor x = input;
      Tensor weights = store.tensor(dot.name() + ".weight");
      if (plan.narrow(dot)) {
        FloatFormats formats = pass.formats();
        if (formats.activations().isPresent()) {
          float largest = store.read(QuantizationPlan.operandLargest(dot))[0];
          x = rounding.round(x, formats.activations().get().to(largest));
        }
        if (formats.weights().isPresent()) {
          float largest = FloatRounding.largest(weights);
          weights = rounding.round(weights, formats.weights().get().to(largest));
        }
      }
      FloatRegister register = pass.registers().get(dot.name());
      Tensor sums =
          register == null
              ? products(dot, x, weights)
              : registers.apply(register, dot, x, weights, shape(dot));
      if (dot.norm().isEmpty()) {
        return activated(dot, biased(dot, sums));
      }
      return activated(
          dot,
          training
              ? normalise(store, dot.norm().get(), sums, true)
              : scaled(dot, Affine.of(dot, store::read), sums));
    };
  }

  private static Tensor activated(DotNode dot, Tensor output) {
    return dot.relu() ? output.relu_() : output;
  }

  private Tensor biased(DotNode dot, Tensor sums) {
    return sums.add(perChannel(store.tensor(dot.name() + ".bias"), dot));
  }

  /** As the lowered network does it: a binary32 product, then a binary32 addition. */
  private static Tensor scaled(DotNode dot, Affine affine, Tensor sums) {
    return sums.mul(perChannel(Torch.vector(affine.slopes()), dot))
        .add(perChannel(Torch.vector(affine.offsets()), dot));
  }

  private FeatureMapShape shape(DotNode dot) {
    FeatureMapShape shape = shapes.get(dot.name());
    if (shape == null) {
      throw new IllegalStateException("no node is called " + dot.name());
    }
    return shape;
  }

  /** The bare sums of products of a dot layer. */
  static Tensor products(DotNode dot, Tensor input, Tensor weights) {
    return switch (dot) {
      case ConvolutionNode conv -> {
        var pad = conv.padding();
        Tensor padded =
            pad.symmetric()
                ? input
                : Torch.pad(input, pad.left(), pad.right(), pad.top(), pad.bottom());
        UnaryOperator<Tensor> convolution =
            x ->
                Torch.convolve(
                    x,
                    weights,
                    conv.stride(),
                    pad.symmetric() ? pad.top() : 0,
                    pad.symmetric() ? pad.left() : 0,
                    conv.groups());
        yield conv.stride() > 1
            ? Autocast.exactIfCast(padded, convolution)
            : convolution.apply(padded);
      }
      case TransposedConvolutionNode conv ->
          Autocast.exactIfCast(
              input, x -> Torch.convolveTransposed(x, weights, conv.stride(), conv.padding()));
      case DenseNode _ -> Torch.linear(input, weights);
    };
  }

  static Tensor normalise(ParameterStore store, String norm, Tensor sums, boolean training) {
    return Torch.batchNorm(
        sums,
        store.tensor(norm + ".weight"),
        store.tensor(norm + ".bias"),
        store.tensor(norm + ".running_mean"),
        store.tensor(norm + ".running_var"),
        training);
  }

  /** A [C] tensor in a shape that broadcasts over a dot layer's output. */
  static Tensor perChannel(Tensor vector, DotNode dot) {
    return dot instanceof DenseNode ? vector : vector.view(1, -1, 1, 1);
  }

  static Tensor shortcut(ShortcutNode cut, Tensor input) {
    Tensor picked = cut.stride() == 1 ? input : Torch.everyNth(input, cut.stride());
    return Torch.pad(picked, 0, 0, 0, 0, cut.channelsBefore(), cut.channelsAfter());
  }

  private static Tensor get(Map<String, Tensor> outputs, String name) {
    Tensor output = outputs.get(name);
    if (output == null) {
      throw new IllegalStateException("node " + name + " has not run yet");
    }
    return output;
  }
}
