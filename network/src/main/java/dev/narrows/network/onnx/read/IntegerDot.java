package dev.narrows.network.onnx.read;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.Widths;
import dev.narrows.core.quantize.DoubleScale;
import dev.narrows.core.quantize.FloatScale;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.ScaledCodes;
import dev.narrows.network.tensor.ElementKind;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.IntegerOperands;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Dot products of codes with constant weights that are integers too. What makes codes of their sums
 * is ONNX Runtime's requantisation in binary32 where a QuantizeLinear follows, else thresholds on
 * the sums; where numbers are wanted, the sums are codes of 32 bits that are scaled.
 *
 * @param x the codes that are multiplied
 * @param weights as the layer has them, [outputs][terms]
 * @param bits W, the weights' signed width
 * @param scales of a sum of 1, one or one a channel
 * @param bias in units of sums, one a channel
 * @param added to the scaled sums, one a channel; empty for none
 */
record IntegerDot(
    LoweringNode node,
    DotShape shape,
    LoweredValue x,
    int[] weights,
    int bits,
    float[] scales,
    int[] bias,
    float[] added)
    implements Deferred {
  private static final Quantization SUMS = new Quantization(IntegerFormat.signed(32), 1, 0);

  /**
   * A dot product with the integers of a constant; empty where weights of one channel have several
   * scales, or where no layer holds them.
   *
   * @param factor what each product is scaled by besides the weights' own scales
   */
  static Optional<IntegerDot> of(
      LoweringNode node, DotShape shape, LoweredValue x, QuantizedConstant constant, float factor) {
    int[] places = shape.weights();
    int terms = shape.terms();
    if (terms == 0
        || constant.bits() > 16
        || node.type(x.tensor()).quantization().format().bits() > 24) {
      return Optional.empty();
    }
    int[] weights = new int[places.length];
    float[] scales = new float[constant.scales().length == 1 ? 1 : shape.outputs()];
    for (int i = 0; i < weights.length; i++) {
      int channel = scales.length == 1 ? 0 : i / terms;
      weights[i] = constant.value(places[i]);
      float scale = factor * constant.scale(places[i]);
      if (i % terms != 0 && scales.length > 1 && scales[channel] != scale) {
        return Optional.empty();
      }
      scales[channel] = scale;
    }
    for (float scale : scales) {
      if (!(scale > 0) || Float.isInfinite(scale)) {
        return Optional.empty();
      }
    }
    int channels = shape.outputs();
    return Optional.of(
        new IntegerDot(
            node, shape, x, weights, constant.bits(), scales, new int[channels], new float[0]));
  }

  /** The same with integers added to the sums. */
  IntegerDot biased(int[] more) {
    return new IntegerDot(node, shape, x, weights, bits, scales, more, added);
  }

  /** The same with numbers added to the scaled sums. */
  IntegerDot added(float[] more) {
    return new IntegerDot(node, shape, x, weights, bits, scales, bias, more);
  }

  /** The scale of a sum of a channel. */
  float scale(int channel) {
    return scales[scales.length == 1 ? 0 : channel];
  }

  /** The sums themselves, in 32 bits: what ConvInteger and MatMulInteger make. */
  LoweredValue sums() {
    int tensor = layer(node.unique(), weights, bits, bias, SUMS, whole());
    return new LoweredValue(shape.back(node, tensor), shape.dims(), NdType.INT32);
  }

  /** Whether the numbers that the sums stand for are the sums themselves. */
  boolean isWhole() {
    boolean one = added.length == 0;
    for (float scale : scales) {
      one &= scale == 1;
    }
    for (int b : bias) {
      one &= b == 0;
    }
    return one;
  }

  /** More than any sum of a channel, in size. */
  long most(int channel) {
    Quantization codes = node.type(x.tensor()).quantization();
    long zero = codes.zeroPoint();
    long input = Math.max(codes.format().max() - zero, zero - codes.format().min());
    long sum = 0;
    for (int i = channel * shape.terms(); i < (channel + 1) * shape.terms(); i++) {
      sum += Math.abs((long) weights[i]) * input;
    }
    return sum;
  }

  /** Codes of 32 bits that a requantisation makes of the sums. */
  LoweredValue scores(Requantization requantization) {
    return codes(SUMS, requantization, NdType.INT64);
  }

  /** Codes that a requantisation makes of the sums. */
  LoweredValue codes(Quantization made, Requantization requantization, NdType type) {
    int tensor = layer(node.unique(), weights, bits, bias, made, requantization);
    return new LoweredValue(shape.back(node, tensor), shape.dims(), type);
  }

  private static Requantization whole() {
    return new DoubleScale(new double[] {1}, 0, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  private int layer(
      String name,
      int[] integers,
      int width,
      int[] offsets,
      Quantization made,
      Requantization requantization) {
    double[] weightScales = new double[shape.outputs()];
    double own = node.type(x.tensor()).quantization().scale();
    Arrays.setAll(weightScales, c -> scale(c) / own);
    IntegerOperands operands =
        new IntegerOperands(
            new DenseWeights(shape.outputs(), shape.terms(), width, weightScales, integers),
            offsets,
            requantization);
    return shape.add(node, name, x.tensor(), new ElementKind.Codes(made), operands);
  }

  @Override
  public int rank() {
    return shape.dims().size();
  }

  @Override
  public void settle() throws NotNativeException {
    node.put(0, numbers());
  }

  /** The dot products as numbers: sums, then their scales, then what is added. */
  LoweredValue numbers() throws NotNativeException {
    int tensor = layer(node.unique(), weights, bits, bias, SUMS, whole());
    TensorType to = TensorType.floats(shape.outputs(), shape.outputHeight(), shape.outputWidth());
    int made = node.add(new ScaledCodes(node.unique("scaled"), tensor, to, scales, added));
    return new LoweredValue(shape.back(node, made), shape.dims(), NdType.FLOAT);
  }

  @Override
  public Optional<LoweredValue> quantized(CodeTarget to, List<LoweringNode> steps)
      throws NotNativeException {
    Optional<ChannelSteps> functions = ChannelSteps.of(shape, added, steps);
    if (functions.isEmpty()) {
      return Optional.empty();
    }
    if (to.isLinear() && functions.get().onlyClips()) {
      return Optional.of(scaled(to, functions.get()));
    }
    return functions.get().thresholds(this, to).map(rows -> compared(to, functions.get(), rows));
  }

  /** As ONNX Runtime's integer kernels: sum · (input scale · weight scale / output scale). */
  private LoweredValue scaled(CodeTarget to, ChannelSteps clips) {
    float[] factors = new float[scales.length];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = scales[i] / to.scale();
    }
    FloatScale requantization =
        new FloatScale(
            factors,
            to.quantization().zeroPoint(),
            to.code(clips.apply(0, Float.NEGATIVE_INFINITY)),
            to.code(clips.apply(0, Float.POSITIVE_INFINITY)));
    int made = layer(node.unique(), weights, bits, bias, to.quantization(), requantization);
    return to.value(shape.back(node, made), shape.dims());
  }

  /** Channels whose codes fall with the sum are negated, so that thresholds count upwards. */
  private LoweredValue compared(CodeTarget to, ChannelSteps steps, Requantization thresholds) {
    int[] integers = weights.clone();
    int[] offsets = bias.clone();
    for (int i = 0; i < integers.length; i++) {
      integers[i] = steps.falls(i / shape.terms()) ? -integers[i] : integers[i];
    }
    for (int c = 0; c < offsets.length; c++) {
      offsets[c] = steps.falls(c) ? -offsets[c] : offsets[c];
    }
    int width = bits;
    for (int q : integers) {
      width = Math.max(width, Widths.of(Math.min(q, 0), Math.max(q, 0)));
    }
    int made = layer(node.unique(), integers, width, offsets, to.quantization(), thresholds);
    return to.value(shape.back(node, made), shape.dims());
  }
}
