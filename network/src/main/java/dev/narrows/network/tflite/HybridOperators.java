package dev.narrows.network.tflite;

import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.DoubleScale;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.DynamicCodes;
import dev.narrows.network.layer.DynamicScale;
import dev.narrows.network.layer.ScaledSums;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.IntegerOperands;
import java.util.Arrays;
import java.util.Optional;

/**
 * Integer weights on real numbers: the numbers of a call are quantised by what they are, the
 * products of integers summed in 32 bits, and the sums scaled. LiteRT's kernels differ in how.
 */
record HybridOperators(OperatorImport in, FilterOperands weights, FusedActivation activation) {
  /** Sums stand for themselves. */
  static final Quantization SUMS = new Quantization(IntegerFormat.signed(32), 1, 0);

  /** A sum as it is. */
  static Requantization same() {
    IntegerFormat format = SUMS.format();
    return new DoubleScale(new double[] {1}, 0, (int) format.min(), (int) format.max());
  }

  /** Numbers as integers by the scale of their group, and the tensor of the scales. */
  record HybridCodes(GraphValue codes, int scale) {}

  /** Quantises groups of positions each by itself. */
  static HybridCodes quantized(
      OperatorImport in, GraphValue value, int groups, DynamicCodes.DynamicForm form)
      throws NetworkFileException {
    String name = in.made(0).name();
    int scale =
        in.add(
            new DynamicScale(
                in.graph().unique(name + "/scale"),
                value.tensor(),
                DynamicScale.type(groups),
                form != DynamicCodes.DynamicForm.SYMMETRIC));
    TensorType from = value.type();
    TensorType type =
        new TensorType(from.channels(), from.height(), from.width(), form.quantization());
    String codes = in.graph().unique(name + "/codes");
    int tensor = in.add(new DynamicCodes(codes, value.tensor(), scale, type, form));
    return new HybridCodes(new GraphValue(tensor, value.shape(), type), scale);
  }

  /**
   * Each image has a scale. Where all weights have one scale codes are symmetric, else they are
   * less their zero point, as they always are in depthwise convolutions.
   */
  void convolution(ImageBatch images, Window window, int groups, boolean depthwise)
      throws NetworkFileException, Unsupported {
    boolean channels = depthwise || !weights.oneScale();
    DynamicCodes.DynamicForm form =
        channels ? DynamicCodes.DynamicForm.CENTRED : DynamicCodes.DynamicForm.SYMMETRIC;
    HybridCodes quantized = quantized(in, images.value(), images.count(), form);
    boolean one = images.count() == 1;
    GraphValue read =
        one ? quantized.codes() : ImageBatch.of(in, quantized.codes()).windows(window, groups);
    TensorType to = in.made().made();
    String name = in.name();
    TensorType type = new TensorType(to.channels(), to.height(), to.width(), SUMS);
    Window seen = one ? window : Window.point();
    IntegerOperands operands = weights.sums();
    DotLayer layer = new Convolution(name, read.tensor(), type, seen, groups, operands);
    int sums = in.add(layer);
    in.graph().note(name, weights);
    ScaledSums scaled =
        new ScaledSums(
            in.graph().unique(name + "/scaled"),
            sums,
            quantized.scale(),
            to,
            weights.scales(),
            new int[0],
            weights.realBias(),
            channels && !depthwise);
    PointOperators.finish(in, scaled, activation);
  }

  /**
   * Each row of {@code terms} has a scale; codes are stored, and what their zero point adds is
   * taken off the sums.
   *
   * @param read [terms][rows]
   * @return the numbers
   */
  int rows(String name, GraphValue read, boolean asymmetric)
      throws NetworkFileException, Unsupported {
    ScaledSums scaled =
        rows(in, name, read, asymmetric, weights.sums(), weights.scales(), weights.realBias());
    in.graph().note(name, weights);
    return PointOperators.activated(in, scaled, activation);
  }

  /** The last layer, which is to be added, for any integers with a scale a channel. */
  static ScaledSums rows(
      OperatorImport in,
      String name,
      GraphValue read,
      boolean asymmetric,
      IntegerOperands operands,
      float[] scales,
      float[] bias)
      throws NetworkFileException {
    DynamicCodes.DynamicForm form =
        asymmetric ? DynamicCodes.DynamicForm.STORED : DynamicCodes.DynamicForm.SYMMETRIC;
    TensorType from = read.type();
    HybridCodes quantized = quantized(in, read, from.positions(), form);
    TensorType type = new TensorType(scales.length, from.height(), from.width(), SUMS);
    int sums =
        in.add(
            new Convolution(name, quantized.codes().tensor(), type, Window.point(), 1, operands));
    return new ScaledSums(
        in.graph().unique(name + "/scaled"),
        sums,
        quantized.scale(),
        TensorType.floats(type.channels(), type.height(), type.width()),
        scales,
        asymmetric ? rowSums(operands) : new int[0],
        bias,
        false);
  }

  /** Integers for sums that stand for themselves. */
  static IntegerOperands operands(int channels, int bits, int[] values) {
    double[] ones = new double[channels];
    Arrays.fill(ones, 1);
    return new IntegerOperands(
        new DenseWeights(channels, values.length / channels, bits, ones, values),
        new int[channels],
        same(),
        ZeroPointConvention.OFFSET,
        BiasPlacement.PRELOAD,
        Optional.empty());
  }

  /** The sum of each output channel's integers. */
  private static int[] rowSums(IntegerOperands operands) {
    int[] weights = operands.weights().dense();
    int terms = operands.terms();
    int[] sums = new int[operands.channels()];
    for (int i = 0; i < weights.length; i++) {
      sums[i / terms] += weights[i];
    }
    return sums;
  }
}
