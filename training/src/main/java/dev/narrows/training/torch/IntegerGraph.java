package dev.narrows.training.torch;

import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.network.layer.Add;
import dev.narrows.training.model.BatchNormNode;
import dev.narrows.training.model.FeatureMapShape;
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
import dev.narrows.training.qat.FoldedDot;
import dev.narrows.training.qat.LogScales;
import dev.narrows.training.qat.Operand;
import dev.narrows.training.qat.QuantizationPlan;
import dev.narrows.training.qat.TrainingRegister;
import dev.narrows.training.qat.TrainingRegister.ExactRegister;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * How a fake-quantised network is evaluated: the float twin of the lowered network. Batch norm is
 * folded as lowering folds it and factors are the decoded fixed-point multipliers, so the two
 * differ only where a product lies on a rounding tie: here ties go to even, in the integer network
 * upwards.
 *
 * @see "docs/training.md, The integer graph"
 */
final class IntegerGraph {
  /** float32 holds all integers below. */
  private static final long FLOAT_INTEGERS = 1 << 24;

  private final QuantizationPlan plan;
  private final ParameterStore store;
  private final IntegerRegisterSums registers;
  private final Workers workers;
  private final IntegerFunctions functions;
  private final Map<String, FoldedDot> folded = new HashMap<>();
  private final Map<String, Tensor> weights = new HashMap<>();

  /** Folds the present parameters; the tensors made belong to the current scope. */
  IntegerGraph(
      QuantizationPlan plan, ParameterStore store, IntegerRegisterSums registers, Workers workers) {
    this.plan = plan;
    this.store = store;
    this.registers = registers;
    this.workers = workers;
    this.functions = new IntegerFunctions(plan, store, workers);
    for (DotNode dot : plan.model().dots()) {
      FoldedDot fold =
          FoldedDot.of(plan, dot, store::read, WeightCodes.of(plan, store, dot.name()));
      folded.put(dot.name(), fold);
      Tensor shape = store.tensor(dot.name() + ".weight").detach();
      Tensor codes = torch.empty_like(shape);
      float[] values = floats(fold.weights());
      MemorySegment.copy(values, 0, Torch.floats(codes), ValueLayout.JAVA_FLOAT, 0, values.length);
      weights.put(dot.name(), codes);
    }
  }

  /**
   * Codes of the class scores, [N][classes]; integers of up to 32 bits.
   *
   * @param watcher sees every other node's codes
   */
  double[] scores(
      Tensor images, Map<String, TrainingRegister> layers, BiConsumer<String, Tensor> watcher) {
    try (NodeOutputs outputs = NodeOutputs.evaluating(plan.model())) {
      for (Node node : plan.model().nodes()) {
        if (node instanceof DotNode dot && plan.output(dot.name()).isEmpty()) {
          Sums sums = sums(dot, outputs.get(dot.input()), layers);
          return channelsFirst(scores(fold(dot), sums), sums.tensor());
        }
        outputs.run(
            node,
            () -> output(node, images, outputs, layers),
            output -> watcher.accept(node.name(), output));
      }
      Tensor last = Torch.dense(outputs.result());
      return channelsFirst(Torch.doubles(last.to(torch.ScalarType.Double)), last);
    }
  }

