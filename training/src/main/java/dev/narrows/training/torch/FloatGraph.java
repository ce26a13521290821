package dev.narrows.training.torch;

import dev.narrows.experiments.recipe.BatchNormSteps;
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
import dev.narrows.training.model.Rectifier;
import dev.narrows.training.qat.Affine;
import dev.narrows.training.qat.FloatFormats;
import dev.narrows.training.qat.FloatPlan;
import dev.narrows.training.qat.FloatRegister;
import dev.narrows.training.qat.QuantizationPlan;
import dev.narrows.training.qat.TrainingPlan;
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
  private final FusedNorms fusedNorms;

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
    this.fusedNorms = new FusedNorms(model, store, custom, workers);
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

  /** Class scores [N][classes] in evaluation, every sum by libtorch. */
  Tensor scores(Tensor images) {
    return scores(images, (_, _) -> {});
  }

  /** Class scores in evaluation; {@code watcher} sees every node's output. */
  Tensor scores(Tensor images, BiConsumer<String, Tensor> watcher) {
    return scores(images, new LibtorchSteps(false), dot -> dot(dot, false), Map.of(), watcher);
  }

  /** Class scores in training, every sum by libtorch. */
  Tensor scores(Tensor images, BatchNormSteps norms) {
    return switch (norms) {
      case SEPARATE ->
          scores(images, new LibtorchSteps(true), dot -> dot(dot, true), Map.of(), (_, _) -> {});
      case FUSED -> scores(images, new FusedSteps(), this::fused, Map.of(), (_, _) -> {});
    };
  }

  /** Class scores with the registers of a pass and the plan's formats. */
  Tensor scores(Tensor images, boolean training, Pass.Floating pass) {
    return scores(
        images,
        new LibtorchSteps(training),
        dot -> narrow(dot, training, pass),
        pass.registers(),
        (_, _) -> {});
  }

  /** How batch norms that follow no dot layer, and additions, are computed. */
  private sealed interface NormSteps {
    boolean training();

    Tensor normalised(BatchNormNode norm, Tensor input);

    Tensor sum(AddNode add, Tensor left, Tensor right);
  }

  private final class LibtorchSteps implements NormSteps {
    private final boolean training;

    LibtorchSteps(boolean training) {
      this.training = training;
    }

    @Override
    public boolean training() {
      return training;
    }

    @Override
    public Tensor normalised(BatchNormNode norm, Tensor input) {
      return normalise(norm, input, training);
    }

    @Override
    public Tensor sum(AddNode add, Tensor left, Tensor right) {
      Tensor sum = left.add(alike(right, left));
      return add.relu() ? sum.relu_() : sum;
    }
  }

  /** Of training only. */
  private final class FusedSteps implements NormSteps {
    @Override
    public boolean training() {
      return true;
    }

    @Override
    public Tensor normalised(BatchNormNode norm, Tensor input) {
      return fusedNorms.normalised(norm.norm(), input, Rectifier.NONE);
    }

    @Override
    public Tensor sum(AddNode add, Tensor left, Tensor right) {
      return fusedNorms
          .joined(add)
          .map(dot ->
              dot.name().equals(add.left())
                  ? fusedNorms.added(dot, left, right, add.relu())
                  : fusedNorms.added(dot, right, left, add.relu()))
          .orElseGet(() -> new LibtorchSteps(true).sum(add, left, right));
    }
  }

  /** How a dot layer's output comes from its input. */
  private interface DotFunction {
    UnaryOperator<Tensor> of(DotNode dot);
  }

  private Tensor scores(
      Tensor images,
      NormSteps norms,
      DotFunction dots,
      Map<String, FloatRegister> products,
      BiConsumer<String, Tensor> watcher) {
    try (NodeOutputs outputs =
        norms.training() ? NodeOutputs.training(model) : NodeOutputs.evaluating(model)) {
      for (Node node : model.nodes()) {
        outputs.run(
            node,
            () -> output(node, images, outputs, norms, dots, products),
            output -> watcher.accept(node.name(), output));
      }
      return outputs.result();
    }
  }

  private Tensor output(
      Node node,
      Tensor images,
      NodeOutputs outputs,
      NormSteps norms,
      DotFunction dots,
      Map<String, FloatRegister> products) {
    return switch (node) {
      case InputNode _ -> images;
      case DotNode dot -> dots.of(dot).apply(operand(dot, outputs.get(dot.input())));
      case AddNode add -> norms.sum(add, outputs.get(add.left()), outputs.get(add.right()));
      case BatchNormNode norm -> norms.normalised(norm, image(outputs, norm.input()));
      case ParameterNode numbers -> parameters(store, numbers);
      case ImportedNode layer ->
          LayerOutputs.of(
              layer.layer(),
              layer.operands().stream().map(input -> image(outputs, input)).toList());
      case GlobalAveragePoolNode pool -> Torch.spatialMean(outputs.get(pool.input()));
      case FlattenNode flatten -> Torch.flatten(outputs.get(flatten.input()));
      case MatMulNode product -> {
        Tensor left = outputs.get(product.left());
        Tensor right = outputs.get(product.right());
        FloatRegister register = products.get(product.name());
        yield register == null
            ? ActivationProducts.exact(product, left, right)
            : activationProducts.apply(register, product, left, right);
      }
      case FloatNode floating ->
          floatNodes.output(floating, outputs.get(floating.inputs().getFirst()));
    };
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

  private UnaryOperator<Tensor> fused(DotNode dot) {
    return input -> {
      Tensor sums = products(dot, input, store.tensor(dot.name() + ".weight"));
      return dot.norm().isPresent()
          ? fusedNorms.output(dot, sums)
          : activated(dot, biased(dot, sums));
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
  private Tensor image(NodeOutputs outputs, String name) {
    Tensor output = outputs.get(name);
    return output.dim() == 4 ? output : LayerOutputs.shaped(output, model.shape(name));
  }

  /** The same elements with the other's dimensions: vectors are also images of one pixel. */
  static Tensor alike(Tensor tensor, Tensor other) {
    return tensor.dim() == other.dim() ? tensor : tensor.reshape(other.sizes());
  }
}
