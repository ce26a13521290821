package dev.narrows.network.tflite;

import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.Convolution;
import dev.narrows.network.DenseWeights;
import dev.narrows.network.FileShape;
import dev.narrows.network.FloatOperands;
import dev.narrows.network.IntegerOperands;
import dev.narrows.network.MatMul;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.Operands;
import dev.narrows.network.RealWeights;
import dev.narrows.network.Rearrange;
import dev.narrows.network.Rearrange.Axis;
import dev.narrows.network.TensorType;
import dev.narrows.network.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Products of matrices in the last two dimensions: [rows][terms] and [terms][columns], each perhaps
 * the other way round.
 */
record MatMulOperator(OperatorImport in, Value left, boolean leftTurned, boolean rightTurned) {
  static void batchMatMul(OperatorImport in) throws NetworkFileException, Unsupported {
    Value left = in.value(0);
    if (left.shape().rank() < 2) {
      throw in.bad("multiplies " + left.shape());
    }
    MatMulOperator product =
        new MatMulOperator(in, left, in.options().flag(0, "adj_x"), in.options().flag(1, "adj_y"));
    if (in.isConstant(1)) {
      product.withWeights(in.constant(1, "right"));
    } else {
      product.ofActivations(in.value(1));
    }
  }

  /** The dimension of a shape that the terms run over. */
  private static int terms(FileShape shape, boolean first) {
    return first ? shape.rank() - 2 : shape.rank() - 1;
  }

  /** The dimension of a shape that is left. */
  private static int others(FileShape shape, boolean first) {
    return first ? shape.rank() - 1 : shape.rank() - 2;
  }

  /** Requires the output to be the left's batches of [rows][columns], and the terms to agree. */
  private void requireShapes(FileShape right) throws NetworkFileException {
    FileShape from = left.shape();
    int[] dims = from.dims().stream().mapToInt(i -> i).toArray();
    dims[dims.length - 2] = from.dim(others(from, leftTurned));
    dims[dims.length - 1] = right.dim(others(right, !rightTurned));
    if (from.dim(terms(from, leftTurned)) != right.dim(terms(right, !rightTurned))) {
      throw in.bad("multiplies %s and %s".formatted(from, right));
    }
    in.requireShape(FileShape.of(dims));
  }

  /** One constant matrix for every row: a convolution with a window of one point. */
  private void withWeights(TensorEntry right) throws NetworkFileException, Unsupported {
    FileShape shape = right.shape();
    if (shape.rank() < 2 || shape.elements() != shape.last() * shape.dim(shape.rank() - 2)) {
      throw new Unsupported("a constant of shape " + shape);
    }
    requireShapes(shape);
    Value rows = leftTurned ? turned() : left;
    TensorType to = in.made().made();
    int terms = shape.dim(terms(shape, !rightTurned));
    int columns = shape.dim(others(shape, !rightTurned));
    if (rows.type().channels() != terms
        || to.channels() != columns
        || to.positions() != rows.type().positions()) {
      throw new Unsupported("rows across dimensions of " + rows.shape());
    }
    Operands operands =
        right.type() == ElementType.FLOAT32
            ? reals(right, columns, terms)
            : codes(right, columns, terms, to);
    in.finish(new Convolution(in.name(), rows.tensor(), to, Window.point(), 1, operands));
  }

  private Value turned() throws NetworkFileException {
    int[] order = new int[left.shape().rank()];
    Arrays.setAll(order, i -> i);
    order[order.length - 1]--;
    order[order.length - 2]++;
    FileShape shape =
        FileShape.of(Arrays.stream(order).map(axis -> left.shape().dim(axis)).toArray());
    TensorType type = shape.type(left.type().kind());
    String name = in.graph().unique(in.made().name() + "/turned");
    Moves moves = Moves.of(left.shape()).permuted(order);
    int tensor = in.add(moves.layer(name, left, shape, type, shape.axesAsStored()));
    return new Value(tensor, shape, type);
  }