  /** [N][H][W][C] to [N][C][H][W]. */
  private static double[] channelsFirst(double[] values, Tensor like) {
    if (like.dim() < 4 || like.size(2) * like.size(3) == 1) {
      return values;
    }
    int channels = (int) like.size(1);
    int positions = (int) (like.size(2) * like.size(3));
    double[] moved = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      int image = i / (channels * positions);
      int inside = i % (channels * positions);
      moved[(image * channels + inside % channels) * positions + inside / channels] = values[i];
    }
    return moved;
  }

  private Tensor output(
      Node node, Tensor images, NodeOutputs outputs, Map<String, TrainingRegister> layers) {
    String name = node.name();
    return switch (node) {
      case InputNode _ ->
          map(images, 1, IntegerKernel.quantize(scale(name), codes(name).min(), codes(name).max()));
      case DotNode dot -> requantize(fold(dot), sums(dot, outputs.get(dot.input()), layers));
      case AddNode add -> add(add, outputs.get(add.left()), outputs.get(add.right()));
      case MatMulNode product -> product(product, outputs, layers);
      case FloatNode floating -> throw floating.noIntegers();
      case ImportedNode layer when layer.moves() -> moved(layer, outputs);
      case ImportedNode layer -> functions.output(layer, input -> outputs.get(input));
      case BatchNormNode norm -> functions.output(norm, input -> outputs.get(input));
      case ParameterNode numbers -> functions.output(numbers);
      case FlattenNode flatten -> Torch.flatten(outputs.get(flatten.input()));
      case GlobalAveragePoolNode pool -> {
        FeatureMapShape shape = shape(pool.input());
        int taps = shape.height() * shape.width();
        Tensor sum = image(pool.input(), outputs.get(pool.input())).sum(2, 3);
        yield rescale(sum, scale(pool.input()), scale(name) * taps, codes(name));
      }
    };
  }

  /**
   * Integer sums of products.
   *
   * @param wide held in float64, because float32 cannot
   */
  private record Sums(Tensor tensor, boolean wide) {}

  private Sums sums(DotNode dot, Tensor input, Map<String, TrainingRegister> layers) {
    Tensor codes = multiplied(Operand.of(dot), FloatGraph.operand(dot, input));
    TrainingRegister register = layers.getOrDefault(dot.name(), new ExactRegister());
    Tensor factors = weights.get(dot.name());
    if (factors == null) {
      throw new IllegalStateException("no folded weights for " + dot.name());
    }
    if (register instanceof ExactRegister && !exactInFloat(dot)) {
      Tensor exact =
          FloatGraph.products(
              dot, codes.to(torch.ScalarType.Double), factors.to(torch.ScalarType.Double));
      return new Sums(Torch.dense(exact), true);
    }
    return new Sums(registers.apply(register, dot, codes, factors), false);
  }

  /** What is multiplied: an input's codes as they are, or made anew. */
  private Tensor multiplied(Operand operand, Tensor input) {
    return plan.operand(operand)
        .map(codes -> rescale(input, scale(operand.input()), multipliedScale(operand), codes))
        .orElse(input);
  }

  private double multipliedScale(Operand operand) {
    return LogScales.scale(store.read(plan.multipliedScale(operand))[0]);
  }

  private Tensor product(
      MatMulNode product, NodeOutputs outputs, Map<String, TrainingRegister> layers) {
    Operand first = Operand.left(product);
    Operand second = Operand.right(product);
    Tensor left = multiplied(first, image(first.input(), outputs.get(first.input())));
    Tensor right = multiplied(second, image(second.input(), outputs.get(second.input())));
    TrainingRegister register = layers.getOrDefault(product.name(), new ExactRegister());
    double unit = multipliedScale(first) * multipliedScale(second);
    CodeFormat range = codes(product.name());
    long largest =
        (long) product.terms(shape(first.input()))
            * plan.multiplied(first).largest()
            * plan.multiplied(second).largest();
    if (register instanceof ExactRegister && largest >= FLOAT_INTEGERS) {
      Tensor exact =
          ActivationProducts.exact(
              product, left.to(torch.ScalarType.Double), right.to(torch.ScalarType.Double));
      return rescaleWide(exact, unit, scale(product.name()), range);
    }
    return rescale(
        registers.apply(register, product, left, right), unit, scale(product.name()), range);
  }

  /** {@link #rescale} of integers that float32 does not hold. */
  private static Tensor rescaleWide(Tensor sums, double from, double to, CodeFormat range) {
    IntegerKernel.Factor factor = IntegerKernel.Factor.of(FoldedDot.rescale(from, to));
    Tensor wide = Torch.dense(sums);
    double[] values = Torch.doubles(wide);
    float[] codes = new float[values.length];
    for (int i = 0; i < codes.length; i++) {
      double code = factor.apply(values[i]);
      codes[i] = (float) Math.clamp(code, (double) range.min(), (double) range.max());
    }
    return written(codes, wide);
  }

  /** Codes in the layout of the sums that they were made of. */
  private static Tensor written(float[] codes, Tensor sums) {
    Tensor out = sums.to(torch.ScalarType.Float);
    MemorySegment.copy(codes, 0, Torch.floats(out), ValueLayout.JAVA_FLOAT, 0, codes.length);
    return out;
  }

  /** Whether no sum, whole or partial, can leave the integers that float32 holds. */
  private boolean exactInFloat(DotNode dot) {
    long largest = plan.multiplied(dot).largest();
    int[] all = fold(dot).weights();
    int terms = dot.terms();
    return IntStream.range(0, dot.outputChannels())
        .mapToLong(c -> norm(all, c * terms, terms) * largest)
        .allMatch(sum -> sum < FLOAT_INTEGERS);
  }

  private static float[] floats(int[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values[i];
    }
    return floats;
  }

  private static long norm(int[] values, int from, int count) {
    long sum = 0;
    for (int i = from; i < from + count; i++) {
      sum += Math.abs(values[i]);
    }
    return sum;
  }

  private Tensor requantize(FoldedDot fold, Sums sums) {
    double[] bias = Arrays.stream(fold.bias()).asDoubleStream().toArray();
    if (!sums.wide()) {
      return map(
          sums.tensor(),
          bias.length,
          IntegerKernel.requantize(bias, factors(fold), fold.min(), fold.max()));
    }
    double[] values = codes(fold, sums);
    float[] codes = new float[values.length];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (float) values[i];
    }
    return written(codes, sums.tensor());
  }

  private static double[] scores(FoldedDot fold, Sums sums) {
    Tensor tensor = sums.wide() ? sums.tensor() : sums.tensor().to(torch.ScalarType.Double);
    return codes(fold, new Sums(Torch.dense(tensor), true));
  }

  private static IntegerKernel.Factor[] factors(FoldedDot fold) {
    return Arrays.stream(fold.factors())
        .map(IntegerKernel.Factor::of)
        .toArray(IntegerKernel.Factor[]::new);
  }

  private static double[] codes(FoldedDot fold, Sums sums) {
    double[] values = Torch.doubles(sums.tensor());
    IntegerKernel.Factor[] factors = factors(fold);
    for (int i = 0; i < values.length; i++) {
      int c = i % fold.bias().length;
      double code = factors[c].apply(values[i] + fold.bias()[c]);
      values[i] = Math.clamp(code, (double) fold.min(), (double) fold.max());
    }
    return values;
  }

  /** Elements as they are; those of several tensors are brought to one scale first. */
  private Tensor moved(ImportedNode node, NodeOutputs outputs) {
    String name = node.name();
    List<Tensor> in = new ArrayList<>();
    for (String input : node.operands()) {
      Tensor images = image(input, outputs.get(input));
      boolean same = plan.floats(name) || plan.sameCodes(input, name);
      in.add(same ? images : rescale(images, scale(input), scale(name), codes(name)));
    }
    return LayerOutputs.of(node.layer(), in);
  }

  private Tensor image(String node, Tensor tensor) {
    return tensor.dim() == 4 ? tensor : LayerOutputs.shaped(tensor, shape(node));
  }

  /** TFLite's ADD with the multipliers that lowering sets up. */
  private Tensor add(AddNode add, Tensor left, Tensor right) {
    double leftScale = scale(add.left());
    double rightScale = scale(add.right());
    double twiceMax = 2 * Math.max(leftScale, rightScale);
    double unit = 1 << Add.LEFT_SHIFT;
    FixedPoint leftFactor = FixedPoint.fromReal(leftScale / twiceMax);
    FixedPoint rightFactor = FixedPoint.fromReal(rightScale / twiceMax);
    FixedPoint factor = FixedPoint.fromReal(twiceMax / (unit * scale(add.name())));
    CodeFormat codes = codes(add.name());
    Tensor first = Torch.dense(left);
    Tensor second = Torch.dense(right);
    Tensor out = torch.empty_like(first);
    IntegerKernel.add(
        workers,
        Torch.floats(first),
        Torch.floats(second),
        Torch.floats(out),
        first.numel(),
        new IntegerKernel.AddFactors(
            IntegerKernel.Factor.of(leftFactor),
            IntegerKernel.Factor.of(rightFactor),
            IntegerKernel.Factor.of(factor),
            codes.min(),
            codes.max()));
    return out;
  }

  private Tensor map(Tensor raw, int row, IntegerKernel.Piece piece) {
    Tensor in = Torch.dense(raw);
    Tensor out = torch.empty_like(in);
    IntegerKernel.map(workers, Torch.floats(in), Torch.floats(out), in.numel(), row, piece);
    return out;
  }

  private Tensor rescale(Tensor codes, double from, double to, CodeFormat range) {
    IntegerKernel.Factor factor = IntegerKernel.Factor.of(FoldedDot.rescale(from, to));
    return map(codes, 1, IntegerKernel.rescale(factor, range.min(), range.max()));
  }

  private double scale(String node) {
    return LogScales.scale(store.read(plan.outputScale(node))[0]);
  }

  private CodeFormat codes(String node) {
    return plan.output(node).orElseThrow();
  }

  private FeatureMapShape shape(String node) {
    return plan.model().shape(node);
  }

  private FoldedDot fold(DotNode dot) {
    FoldedDot fold = folded.get(dot.name());
    if (fold == null) {
      throw new IllegalStateException("layer " + dot.name() + " was not folded");
    }
    return fold;
  }
}
