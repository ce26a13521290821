package dev.narrows.network.onnx.read;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.FloatScale;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.Clamp;
import dev.narrows.network.layer.FloatScaledAdd;
import dev.narrows.network.layer.FloatScaledMultiply;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Operators of numbers whose operands are codes that are yet to be dequantised: they stay codes
 * where that gives the same, and wait for a reader that quantises.
 */
final class QuantizedForms {
  /** Longer chains are lowered as they stand: each step is a call inside the one before. */
  private static final int MOST_STEPS = 64;

  private QuantizedForms() {}

  /**
   * Lowers a node whose operands are codes.
   *
   * @param plain how the node is lowered otherwise
   * @return whether it is done
   */
  static boolean lower(LoweringNode node, NodeLowering plain) throws NotNativeException {
    if (!node.node().domain().isEmpty() || node.node().outputs().size() != 1) {
      return false;
    }
    String output = node.node().outputs().getFirst();
    if (QuantizedConstants.put(node)) {
      return true;
    }
    Optional<Deferred> form = form(node, plain);
    if (form.isPresent()) {
      node.graph().defer(output, form.get());
    }
    return form.isPresent() || immediate(node);
  }

  private static Optional<Deferred> form(LoweringNode node, NodeLowering plain)
      throws NotNativeException {
    if (node.node().operator().equals("Add")) {
      Optional<Deferred> whole = WholeNumbers.sum(node, plain);
      if (whole.isPresent()) {
        return whole;
      }
    }
    for (int i = 0; i < node.node().inputs().size(); i++) {
      Optional<Deferred> before = node.graph().deferred(node.node().input(i));
      int depth = before.isPresent() && before.get() instanceof After step ? step.depth() + 1 : 1;
      if (before.isPresent() && depth <= MOST_STEPS && ChannelSteps.mayBe(node, i)) {
        return Optional.of(new After(node, before.get(), plain, depth));
      }
    }
    return switch (node.node().operator()) {
      case "Conv", "ConvTranspose", "Gemm", "MatMul" -> QuantizedDots.of(node);
      case "Add", "Mul" -> PairedCodes.of(node).map(operands -> new Pair(node, plain, operands));
      case "AveragePool" -> CodePools.of(node, plain);
      case "Softmax" -> CodeSoftmax.of(node, plain);
      case "GlobalAveragePool" ->
          isCodes(node, 0) ? Optional.of(new Pool(node, plain)) : Optional.empty();
      default -> Optional.empty();
    };
  }

  /** Whether an input is codes that stand for numbers. */
  static boolean isCodes(LoweringNode node, int input) throws NotNativeException {
    return node.has(input)
        && node.constant(input).isEmpty()
        && node.graph().isMade(node.node().input(input))
        && node.value(input).dequantized();
  }

  /** max(x, 0) and clips that end at numbers with a code are clips of the codes. */
  private static boolean immediate(LoweringNode node) throws NotNativeException {
    if (node.node().operator().equals("Clip") && clippedCodes(node)
        || node.node().operator().equals("Add") && shifted(node, 1)
        || node.node().operator().equals("Sub") && shifted(node, -1)) {
      return true;
    }
    boolean relu = node.node().operator().equals("Relu");
    if (!relu && !node.node().operator().equals("Clip") || !isCodes(node, 0)) {
      return false;
    }
    LoweredValue in = node.value(0);
    TensorType type = node.type(in.tensor());
    Quantization codes = type.quantization();
    float min = relu ? 0 : limit(node, 1, "min", Float.NEGATIVE_INFINITY);
    float max = relu ? Float.POSITIVE_INFINITY : limit(node, 2, "max", Float.POSITIVE_INFINITY);
    long least = edge(codes, min, codes.format().min());
    long most = edge(codes, max, codes.format().max());
    boolean edges =
        isEdge(codes, min, least, codes.format().min())
            && isEdge(codes, max, most, codes.format().max());
    if (!edges || least > most) {
      return false;
    }
    boolean whole = least == codes.format().min() && most == codes.format().max();
    int made =
        whole
            ? in.tensor()
            : node.add(new Clamp(node.unique(), in.tensor(), type, (int) least, (int) most));
    node.put(0, new LoweredValue(made, in.dims(), in.type(), true));
    return true;
  }