  private Operands reals(TensorEntry right, int columns, int terms)
      throws NetworkFileException, Unsupported {
    if (!left.type().isReal()) {
      throw new Unsupported("real weights on " + left.type().kind());
    }
    float[] values = in.graph().constants().floats(right);
    in.graph().constants().take(right, values.length, Float.BYTES);
    float[] ordered = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      ordered[moved(i, columns, terms)] = values[i];
    }
    return new FloatOperands(new RealWeights(columns, terms, ordered), new float[columns], false);
  }

  /** LiteRT rounds the product of the scales to binary32. */
  private Operands codes(TensorEntry right, int columns, int terms, TensorType to)
      throws NetworkFileException, Unsupported {
    if (right.type() != ElementType.INT8 || left.type().isReal() || to.isReal()) {
      throw new Unsupported("weights of %s on %s".formatted(right.type(), left.type().kind()));
    }
    Quantization from = left.type().quantization();
    Quantization made = to.quantization();
    if (from.format().bits() != 8
        || !from.format().signed()
        || !made.format().equals(from.format())
        || right.scales().count() != 1) {
      throw new Unsupported("codes %s to %s".formatted(left.type().kind(), to.kind()));
    }
    int[] values = in.graph().constants().integers(right, right.zero(0));
    in.graph().constants().take(right, values.length, Integer.BYTES);
    int[] ordered = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      ordered[moved(i, columns, terms)] = values[i];
    }
    double[] scales = new double[columns];
    Arrays.fill(scales, right.scale(0));
    double factor = (double) ((float) from.scale() * right.scale(0)) / made.scale();
    return new IntegerOperands(
        new DenseWeights(columns, terms, right.zero(0) == 0 ? 8 : 9, scales, ordered),
        new int[columns],
        FixedPointMultiplier.fromReals(
            new double[] {factor},
            made.zeroPoint(),
            (int) made.format().min(),
            (int) made.format().max()),
        ZeroPointConvention.OFFSET,
        BiasPlacement.PRELOAD,
        Optional.empty());
  }

  /** From the file's place to [column][term]. */
  private int moved(int i, int columns, int terms) {
    return rightTurned ? i : i % columns * terms + i / columns;
  }

  /** Batches are heads: channels are [batch][term], and rows or columns follow. */
  private void ofActivations(Value right) throws NetworkFileException, Unsupported {
    TensorType to = in.made().made();
    if (!to.isReal() || !left.type().isReal() || !right.type().isReal()) {
      throw new Unsupported("two activations of " + left.type().kind());
    }
    if (right.shape().rank() < 2) {
      throw in.bad("multiplies " + right.shape());
    }
    requireShapes(right.shape());
    int heads = batches(left.shape());
    int rightHeads = batches(right.shape());
    boolean same =
        heads == rightHeads
            && right.shape().rank() == left.shape().rank()
            && right
                .shape()
                .dims()
                .subList(0, right.shape().rank() - 2)
                .equals(left.shape().dims().subList(0, left.shape().rank() - 2));
    if (!same && rightHeads != 1) {
      throw new Unsupported("batches of %s and %s".formatted(left.shape(), right.shape()));
    }
    int a = heads(left, leftTurned, "/left");
    int b = heads(right, !rightTurned, "/right");
    int rows = left.shape().dim(others(left.shape(), leftTurned));
    int columns = right.shape().dim(others(right.shape(), !rightTurned));
    String name = in.name();
    int product =
        in.add(
            new MatMul(
                in.graph().unique(name + "/product"),
                a,
                b,
                to.shaped(heads, rows, columns),
                MatMul.Form.SCORES,
                heads,
                rightHeads));
    in.finish(MoveOperators.fromFileOrder(name, product, 0, in.made().shape(), to));
  }

  private static int batches(FileShape shape) {
    return shape.elements() / (shape.last() * shape.dim(shape.rank() - 2));
  }

  private int heads(Value value, boolean termsFirst, String suffix) throws NetworkFileException {
    FileShape shape = value.shape();
    int[] strides = shape.strides();
    List<Axis> axes = new ArrayList<>();
    for (int axis = 0; axis < shape.rank() - 2; axis++) {
      axes.add(Axis.of(shape.dim(axis), strides[axis]));
    }
    int terms = terms(shape, termsFirst);
    int others = others(shape, termsFirst);
    axes.add(Axis.of(shape.dim(terms), strides[terms]));
    axes.add(Axis.of(shape.dim(others), strides[others]));
    TensorType type = value.type().shaped(batches(shape) * shape.dim(terms), shape.dim(others), 1);
    String name = in.graph().unique(in.made().name() + suffix);
    return in.add(new Rearrange(name, List.of(value.tensor()), type, 0, axes));
  }
}
