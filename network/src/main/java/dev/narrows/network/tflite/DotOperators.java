package dev.narrows.network.tflite;

import dev.narrows.network.FileShape;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.TransposedConvolution;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.Operands;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Operators with weights. */
final class DotOperators {
  private static final int BIAS = 2;

  private DotOperators() {}

  /** Filters are [output][kernel row][kernel column][input of the group]. */
  static void convolution(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    ImageBatch images = ImageBatch.of(in, value);
    TensorType from = images.image();
    TfliteTensorEntry filter = filter(in);
    FileShape shape = filter.shape();
    FlatTable options = in.options();
    Window window = window(options, 4, from, shape);
    if (from.channels() % shape.dim(3) != 0) {
      throw in.bad("filter %s does not fit %d channels".formatted(shape, from.channels()));
    }
    int groups = from.channels() / shape.dim(3);
    FilterOperands weights =
        new FilterOperands(
            in, value, filter, 0, shape.dim(0), false, BIAS, RuntimeRegister.of(in, value, 6));
    FusedActivation activation = FusedActivation.of(options.i8(3, 0, "activation"));
    convolved(images, window, groups, weights, activation);
  }

  /** Filters are [1][kernel row][kernel column][output]. */
  static void depthwise(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    ImageBatch images = ImageBatch.of(in, value);
    TensorType from = images.image();
    TfliteTensorEntry filter = filter(in);
    FileShape shape = filter.shape();
    FlatTable options = in.options();
    Window window = window(options, 5, from, shape);
    if (shape.dim(0) != 1 || shape.dim(3) % from.channels() != 0) {
      throw in.bad("filter %s does not fit %d channels".formatted(shape, from.channels()));
    }
    FilterOperands weights =
        new FilterOperands(
            in, value, filter, 3, shape.dim(3), true, BIAS, RuntimeRegister.always(value));
    FusedActivation activation = FusedActivation.of(options.i8(4, 0, "activation"));
    convolved(images, window, from.channels(), weights, activation);
  }

  /**
   * Inputs are the output's shape, the filter [output][kernel row][kernel column][input], and the
   * value. Padding is that of the convolution back from the output to the value.
   */
  static void transposed(OperatorImport in) throws NetworkFileException, Unsupported {
    int[] asked = in.integers(0, "output shape");
    GraphValue value = in.value(2);
    ImageBatch images = ImageBatch.of(in, value);
    TensorType from = images.image();
    TfliteTensorEntry filter = filter(in);
    FileShape shape = filter.shape();
    if (asked.length != 4 || asked[0] != images.count() || asked[3] != shape.dim(0)) {
      throw in.bad("makes %s from filter %s".formatted(Arrays.toString(asked), shape));
    }
    if (shape.dim(3) != from.channels()) {
      throw in.bad("filter %s does not fit %d channels".formatted(shape, from.channels()));
    }
    in.requireShape(FileShape.of(asked));
    TensorType to = in.made().made().shaped(asked[3], asked[1], asked[2]);
    FlatTable options = in.options();
    Window window =
        PaddingScheme.of(options.i8(0, 0, "padding"))
            .window(
                to,
                shape.dim(1),
                shape.dim(2),
                options.i32(2, 0, "stride_h"),
                options.i32(1, 0, "stride_w"),
                1,
                1);
    if (window.outputHeight(to.height()) != from.height()
        || window.outputWidth(to.width()) != from.width()) {
      throw in.bad("%s does not come back to %s".formatted(in.made().shape(), value.shape()));
    }
    FilterOperands weights =
        new FilterOperands(
            in, value, filter, 0, shape.dim(0), false, 3, RuntimeRegister.of(in, value, 4));
    FusedActivation activation = FusedActivation.of(options.i8(3, 0, "activation"));
    Operands operands = weights.operands(to, activation);
    String name = in.name();
    if (images.count() == 1) {
      DotLayer layer = new TransposedConvolution(name, value.tensor(), to, window, 1, operands);
      finish(in, layer, weights, activation);
      return;
    }
    List<Integer> made = new ArrayList<>();
    for (int i = 0; i < images.count(); i++) {
      String each = in.graph().unique(name + "/" + i);
      DotLayer layer = new TransposedConvolution(each, images.single(i), to, window, 1, operands);
      in.graph().register(layer, weights);
      FusedActivation left = weights.left(to, activation);
      made.add(PointOperators.activated(in, layer, left));
    }
    images.finish(name, made);
  }

  private static TfliteTensorEntry filter(OperatorImport in)
      throws NetworkFileException, Unsupported {
    TfliteTensorEntry filter = in.constant(1, "filter");
    if (filter.shape().rank() != 4) {
      throw in.bad("filter %s must have four dimensions".formatted(filter.shape()));
    }
    return filter;
  }