  /** A whole number added to codes of scale 1: the same codes with another zero point. */
  private static boolean shifted(LoweringNode node, int sign) throws NotNativeException {
    Optional<NdTensor> added = node.constant(1);
    if (!isCodes(node, 0) || added.isEmpty() || added.get().elements() != 1) {
      return false;
    }
    LoweredValue in = node.value(0);
    Quantization codes = node.type(in.tensor()).quantization();
    double number = sign * added.get().doubles()[0];
    double zero = codes.zeroPoint() - number;
    if (added.get().rank() > in.rank()
        || codes.scale() != 1
        || codes.format().bits() > 16
        || zero != Math.rint(zero)
        || zero < codes.format().min()
        || zero > codes.format().max()) {
      return false;
    }
    Quantization read = new Quantization(codes.format(), 1, (int) zero);
    int made = QuantizeLowering.labelled(node, in, read);
    node.put(0, new LoweredValue(made, in.dims(), in.type(), true));
    return true;
  }

  /** A clip between a QuantizeLinear and a DequantizeLinear: codes of fewer bits. */
  private static boolean clippedCodes(LoweringNode node) throws NotNativeException {
    if (!node.graph().isMade(node.node().input(0))) {
      return false;
    }
    LoweredValue in = node.value(0);
    TensorType type = node.type(in.tensor());
    if (in.dequantized() || type.isFloat()) {
      return false;
    }
    IntegerFormat format = type.quantization().format();
    long min = node.has(1) ? node.required(1, "a limit").integers()[0] : format.min();
    long max = node.has(2) ? node.required(2, "a limit").integers()[0] : format.max();
    int least = (int) format.clamp(min);
    int most = (int) format.clamp(max);
    if (least > most) {
      return false;
    }
    int made = node.add(new Clamp(node.unique(), in.tensor(), type, least, most));
    node.put(0, new LoweredValue(made, in.dims(), in.type()));
    return true;
  }

  private static float limit(LoweringNode node, int input, String name, float otherwise)
      throws NotNativeException {
    return node.has(input)
        ? node.required(input, "a limit").floats()[0]
        : node.attributes().number(name, otherwise);
  }

  /** The code at which a clip ends. */
  private static long edge(Quantization codes, float number, long unlimited) {
    return Float.isFinite(number) ? codes.quantize(number) : unlimited;
  }

  /**
   * Whether clipping the number is clipping the code; what lies beyond the last code clips none.
   */
  private static boolean isEdge(Quantization codes, float number, long code, long last) {
    float exact = (float) codes.dequantize(code);
    boolean beyond = last == codes.format().min() ? number <= exact : number >= exact;
    return exact == number || beyond && code == last;
  }

  /** A function of each number after a value that waits. */
  private record After(LoweringNode node, Deferred before, NodeLowering plain, int depth)
      implements Deferred {
    @Override
    public Optional<LoweredValue> quantized(CodeTarget to, List<LoweringNode> steps)
        throws NotNativeException {
      List<LoweringNode> all = new ArrayList<>(List.of(node));
      all.addAll(steps);
      return before.quantized(to, all);
    }

    @Override
    public int rank() throws NotNativeException {
      return before.rank();
    }

    @Override
    public void settle() throws NotNativeException {
      plain.lower(node);
    }
  }

  /** Whether all of some nodes are ReLUs, which a quantisation from real zero on takes in. */
  private static boolean onlyRelu(List<LoweringNode> steps) {
    return steps.stream().allMatch(step -> step.node().operator().equals("Relu"));
  }

  /** The smallest code after ReLUs. */
  private static int least(CodeTarget to, List<LoweringNode> steps) {
    return steps.isEmpty() ? to.min() : Math.max(to.min(), to.quantization().zeroPoint());
  }

