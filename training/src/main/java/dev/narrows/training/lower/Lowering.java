package dev.narrows.training.lower;

import dev.narrows.core.dot.Summation;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.Network;
import dev.narrows.network.layer.Add;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.Dequantize;
import dev.narrows.network.layer.Flatten;
import dev.narrows.network.layer.IntegerMatMul;
import dev.narrows.network.layer.Quantize;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rearrange.Axis;
import dev.narrows.network.layer.Rescale;
import dev.narrows.network.layer.TransposedConvolution;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.DotWeights;
import dev.narrows.network.weights.IntegerOperands;
import dev.narrows.network.weights.PackedWeights;
import dev.narrows.training.model.BatchNormNode;
import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.FloatNode;
import dev.narrows.training.model.ImportedNode;
import dev.narrows.training.model.MatMulNode;
import dev.narrows.training.model.MatMulNode.AttentionProduct;
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
import dev.narrows.training.qat.CodeFormat;
import dev.narrows.training.qat.FoldedDot;
import dev.narrows.training.qat.LogScales;
import dev.narrows.training.qat.Operand;
import dev.narrows.training.qat.QuantizationPlan;
import dev.narrows.training.torch.TorchModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Makes the integer network of a fake-quantised model. Batch norm goes into multiplier and bias,
 * see {@link FoldedDot}.
 *
 * @see "docs/training.md, The integer graph"
 */
public final class Lowering {
  private final TorchModel model;
  private final QuantizationPlan plan;
  private final Optional<NmRatio> pruned;
  private final LayerList layers;

  private Lowering(TorchModel model, Optional<NmRatio> pruned) {
    this.model = model;
    this.plan = model.integers().plan();
    this.pruned = pruned;
    this.layers = new LayerList(plan.model());
  }

  /** N of every M weights are kept. */
  public record NmRatio(int keep, int group) {}

  /**
   * Lowers a model.
   *
   * @param pruned how the layers that are not excluded were pruned; they are then stored packed
   * @param metadata travels with the network
   */
  public static Network network(
      TorchModel model, Optional<NmRatio> pruned, Map<String, String> metadata) {
    Lowering lowering = new Lowering(model, pruned);
    for (Node node : lowering.plan.model().nodes()) {
      lowering.lower(node);
    }
    String name = lowering.plan.model().name();
    return new Network(name, lowering.inputType(), lowering.layers.all(), metadata);
  }

  private TensorType inputType() {
    InputNode input = plan.model().input();
    return type(input.name(), input.shape());
  }

  private void lower(Node node) {
    String name = node.name();
    switch (node) {
      case InputNode _ -> {} // tensor 0
      case ConvolutionNode conv -> {
        FoldedDot fold = fold(conv);
        int input = operand(conv, Operand.of(conv));
        layers.add(
            name,
            new Convolution(
                name,
                input,
                outputType(conv, fold),
                conv.window(),
                conv.groups(),
                operands(conv, fold)));
      }
      case TransposedConvolutionNode conv -> {
        FoldedDot fold = fold(conv);
        int input = operand(conv, Operand.of(conv));
        layers.add(
            name,
            new TransposedConvolution(
                name,
                input,
                outputType(conv, fold),
                conv.window(),
                conv.groups(),
                operands(conv, fold)));
      }
      case DenseNode dense -> {
        FoldedDot fold = fold(dense);
        int input = operand(dense, Operand.of(dense));
        layers.add(name, new Dense(name, input, outputType(dense, fold), operands(dense, fold)));
      }
      case AddNode sum -> {
        int left = layers.tensor(sum.left());
        int right = layers.tensor(sum.right());
        layers.add(
            name,
            Add.of(name, left, typeOf(left), right, typeOf(right), type(name, layers.shape(name))));
      }
      case GlobalAveragePoolNode pool -> {
        int input = layers.tensor(pool.input());
        TensorType from = typeOf(input);
        TensorType to = type(name, layers.shape(name));
        double taps = (double) from.height() * from.width();
        FixedPoint factor =
            FoldedDot.rescale(from.quantization().scale(), to.quantization().scale() * taps);
        layers.add(name, new AveragePool(name, input, to, Window.covering(from), one(factor, to)));
      }
      case MatMulNode product -> product(product);
      case FloatNode floating -> throw floating.noIntegers();
      case FlattenNode flatten -> {
        FeatureMapShape shape = layers.shape(name);
        TensorType to = plan.floats(name) ? shape.floats() : type(name, shape);
        layers.add(name, new Flatten(name, layers.tensor(flatten.input()), to));
      }
      case ImportedNode layer when layer.moves() && !plan.floats(name) -> move(layer);
      case ImportedNode layer -> {
        List<Integer> in = layer.inputs().stream().map(this::numbers).toList();
        made(name, step -> layers.add(step, layer.reading(step, in)));
      }
      case BatchNormNode norm -> {
        int input = numbers(norm.input());
        made(name, step -> layers.norm(step, input, layers.shape(name), affine(norm)));
      }
      case ParameterNode numbers -> {
        float[] all = numbers.repeated(model.read(numbers.array()));
        made(name, step -> layers.add(step, Constant.of(step, layers.shape(name).floats(), all)));
      }
    }
  }

