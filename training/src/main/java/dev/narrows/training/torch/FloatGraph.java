package dev.narrows.training.torch;

import dev.narrows.network.layer.Window;
import dev.narrows.training.model.BatchNorm;
import dev.narrows.training.model.BatchNormNode;
import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.FloatNode;
import dev.narrows.training.model.ImportedNode;
import dev.narrows.training.model.MatMulNode;
import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.Node;
import dev.narrows.training.model.Node.AddNode;
import dev.narrows.training.model.Node.ConvolutionNode;
import dev.narrows.training.model.Node.DenseNode;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.model.Node.FlattenNode;
import dev.narrows.training.model.Node.GlobalAveragePoolNode;
import dev.narrows.training.model.Node.InputNode;
import dev.narrows.training.model.Node.TransposedConvolutionNode;
import dev.narrows.training.model.ParameterNode;
import dev.narrows.training.qat.Affine;
import dev.narrows.training.qat.FloatFormats;
import dev.narrows.training.qat.FloatPlan;
import dev.narrows.training.qat.FloatRegister;
import dev.narrows.training.qat.QuantizationPlan;
import dev.narrows.training.qat.TrainingPlan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;

/** The forward pass in float32, its dot products summed by libtorch or in a register. */
final class FloatGraph {
  private final TrainingPlan plan;
  private final ModelSpec model;
  private final FloatFormats formats;
  private final ParameterStore store;
  private final FloatRegisterSums registers;
  private final FloatRounding rounding;
  private final FloatNodeOutputs floatNodes;
  private final ActivationProducts activationProducts;

  private FloatGraph(
      TrainingPlan plan,
      FloatFormats formats,
      ParameterStore store,
      CustomGradient custom,
      Workers workers) {
    this.plan = plan;
    this.model = plan.model();
    this.formats = formats;
    this.store = store;
    this.registers = new FloatRegisterSums(custom, workers);
    this.rounding = new FloatRounding(custom, workers);
    this.floatNodes = new FloatNodeOutputs(store);
    this.activationProducts = new ActivationProducts(custom, workers);
  }

  static FloatGraph of(
      TrainingPlan plan, ParameterStore store, CustomGradient custom, Workers workers) {
    FloatFormats formats =
        switch (plan) {
          case FloatPlan floats -> floats.formats();
          case QuantizationPlan _ -> FloatFormats.binary32();
        };
    return new FloatGraph(plan, formats, store, custom, workers);
  }

  /** Class scores [N][classes], every sum by libtorch. */
  Tensor scores(Tensor images, boolean training) {
    return scores(images, training, (_, _) -> {});
  }

  /** Class scores; {@code watcher} sees every node's output. */
  Tensor scores(Tensor images, boolean training, BiConsumer<String, Tensor> watcher) {
    return scores(images, training, dot -> dot(dot, training), Map.of(), watcher);
  }

  /** Class scores with the registers of a pass and the plan's formats. */
  Tensor scores(Tensor images, boolean training, Pass.Floating pass) {
    return scores(
        images, training, dot -> narrow(dot, training, pass), pass.registers(), (_, _) -> {});
  }

  /** How a dot layer's output comes from its input. */
  private interface DotFunction {
    UnaryOperator<Tensor> of(DotNode dot);
  }

