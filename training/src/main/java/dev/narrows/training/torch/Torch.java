package dev.narrows.training.torch;

import dev.narrows.network.layer.Window;
import dev.narrows.training.model.BatchNorm;
import dev.narrows.training.model.FeatureMapShape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.LayoutOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * The few libtorch calls that models are made of. Sizes, strides and padding are passed as {@code
 * long[]} only: option objects with {@code op.stride().put(s, s)} mean "index s = s" and write out
 * of bounds.
 */
final class Torch {
  static final LongOptional NO_LONG = kept(new LongOptional());
  static final ScalarTypeOptional NO_TYPE = kept(new ScalarTypeOptional());
  private static final ScalarTypeOptional LONG =
      kept(new ScalarTypeOptional(torch.ScalarType.Long));
  private static final LayoutOptional NO_LAYOUT = kept(new LayoutOptional());
  private static final DeviceOptional NO_DEVICE = kept(new DeviceOptional());
  private static final BoolOptional NO_BOOL = kept(new BoolOptional());
  private static final MemoryFormatOptional NO_FORMAT = kept(new MemoryFormatOptional());
  private static final MemoryFormatOptional CHANNELS_LAST =
      kept(new MemoryFormatOptional(torch.MemoryFormat.ChannelsLast));

  /** 32-bit numbers in a vector of AVX2. */
  private static final int LANES = 8;

  private static final TensorOptional NO_TENSOR = kept(new TensorOptional());

  private Torch() {}

  /** A pointer that outlives the scope in which this class happens to be loaded. */
  private static <P extends Pointer> P kept(P pointer) {
    pointer.retainReference();
    return pointer;
  }

  /**
   * Makes libtorch use this many threads on the calling thread; the setting is OpenMP's, so it is
   * per thread.
   */
  static void useThreads(int threads) {
    torch.set_num_threads(threads);
  }

  /** An image batch, filled from rows, columns, channels. */
  static Tensor images(float[] values, int count, int channels, int height, int width) {
    Tensor tensor = emptyImages(count, channels, height, width);
    MemorySegment.copy(
        values, 0, floats(tensor), ValueLayout.JAVA_FLOAT, 0, count * channels * height * width);
    return tensor;
  }

  /** An image batch whose memory is rows, columns, channels. */
  static Tensor emptyImages(int count, int channels, int height, int width) {
    return torch.empty(
        new long[] {count, channels, height, width},
        NO_TYPE,
        NO_LAYOUT,
        NO_DEVICE,
        NO_BOOL,
        CHANNELS_LAST);
  }

  /** A batch of plain vectors. */
  static Tensor emptyRows(int count, int length) {
    return torch.empty(
        new long[] {count, length}, NO_TYPE, NO_LAYOUT, NO_DEVICE, NO_BOOL, NO_FORMAT);
  }

  static Tensor vector(float[] values) {
    Tensor tensor = torch.empty(values.length);
    MemorySegment.copy(values, 0, floats(tensor), ValueLayout.JAVA_FLOAT, 0, values.length);
    return tensor;
  }

  /** Outputs of any shape as a row for each image, an image as channels, rows, columns. */
  static Tensor rows(Tensor outputs) {
    return outputs.contiguous().view(outputs.size(0), -1);
  }

  /** Writes the first numbers into a dense tensor. */
  static void fill(Tensor tensor, float[] values) {
    MemorySegment.copy(values, 0, floats(tensor), ValueLayout.JAVA_FLOAT, 0, (int) tensor.numel());
  }

  static Tensor labels(int[] values, int count) {
    Tensor tensor = torch.empty(new long[] {count}, LONG, NO_LAYOUT, NO_DEVICE, NO_BOOL, NO_FORMAT);
    MemorySegment memory = segment(tensor.data_ptr_long().address(), 8L * count);
    for (int i = 0; i < count; i++) {
      memory.setAtIndex(ValueLayout.JAVA_LONG, i, values[i]);
    }
    return tensor;
  }

  /** The memory of a dense float tensor, in its own order; valid as long as the tensor is. */
  static MemorySegment floats(Tensor tensor) {
    return segment(tensor.data_ptr_float().address(), 4L * tensor.numel());
  }

  /** The memory of a dense tensor of any type, in its own order; valid as long as the tensor is. */
  static MemorySegment memory(Tensor tensor) {
    return segment(tensor.data_ptr().address(), tensor.itemsize() * tensor.numel());
  }

