package dev.narrows.network.tflite;

import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.DoubleScale;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.core.quantize.ShortMultiplier;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.FloatDotWeights;
import dev.narrows.network.weights.FloatOperands;
import dev.narrows.network.weights.IntegerOperands;
import dev.narrows.network.weights.Operands;
import java.util.Optional;

/**
 * The filter and bias of an operator as operands, with the requantisation that TFLite sets up.
 *
 * @param axis of the filter that counts output channels
 * @param channels output channels
 * @param last whether output channels are the filter's last dimension, not its first
 * @param biasInput the operator's input that is the bias, if it has one
 * @param register what LiteRT's reference kernel sums in
 */
record FilterOperands(
    OperatorImport in,
    GraphValue value,
    TfliteTensorEntry filter,
    int axis,
    int channels,
    boolean last,
    int biasInput,
    RuntimeRegister register) {
  Operands operands(TensorType to, FusedActivation activation)
      throws NetworkFileException, Unsupported {
    return switch (filter.type()) {
      case FLOAT32, FLOAT16 -> floats(to, activation);
      case INT8, UINT8, INT4 -> integers(to, activation);
      default -> throw new Unsupported("weights of " + filter.type());
    };
  }

  /** What is left to do after the operands: float operands have no upper clamp. */
  FusedActivation left(TensorType to, FusedActivation activation) {
    return to.isFloat() && activation != FusedActivation.RELU ? activation : FusedActivation.NONE;
  }

  /** Whether integers are multiplied with numbers that the call quantises. */
  boolean hybrid() {
    return value.type().isFloat()
        && (filter.type() == FileElementType.INT8 || filter.type() == FileElementType.INT4);
  }

  /** The integers for sums that stand for themselves. */
  IntegerOperands sums() throws NetworkFileException, Unsupported {
    requireScales();
    for (int c = 0; c < filter.zeros().count(); c++) {
      if (filter.zero(c) != 0) {
        throw new Unsupported("weights with a zero point on real numbers");
      }
    }
    int[] values = in.graph().constants().integers(filter, 0);
    return HybridOperators.operands(channels, bits(false), last ? moved(values) : values);
  }

  /** The scale of each output channel. */
  float[] scales() throws NetworkFileException {
    float[] scales = new float[channels];
    for (int c = 0; c < channels; c++) {
      scales[c] = filter.scale(c);
    }
    return scales;
  }

  /** Whether all output channels have one scale. */
  boolean oneScale() throws NetworkFileException {
    float[] scales = scales();
    for (float scale : scales) {
      if (scale != scales[0]) {
        return false;
      }
    }
    return true;
  }

  /** The bias of real numbers; zeros without one. */
  float[] realBias() throws NetworkFileException, Unsupported {
    return in.has(biasInput) ? in.graph().constants().floats(bias()) : new float[channels];
  }

  private int bits(boolean centred) {
    return filter.type() == FileElementType.INT4 ? 4 : centred ? 9 : 8;
  }

  private void requireScales() throws NetworkFileException {
    int count = filter.scales().count();
    boolean unsigned = filter.type() == FileElementType.UINT8;
    if (count != 1 && (unsigned || filter.dimension() != axis || count != channels)) {
      throw filter.bad(
          "expected 1 scale or one for each of %d channels, got %d".formatted(channels, count));
    }
  }

  private Operands floats(TensorType to, FusedActivation activation)
      throws NetworkFileException, Unsupported {
    requireKinds(to.isFloat());
    float[] values = in.graph().constants().floats(filter);
    float[] bias = realBias();
    float[] ordered = values;
    if (last) {
      in.graph().constants().take(filter, values.length, Float.BYTES);
      ordered = new float[values.length];
      for (int i = 0; i < values.length; i++) {
        ordered[moved(i, values.length)] = values[i];
      }
    }
    return new FloatOperands(
        new FloatDotWeights(channels, values.length / channels, ordered),
        bias,
        activation == FusedActivation.RELU);
  }

  private Operands integers(TensorType to, FusedActivation activation)
      throws NetworkFileException, Unsupported {
    requireKinds(!to.isFloat());
    Quantization from = value.type().quantization();
    Quantization made = to.quantization();
    if (!made.format().equals(from.format())) {
      throw new Unsupported("codes %s to %s".formatted(from.format(), made.format()));
    }
    boolean wide = from.format().bits() == 16;
    if (wide && (from.zeroPoint() != 0 || made.zeroPoint() != 0)) {
      throw in.bad("16-bit codes must have zero point 0");
    }
    boolean unsigned = filter.type() == FileElementType.UINT8;
    if (unsigned == from.format().signed()) {
      throw new Unsupported("weights of %s on %s".formatted(filter.type(), from.format()));
    }
    requireScales();
    int count = filter.scales().count();
    boolean dense = filter.shape().rank() == 2;
    int zero = filter.zero(0);
    for (int c = 0; c < filter.zeros().count(); c++) {
      if (filter.zero(c) != 0 && !unsigned && !(dense && count == 1)) {
        throw new Unsupported("signed weights with a zero point");
      }
    }
    int[] values = in.graph().constants().integers(filter, zero);
    int[] bias = new int[channels];
    if (in.has(biasInput)) {
      TfliteTensorEntry entry = bias();
      FileElementType expected =
          register == RuntimeRegister.BITS_32 ? FileElementType.INT32 : FileElementType.INT64;
      if (entry.type() != expected) {
        throw new Unsupported("bias of %s, not %s".formatted(entry.type(), expected));
      }
      bias = in.graph().constants().integers(entry, 0);
    }
    double[] scales = new double[channels];
    for (int c = 0; c < channels; c++) {
      scales[c] = filter.scale(c);
    }
    return new IntegerOperands(
        new DenseWeights(
            channels,
            values.length / channels,
            bits(zero != 0 || unsigned),
            scales,
            last ? moved(values) : values),
        bias,
        requantization(from, made, dense, activation),
        ZeroPointConvention.OFFSET,
        BiasPlacement.PRELOAD,
        Optional.empty());
  }

  /**
   * The factors input scale · weight scale / output scale. For fully connected operators LiteRT's
   * reference kernels multiply the sum in binary64; of convolutions, sums of 64 bits get a shorter
   * multiplier, and for unsigned codes the product of the scales is rounded to binary32.
   */
  private Requantization requantization(
      Quantization from, Quantization made, boolean dense, FusedActivation activation)
      throws NetworkFileException {
    boolean rounded = !dense && !from.format().signed();
    double[] factors = new double[filter.scales().count()];
    for (int c = 0; c < factors.length; c++) {
      double scale = filter.scale(c);
      double both = rounded ? (float) from.scale() * (float) scale : from.scale() * scale;
      factors[c] = both / made.scale();
    }
    IntegerRange codes = activation.codes(made);
    int min = (int) codes.min();
    int max = (int) codes.max();
    if (dense) {
      return new DoubleScale(factors, made.zeroPoint(), min, max);
    }
    return switch (register) {
      case BITS_32 -> FixedPointMultiplier.fromReals(factors, made.zeroPoint(), min, max);
      case BITS_64, BITS_64_OR_32 -> ShortMultiplier.fromReals(factors, made.zeroPoint(), min, max);
    };
  }

  private TfliteTensorEntry bias() throws NetworkFileException, Unsupported {
    TfliteTensorEntry entry = in.constant(biasInput, "bias");
    if (entry.shape().elements() != channels) {
      throw entry.bad("is a bias of %s for %d channels".formatted(entry.shape(), channels));
    }
    return entry;
  }

  private void requireKinds(boolean fits) throws Unsupported {
    boolean reals =
        filter.type() == FileElementType.FLOAT32 || filter.type() == FileElementType.FLOAT16;
    if (!fits || value.type().isFloat() != reals) {
      throw new Unsupported("weights of %s on %s".formatted(filter.type(), value.type().kind()));
    }
  }

  /** [term][channel] to [channel][term]. */
  private int[] moved(int[] values) throws NetworkFileException {
    in.graph().constants().take(filter, values.length, Integer.BYTES);
    int[] ordered = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      ordered[moved(i, values.length)] = values[i];
    }
    return ordered;
  }

  /** Where the file's element i of so many lies in [channel][term]. */
  int moved(int i, int length) {
    return i % channels * (length / channels) + i / channels;
  }
}