  private Affine affine(BatchNormNode node) {
    return Affine.of(node.norm(), model::read);
  }

  /** Adds a function of floats, and what makes codes of its results where the plan has codes. */
  private void made(String name, Consumer<String> floats) {
    if (plan.floats(name)) {
      floats.accept(name);
      return;
    }
    String step = name + ".numbers";
    floats.accept(step);
    layers.add(name, new Quantize(name, layers.tensor(step), type(name, layers.shape(name))));
  }

  /** The tensor of the numbers that a node's output stands for. */
  private int numbers(String node) {
    String step = node + ".dequantized";
    if (!plan.floats(node) && !layers.has(step)) {
      layers.add(step, new Dequantize(step, layers.tensor(node), layers.shape(node).floats()));
    }
    return layers.tensor(plan.floats(node) ? node : step);
  }

  /** Codes of one tensor as they are, of several brought to one scale first. */
  private void move(ImportedNode node) {
    String name = node.name();
    TensorType to = type(name, layers.shape(name));
    List<Integer> in = new ArrayList<>();
    for (String input : node.inputs()) {
      if (plan.sameCodes(input, name)) {
        in.add(layers.tensor(input));
        continue;
      }
      TensorType from = typeOf(layers.tensor(input));
      TensorType same = new TensorType(from.channels(), from.height(), from.width(), to.kind());
      FixedPoint factor = FoldedDot.rescale(from.quantization().scale(), to.quantization().scale());
      String step = name + ".input" + (in.size() + 1);
      layers.add(step, new Rescale(step, layers.tensor(input), same, one(factor, same)));
      in.add(layers.tensor(step));
    }
    layers.add(name, node.reading(name, in, to));
  }

  /** The tensor that a node multiplies, re-quantised first where the plan says so. */
  private int operand(Node node, Operand operand) {
    int input = layers.tensor(operand.input());
    Optional<CodeFormat> codes = plan.operand(operand);
    if (codes.isEmpty()) {
      return input;
    }
    TensorType from = typeOf(input);
    double scale = LogScales.scale(model.read(operand.scale())[0]);
    TensorType to =
        new TensorType(
            from.channels(), from.height(), from.width(), quantization(codes.get(), scale));
    String name = step(node, operand);
    FixedPoint factor = FoldedDot.rescale(from.quantization().scale(), scale);
    layers.add(name, new Rescale(name, input, to, one(factor, to)));
    return layers.tensor(name);
  }

  /** Name of the layer that makes the codes which a node multiplies. */
  static String step(Node node, Operand operand) {
    return node instanceof MatMulNode product
        ? node.name() + (operand.equals(Operand.left(product)) ? ".left" : ".right")
        : node.name() + ".input";
  }