  private Tensor scores(
      Tensor images,
      boolean training,
      DotFunction dots,
      Map<String, FloatRegister> products,
      BiConsumer<String, Tensor> watcher) {
    Map<String, Tensor> outputs = new HashMap<>();
    for (Node node : model.nodes()) {
      Tensor output =
          switch (node) {
            case InputNode _ -> images;
            case DotNode dot -> dots.of(dot).apply(operand(dot, get(outputs, dot.input())));
            case AddNode add -> {
              Tensor left = get(outputs, add.left());
              Tensor sum = left.add(alike(get(outputs, add.right()), left));
              yield add.relu() ? sum.relu_() : sum;
            }
            case BatchNormNode norm -> normalise(norm, image(outputs, norm.input()), training);
            case ParameterNode numbers -> parameters(store, numbers);
            case ImportedNode layer ->
                LayerOutputs.of(
                    layer.layer(),
                    layer.operands().stream().map(input -> image(outputs, input)).toList());
            case GlobalAveragePoolNode pool -> Torch.spatialMean(get(outputs, pool.input()));
            case FlattenNode flatten -> Torch.flatten(get(outputs, flatten.input()));
            case MatMulNode product -> {
              Tensor left = get(outputs, product.left());
              Tensor right = get(outputs, product.right());
              FloatRegister register = products.get(product.name());
              yield register == null
                  ? ActivationProducts.exact(product, left, right)
                  : activationProducts.apply(register, product, left, right);
            }
            case FloatNode floating ->
                floatNodes.output(floating, get(outputs, floating.inputs().getFirst()));
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
        if (formats.activations().isPresent()) {
          float largest = store.read(FloatPlan.operandLargest(dot))[0];
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
              : registers.apply(register, dot, x, weights, model.shape(dot.name()));
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
    return switch (dot.rectifier()) {
      case NONE -> output;
      case RELU -> output.relu_();
      case RELU6 -> Torch.clamp(output, 0, 6);
    };
  }

  private Tensor biased(DotNode dot, Tensor sums) {
    return sums.add(perChannel(store.tensor(dot.name() + ".bias"), dot));
  }

  /** As the lowered network does it: a binary32 product, then a binary32 addition. */
  private static Tensor scaled(DotNode dot, Affine affine, Tensor sums) {
    return sums.mul(perChannel(Torch.vector(affine.slopes()), dot))
        .add(perChannel(Torch.vector(affine.offsets()), dot));
  }

  /** What a dot layer multiplies: a vector is an image of one pixel to a convolution. */
  static Tensor operand(DotNode dot, Tensor input) {
    return dot instanceof DenseNode || input.dim() == 4
        ? input
        : input.reshape(input.size(0), -1, 1, 1);
  }

  /** The bare sums of products of a dot layer. */
  static Tensor products(DotNode dot, Tensor input, Tensor weights) {
    return switch (dot) {
      case ConvolutionNode conv -> {
        Window window = conv.window();
        boolean symmetric =
            window.padTop() == window.padBottom() && window.padLeft() == window.padRight();
        Tensor padded = symmetric ? input : padded(input, window);
        Window rest = symmetric ? window : window.unpadded();
        UnaryOperator<Tensor> convolution = x -> Torch.convolve(x, weights, rest, conv.groups());
        yield strided(window)
            ? Autocast.exactIfCast(padded, convolution)
            : convolution.apply(padded);
      }
      case TransposedConvolutionNode conv ->
          Autocast.exactIfCast(
              input,
              x ->
                  Torch.convolveTransposed(
                      x, weights, conv.window(), conv.groups(), conv.shape(List.of(shape(x)))));
      case DenseNode _ -> Torch.linear(input.dim() == 2 ? input : Torch.flatten(input), weights);
    };
  }

  private static Tensor padded(Tensor input, Window window) {
    return Torch.pad(
        input, window.padLeft(), window.padRight(), window.padTop(), window.padBottom());
  }

  private static FeatureMapShape shape(Tensor images) {
    return new FeatureMapShape((int) images.size(1), (int) images.size(2), (int) images.size(3));
  }

  private static boolean strided(Window window) {
    return window.strideHeight() > 1 || window.strideWidth() > 1;
  }

  static Tensor normalise(ParameterStore store, BatchNorm norm, Tensor sums, boolean training) {
    return Torch.batchNorm(
        norm,
        sums,
        store.tensor(norm.scale()),
        store.tensor(norm.shift()),
        store.tensor(norm.mean()),
        store.tensor(norm.variance()),
        training);
  }

  /** A [C] tensor in a shape that broadcasts over a dot layer's output. */
  static Tensor perChannel(Tensor vector, DotNode dot) {
    return dot instanceof DenseNode ? vector : vector.view(1, -1, 1, 1);
  }

  /** In evaluation as the lowered network does it. */
  private Tensor normalise(BatchNormNode node, Tensor input, boolean training) {
    if (training) {
      return normalise(store, node.norm(), input, true);
    }
    Affine affine = Affine.of(node.norm(), store::read);
    return input
        .mul(Torch.vector(affine.slopes()).view(1, -1, 1, 1))
        .add(Torch.vector(affine.offsets()).view(1, -1, 1, 1));
  }

  /** Trained numbers as a tensor that broadcasts, [1][C][H][W]. */
  static Tensor parameters(ParameterStore store, ParameterNode node) {
    FeatureMapShape stored = node.stored();
    return store.tensor(node.array()).view(1, stored.channels(), stored.height(), stored.width());
  }

  /** A node's output as images, also where it is a vector. */
  private Tensor image(Map<String, Tensor> outputs, String name) {
    Tensor output = get(outputs, name);
    return output.dim() == 4 ? output : LayerOutputs.shaped(output, model.shape(name));
  }

  /** The same elements with the other's dimensions: vectors are also images of one pixel. */
  static Tensor alike(Tensor tensor, Tensor other) {
    return tensor.dim() == other.dim() ? tensor : tensor.reshape(other.sizes());
  }

  private static Tensor get(Map<String, Tensor> outputs, String name) {
    Tensor output = outputs.get(name);
    if (output == null) {
      throw new IllegalStateException("node " + name + " has not run yet");
    }
    return output;
  }
}