  /** A sum or product of two values of codes. */
  private record Pair(LoweringNode node, NodeLowering plain, PairedCodes operands)
      implements Deferred {
    @Override
    public Optional<LoweredValue> quantized(CodeTarget to, List<LoweringNode> steps)
        throws NotNativeException {
      if (!operands.isAll(to.quantization().format())
          || to.quantization().format().bits() != 8
          || !to.isLinear()
          || !onlyRelu(steps)) {
        return Optional.empty();
      }
      LoweredValue a = operands.value(0);
      LoweredValue b = operands.value(1);
      boolean product = node.node().operator().equals("Mul");
      return Optional.of(pair(node, product, a, b, to, least(to, steps)));
    }

    @Override
    public int rank() {
      return operands.rank();
    }

    @Override
    public void settle() throws NotNativeException {
      plain.lower(node);
    }
  }

  /** A sum or product of codes as ONNX Runtime has it. */
  static LoweredValue pair(
      LoweringNode node,
      boolean product,
      LoweredValue left,
      LoweredValue right,
      CodeTarget to,
      int min) {
    List<Integer> dims = Places.broadcast(left.dims(), right.dims());
    LoweredValue a = MoveLayers.expanded(node, left, dims);
    LoweredValue b = MoveLayers.expanded(node, right, dims);
    Quantization leftCodes = node.type(a.tensor()).quantization();
    Quantization rightCodes = node.type(b.tensor()).quantization();
    int elements = (int) NdTensor.count(dims);
    TensorType shape = node.type(a.tensor());
    TensorType made =
        new TensorType(shape.channels(), shape.height(), shape.width(), to.quantization());
    int x = a.tensor();
    int y = node.shaped(b.tensor(), shape.channels(), shape.height(), shape.width());
    assert elements == made.elements();
    String name = node.unique();
    float l = (float) leftCodes.scale();
    float r = (float) rightCodes.scale();
    Layer layer =
        product
            ? new FloatScaledMultiply(name, x, y, made, l * r / to.scale(), min, to.max())
            : new FloatScaledAdd(
                name,
                x,
                y,
                made,
                l / to.scale(),
                r / to.scale(),
                leftCodes.zeroPoint(),
                rightCodes.zeroPoint(),
                min,
                to.max());
    return to.value(node.add(layer), dims);
  }

  /** The mean of each channel. */
  private record Pool(LoweringNode node, NodeLowering plain) implements Deferred {
    @Override
    public Optional<LoweredValue> quantized(CodeTarget to, List<LoweringNode> steps)
        throws NotNativeException {
      LoweredValue in = node.value(0);
      return to.isLinear() && onlyRelu(steps)
          ? Optional.of(globalPool(node, in, to, least(to, steps)))
          : Optional.empty();
    }

    @Override
    public int rank() throws NotNativeException {
      return node.value(0).rank();
    }

    @Override
    public void settle() throws NotNativeException {
      plain.lower(node);
    }
  }

  /** The mean of each channel of codes as ONNX Runtime has it: one sum, scaled in binary32. */
  static LoweredValue globalPool(LoweringNode node, LoweredValue in, CodeTarget to, int min) {
    int channels = in.dims().get(0) * in.dims().get(1);
    int size = in.elements() / channels;
    int from = node.shaped(in.tensor(), channels, size, 1);
    TensorType type = node.type(from);
    TensorType made = new TensorType(channels, 1, 1, to.quantization());
    float scale = (float) type.quantization().scale() / (to.scale() * size);
    FloatScale requantization =
        new FloatScale(new float[] {scale}, to.quantization().zeroPoint(), min, to.max());
    int pooled =
        node.add(new AveragePool(node.unique(), from, made, Window.covering(type), requantization));
    List<Integer> dims = new ArrayList<>(in.dims().subList(0, 2));
    for (int i = 2; i < in.rank(); i++) {
      dims.add(1);
    }
    return to.value(pooled, dims);
  }
}