  /** A copy of a dense float64 tensor's memory. */
  static double[] doubles(Tensor tensor) {
    return segment(tensor.data_ptr_double().address(), 8L * tensor.numel())
        .toArray(ValueLayout.JAVA_DOUBLE);
  }

  /** The shape of one example of [N][C][H][W], or of [N][C]. */
  static FeatureMapShape shape(Tensor examples) {
    int channels = (int) examples.size(1);
    return examples.dim() == 4
        ? new FeatureMapShape(channels, (int) examples.size(2), (int) examples.size(3))
        : FeatureMapShape.vector(channels);
  }

  /** A copy of a float32 tensor's elements. */
  static double[] numbers(Tensor tensor) {
    float[] values = floats(tensor.contiguous()).toArray(ValueLayout.JAVA_FLOAT);
    double[] numbers = new double[values.length];
    Arrays.setAll(numbers, i -> values[i]);
    return numbers;
  }

  @SuppressWarnings(
      "restricted") // libtorch's own memory: its size is known, its life is the tensor's
  private static MemorySegment segment(long address, long bytes) {
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  /**
   * The tensor itself if its memory is dense with channels last (or plain rows for 2-D), else such
   * a copy.
   */
  static Tensor dense(Tensor tensor) {
    return tensor.dim() == 4
        ? tensor.contiguous(torch.MemoryFormat.ChannelsLast)
        : tensor.contiguous();
  }

  static Tensor emptyLike(Tensor tensor) {
    return torch.empty_like(tensor);
  }

  /** A convolution whose window's padding is the same on opposite sides. */
  static Tensor convolve(Tensor input, Tensor weights, Window window, int groups) {
    long more = moreChannels(input.size(1), window, groups);
    return torch.conv2d(
        more == 0 ? input : pad(input, 0, 0, 0, 0, 0, more),
        more == 0 ? weights : pad(weights, 0, 0, 0, 0, 0, more),
        NO_TENSOR,
        new long[] {window.strideHeight(), window.strideWidth()},
        new long[] {window.padTop(), window.padLeft()},
        new long[] {window.dilationHeight(), window.dilationWidth()},
        groups);
  }

  /**
   * @param weights [out][in/groups][kernel row][kernel column], as for {@link #convolve}
   * @param size one image's output
   */
  static Tensor convolveTransposed(
      Tensor input, Tensor weights, Window window, int groups, FeatureMapShape size) {
    TransposedAxis rows =
        TransposedAxis.of(
            size.height(),
            window.transposedHeight((int) input.size(2)),
            window.padTop(),
            window.padBottom(),
            window.strideHeight());
    TransposedAxis columns =
        TransposedAxis.of(
            size.width(),
            window.transposedWidth((int) input.size(3)),
            window.padLeft(),
            window.padRight(),
            window.strideWidth());
    Tensor kernels = inputsFirst(weights, groups);
    long more = moreChannels(weights.size(0), window, groups);
    Tensor outputs =
        torch.conv_transpose2d(
            input,
            more == 0 ? kernels : pad(kernels, 0, 0, 0, 0, 0, more),
            NO_TENSOR,
            new long[] {window.strideHeight(), window.strideWidth()},
            new long[] {rows.cut(), columns.cut()},
            new long[] {rows.more(), columns.more()},
            groups,
            new long[] {window.dilationHeight(), window.dilationWidth()});
    Tensor wanted = more == 0 ? outputs : outputs.narrow(1, 0, weights.size(0));
    return columns.narrowed(rows.narrowed(wanted, 2), 3);
  }

  /**
   * How many channels of zeros keep a convolution inside its memory. With AVX2, oneDNN of libtorch
   * 2.10 writes {@link #LANES} zeros at each pixel that no window of one tap covers, and so behind
   * the end of a tensor of fewer channels: in the gradient of a convolution's input, and in the
   * output of a transposed one.
   *
   * @param channels of the tensor that has the pixels between windows
   */
  private static long moreChannels(long channels, Window window, int groups) {
    boolean leavesOut =
        window.kernelHeight() < window.strideHeight()
            || window.kernelWidth() < window.strideWidth();
    return groups == 1 && leavesOut && channels < LANES ? LANES - channels : 0;
  }

  /**
   * How one axis of a transposed convolution is asked for: libtorch cuts off as much at the end as
   * at the start, and adds less than a stride there.
   *
   * @param cut off both ends by libtorch
   * @param more added at the end by libtorch
   * @param start elements that are left out afterwards, before the {@code size} that stay
   */
  private record TransposedAxis(long cut, long more, long start, long size) {
    /**
     * @param least the size without what an output has more than it has to
     */
    static TransposedAxis of(long size, long least, int before, int after, int stride) {
      long more = Math.max(0, size - (least + after - before));
      return more < stride
          ? new TransposedAxis(before, more, 0, size)
          : new TransposedAxis(after, size - least, (long) before - after, size);
    }

    Tensor narrowed(Tensor tensor, int dimension) {
      return tensor.size(dimension) == size ? tensor : tensor.narrow(dimension, start, size);
    }
  }

  /** [out][in/groups] to [in][out/groups], each with its kernel. */
  private static Tensor inputsFirst(Tensor weights, int groups) {
    if (groups == 1) {
      return weights.transpose(0, 1);
    }
    long outputs = weights.size(0) / groups;
    long inputs = weights.size(1);
    return weights
        .reshape(groups, outputs, inputs, weights.size(2), weights.size(3))
        .transpose(1, 2)
        .reshape(groups * inputs, outputs, weights.size(2), weights.size(3));
  }

  /** Zero padding: left, right, top, bottom, channels before, channels after. */
  static Tensor pad(Tensor input, long... amounts) {
    return torch.constant_pad_nd(input, amounts);
  }

  static Tensor linear(Tensor input, Tensor weights) {
    return torch.linear(input, weights);
  }

  static Tensor batchNorm(
      BatchNorm norm,
      Tensor input,
      Tensor scale,
      Tensor shift,
      Tensor mean,
      Tensor variance,
      boolean training) {
    return torch.batch_norm(
        input,
        new TensorOptional(scale),
        new TensorOptional(shift),
        new TensorOptional(mean),
        new TensorOptional(variance),
        training,
        norm.momentum(),
        norm.epsilon(),
        false);
  }

  static Tensor spatialMean(Tensor input) {
    return input.mean(2, 3);
  }

  /** C × H × W to a vector in that order. */
  static Tensor flatten(Tensor input) {
    return input.reshape(input.size(0), -1);
  }

  static Tensor clamp(Tensor input, double min, double max) {
    return torch.clamp(
        input, new ScalarOptional(new Scalar(min)), new ScalarOptional(new Scalar(max)));
  }

  static Tensor crossEntropy(Tensor scores, Tensor labels) {
    return torch.cross_entropy_loss(scores, labels);
  }

  /** See {@link SoftTargets}. */
  static Tensor distillation(Tensor scores, Tensor labels, SoftTargets soft) {
    Tensor teacher = vector(soft.scores()).view(scores.size(0), scores.size(1));
    Scalar temperature = new Scalar(soft.temperature());
    Tensor divergence =
        torch.kl_div(
            torch.log_softmax(scores.div(temperature), 1),
            torch.softmax(teacher.div(temperature), 1),
            REDUCTION_SUM,
            false);
    double factor = soft.weight() * soft.temperature() * soft.temperature() / scores.size(0);
    return crossEntropy(scores, labels)
        .mul(new Scalar(1 - soft.weight()))
        .add(divergence.mul(new Scalar(factor)));
  }

  /** {@code at::Reduction::Sum}. */
  private static final long REDUCTION_SUM = 2;

  /** Whole numbers held as floats, as integers. */
  static Tensor whole(Tensor tensor) {
    return tensor.to(torch.ScalarType.Long);
  }

  /** Rows of a table [rows][depth] for ids of any shape: [ids…][depth]. */
  static Tensor lookUp(Tensor table, Tensor ids) {
    return torch.embedding(table, ids);
  }

  /** Over the last dimension. */
  static Tensor layerNorm(Tensor input, Tensor scale, Tensor shift, double epsilon) {
    return torch.layer_norm(
        input,
        new long[] {input.size(input.dim() - 1)},
        new TensorOptional(scale),
        new TensorOptional(shift),
        epsilon,
        true);
  }

  /** In its tanh form. */
  static Tensor softmax(Tensor input, int dimension) {
    return torch.softmax(input, dimension);
  }

  static Tensor float32(Tensor tensor) {
    return tensor.to(torch.ScalarType.Float);
  }
}