  /**
   * The window of a convolution.
   *
   * @param dilation the field of the dilation's width in the options; its height follows
   */
  private static Window window(FlatTable options, int dilation, TensorType from, FileShape filter)
      throws NetworkFileException, Unsupported {
    return PaddingScheme.of(options.i8(0, 0, "padding"))
        .window(
            from,
            filter.dim(1),
            filter.dim(2),
            options.i32(2, 0, "stride_h"),
            options.i32(1, 0, "stride_w"),
            options.i32(dilation + 1, 1, "dilation_h_factor"),
            options.i32(dilation, 1, "dilation_w_factor"));
  }

  private static void convolved(
      ImageBatch images,
      Window window,
      int groups,
      FilterOperands weights,
      FusedActivation activation)
      throws NetworkFileException, Unsupported {
    OperatorImport in = images.in();
    TensorType from = images.image();
    TensorType to = in.made().made();
    in.requireShape(
        images.shape(
            Math.max(1, window.outputHeight(from.height())),
            Math.max(1, window.outputWidth(from.width())),
            weights.channels()));
    if (weights.hybrid()) {
      new HybridOperators(in, weights, activation)
          .convolution(images, window, groups, weights.last());
      return;
    }
    Operands operands = weights.operands(to, activation);
    String name = in.name();
    boolean one = images.count() == 1;
    int read = one ? images.value().tensor() : images.windows(window, groups).tensor();
    Window seen = one ? window : Window.point();
    Convolution layer = new Convolution(name, read, to, seen, groups, operands);
    finish(in, layer, weights, activation);
  }

  /** Filters are [output][input]; the input is read as rows of that many elements. */
  static void fullyConnected(OperatorImport in) throws NetworkFileException, Unsupported {
    if (in.has(1) && !in.isConstant(1)) {
      MatMulOperator.fullyConnected(in);
      return;
    }
    TfliteTensorEntry filter = in.constant(1, "weights");
    FlatTable options = in.options();
    if (options.i8(1, 0, "weights_format") != 0) {
      throw new Unsupported("shuffled weights");
    }
    FileShape shape = filter.shape();
    if (shape.rank() != 2) {
      throw in.bad("weights %s must have two dimensions".formatted(shape));
    }
    int units = shape.dim(0);
    int terms = shape.dim(1);
    GraphValue value = in.value(0);
    int elements = value.shape().elements();
    if (elements % terms != 0 || in.made().shape().elements() != (long) elements / terms * units) {
      throw in.bad(
          "weights %s do not take %s to %s".formatted(shape, value.shape(), in.made().shape()));
    }
    FilterOperands weights =
        new FilterOperands(
            in,
            value,
            filter,
            0,
            units,
            false,
            BIAS,
            RuntimeRegister.fullyConnected(in, value, filter, BIAS, 4));
    FusedActivation activation = FusedActivation.of(options.i8(0, 0, "activation"));
    TensorType to = in.made().made();
    if (elements == terms && !weights.hybrid()) {
      GraphValue row = MoveOperators.reshaped(in, value, FileShape.of(terms));
      TensorType flat = to.shaped(units, 1, 1);
      Dense layer = new Dense(in.name(), row.tensor(), flat, weights.operands(flat, activation));
      finish(in, layer, weights, activation);
      return;
    }
    boolean last = value.shape().last() == terms; // else a row goes across dimensions
    FileShape rows = FileShape.of(elements / terms, terms);
    GraphValue read = last ? value : MoveOperators.reshaped(in, value, rows);
    List<Integer> dims = new ArrayList<>(read.shape().dims());
    dims.set(dims.size() - 1, units);
    TensorType type = to.shaped(units, read.type().height(), read.type().width());
    int made;
    if (weights.hybrid()) {
      boolean asymmetric = options.flag(3, "asymmetric_quantize_inputs");
      made = new HybridOperators(in, weights, activation).rows(in.name(), read, asymmetric);
    } else {
      Operands operands = weights.operands(type, activation);
      Convolution layer =
          new Convolution(in.name(), read.tensor(), type, Window.point(), 1, operands);
      in.graph().register(layer, weights);
      made = PointOperators.activated(in, layer, weights.left(type, activation));
    }
    GraphValue sums = new GraphValue(made, new FileShape(dims), type);
    in.finish(MoveOperators.reshaped(in, sums, in.made().shape()));
  }

  private static void finish(
      OperatorImport in, DotLayer layer, FilterOperands weights, FusedActivation activation)
      throws NetworkFileException, Unsupported {
    in.graph().register(layer, weights);
    PointOperators.finish(in, layer, weights.left(layer.output(), activation));
  }
}