  /** A mix is the scores of operands whose heads are turned, turned back. */
  private void product(MatMulNode product) {
    String name = product.name();
    int left = operand(product, Operand.left(product));
    int right = operand(product, Operand.right(product));
    TensorType to = type(name, layers.shape(name));
    double unit = typeOf(left).quantization().scale() * typeOf(right).quantization().scale();
    FixedPointMultiplier factor = one(FoldedDot.rescale(unit, to.quantization().scale()), to);
    int heads = product.heads();
    if (product.form() == AttentionProduct.SCORES) {
      layers.add(name, new IntegerMatMul(name, left, right, to, heads, factor));
      return;
    }
    int tokens = to.height();
    int terms = typeOf(left).width();
    int size = to.channels() / heads;
    int scores = turned(name + ".left.turned", left, heads, tokens, terms);
    int values = turned(name + ".right.turned", right, heads, size, terms);
    TensorType sums = to.shaped(heads, tokens, size);
    layers.add(name, new IntegerMatMul(name, scores, values, sums, heads, factor));
    layers.rename(name, turned(name + ".turned", layers.tensor(name), heads, tokens, size));
  }

  /** Each head's rows become columns: [H][rows][columns] to [H·columns][rows][1]. */
  private int turned(String name, int input, int heads, int rows, int columns) {
    List<Axis> axes =
        List.of(Axis.of(heads, rows * columns), Axis.of(columns, 1), Axis.of(rows, columns));
    TensorType to = typeOf(input).shaped(heads * columns, rows, 1);
    layers.add(name, new Rearrange(name, List.of(input), to, 0, axes));
    return layers.tensor(name);
  }

  private FoldedDot fold(DotNode dot) {
    return FoldedDot.of(plan, dot, model::read, model.integers().weightCodes(dot.name()));
  }

  private TensorType outputType(DotNode dot, FoldedDot fold) {
    FeatureMapShape shape = layers.shape(dot.name());
    IntegerFormat format =
        plan.output(dot.name())
            .map(codes -> new IntegerFormat(codes.bits(), codes.signed()))
            .orElse(IntegerFormat.signed(32));
    return new TensorType(
        shape.channels(),
        shape.height(),
        shape.width(),
        new Quantization(format, fold.outputScale(), 0));
  }

  private IntegerOperands operands(DotNode dot, FoldedDot fold) {
    DotWeights dense =
        new DenseWeights(
            dot.outputChannels(),
            dot.terms(),
            plan.weightBits(dot),
            fold.weightScales(),
            fold.weights());
    boolean narrow = plan.narrow(dot);
    DotWeights weights =
        narrow && pruned.isPresent()
            ? PackedWeights.of(dense, pruned.get().keep(), pruned.get().group())
            : dense;
    FixedPointMultiplier requantization =
        new FixedPointMultiplier(List.of(fold.factors()), 0, fold.min(), fold.max());
    IntegerOperands operands = new IntegerOperands(weights, fold.bias(), requantization);
    return narrow ? operands : operands.pinnedTo(Summation.exact());
  }

  private static FixedPointMultiplier one(FixedPoint factor, TensorType to) {
    IntegerFormat format = to.quantization().format();
    return new FixedPointMultiplier(List.of(factor), 0, (int) format.min(), (int) format.max());
  }

  private TensorType type(String node, FeatureMapShape shape) {
    CodeFormat codes = plan.output(node).orElseThrow();
    double scale = LogScales.scale(model.read(plan.outputScale(node))[0]);
    return new TensorType(
        shape.channels(), shape.height(), shape.width(), quantization(codes, scale));
  }

  private static Quantization quantization(CodeFormat codes, double scale) {
    return new Quantization(new IntegerFormat(codes.bits(), codes.signed()), scale, 0);
  }

  private TensorType typeOf(int tensor) {
    return tensor == 0 ? inputType() : layers.all().get(tensor - 1).output();
  }
}
