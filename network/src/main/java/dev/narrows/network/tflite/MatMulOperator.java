package dev.narrows.network.tflite;

import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.DoubleScale;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.core.quantize.ShortMultiplier;
import dev.narrows.network.FileShape;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.IntegerMatMul;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.MatMul;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rearrange.Axis;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.FloatDotWeights;
import dev.narrows.network.weights.FloatOperands;
import dev.narrows.network.weights.IntegerOperands;
import dev.narrows.network.weights.Operands;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Products of matrices in the last two dimensions: [rows][terms] and [terms][columns], each perhaps
 * the other way round.
 */
record MatMulOperator(
    OperatorImport in, GraphValue left, FileShape right, boolean leftTurned, boolean rightTurned) {
  static void batchMatMul(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue left = in.value(0);
    FlatTable options = in.options();
    FileShape right = in.isConstant(1) ? in.constant(1, "right").shape() : in.value(1).shape();
    if (left.shape().rank() < 2 || right.rank() < 2) {
      throw in.bad(
          "multiplies %s and %s, expected at least two dimensions".formatted(left.shape(), right));
    }
    MatMulOperator product =
        new MatMulOperator(in, left, right, options.flag(0, "adj_x"), options.flag(1, "adj_y"));
    product.requireShapes();
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

  private int terms() {
    return left.shape().dim(terms(left.shape(), leftTurned));
  }

  private int rows() {
    return left.shape().dim(others(left.shape(), leftTurned));
  }

  private int columns() {
    return right.dim(others(right, !rightTurned));
  }

  /** Requires the output to be the common batches of [rows][columns], and the terms to agree. */
  private void requireShapes() throws NetworkFileException {
    int rank = Math.max(left.shape().rank(), right.rank());
    int[] dims = new int[rank];
    for (int i = 3; i <= rank; i++) {
      int a = i > left.shape().rank() ? 1 : left.shape().dim(left.shape().rank() - i);
      int b = i > right.rank() ? 1 : right.dim(right.rank() - i);
      if (a != b && a != 1 && b != 1) {
        throw in.bad("multiplies %s and %s: no common batches".formatted(left.shape(), right));
      }
      dims[rank - i] = Math.max(a, b);
    }
    dims[rank - 2] = rows();
    dims[rank - 1] = columns();
    if (terms() != right.dim(terms(right, !rightTurned))) {
      throw in.bad(
          "multiplies %s and %s: %d and %d terms"
              .formatted(left.shape(), right, terms(), right.dim(terms(right, !rightTurned))));
    }
    in.requireShape(FileShape.of(dims));
  }

  private void withWeights(TfliteTensorEntry constant) throws NetworkFileException, Unsupported {
    if (batches(right) == 1 && right.rank() <= left.shape().rank()) {
      oneMatrix(constant);
    } else {
      matrices(constant);
    }
  }

  /** One constant matrix for every row: a convolution with a window of one point. */
  private void oneMatrix(TfliteTensorEntry constant) throws NetworkFileException, Unsupported {
    GraphValue rows = leftTurned ? turned() : left;
    TensorType to = in.made().made();
    if (rows.type().channels() != terms()
        || to.channels() != columns()
        || to.positions() != rows.type().positions()) {
      matrices(constant); // rows across several dimensions
      return;
    }
    if (to.isFloat() && rows.type().isFloat() && constant.type() == FileElementType.INT8) {
      hybrid(constant, rows);
      return;
    }
    Operands operands = operands(constant, 1, to);
    in.finish(new Convolution(in.name(), rows.tensor(), to, Window.point(), 1, operands));
  }

  /** Integers on numbers that each row quantises by what it holds. */
  private void hybrid(TfliteTensorEntry constant, GraphValue rows)
      throws NetworkFileException, Unsupported {
    if (constant.scales().count() != 1 || constant.zero(0) != 0) {
      throw new Unsupported("weights of several scales, or with a zero point");
    }
    int[] values = in.graph().constants().integers(constant, 0);
    in.graph().constants().take(constant, values.length, Integer.BYTES);
    int[] ordered = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      ordered[moved(i)] = values[i];
    }
    float[] scales = new float[columns()];
    Arrays.fill(scales, constant.scale(0));
    boolean asymmetric = in.options().flag(2, "asymmetric_quantize_inputs");
    in.finish(
        HybridOperators.rows(
            in,
            in.name(),
            rows,
            asymmetric,
            HybridOperators.operands(columns(), 8, ordered),
            scales,
            new float[columns()]));
  }

  /** A constant matrix for each batch: a convolution with as many groups. */
  private void matrices(TfliteTensorEntry constant) throws NetworkFileException, Unsupported {
    TensorType to = in.made().made();
    FileShape made = in.made().shape();
    int heads = batches(made);
    if (batches(right) != heads && batches(right) != 1) {
      throw new Unsupported("constant batches of %s for %s".formatted(right, made));
    }
    int rows = heads(left, leftTurned, "/left");
    TensorType type = to.shaped(Math.multiplyExact(heads, columns()), rows(), 1);
    String name = in.name();
    Operands operands = operands(constant, heads, type);
    Convolution layer =
        new Convolution(
            in.graph().unique(name + "/product"), rows, type, Window.point(), heads, operands);
    finish(name, in.add(layer), rows(), 1);
  }

  /** A move to the file's order from [batch][column or row] where the last two have these steps. */
  private void finish(String name, int product, int columnStep, int rowStep)
      throws NetworkFileException, Unsupported {
    FileShape made = in.made().shape();
    int[] strides = made.fileStrides(); // batches lie as far apart as in the file
    strides[strides.length - 1] = columnStep;
    strides[strides.length - 2] = rowStep;
    List<Axis> axes = new ArrayList<>();
    for (int axis : made.axesAsStored()) {
      axes.add(Axis.of(made.dim(axis), strides[axis]));
    }
    in.finish(new Rearrange(name, List.of(product), in.made().made(), 0, axes));
  }

  private GraphValue turned() throws NetworkFileException {
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
    return new GraphValue(tensor, shape, type);
  }

  /** Of a constant, for each of {@code heads} batches; a constant of one batch is repeated. */
  private Operands operands(TfliteTensorEntry constant, int heads, TensorType to)
      throws NetworkFileException, Unsupported {
    return constant.type() == FileElementType.FLOAT32
        ? floats(constant, heads)
        : codes(constant, heads, to);
  }

  private Operands floats(TfliteTensorEntry constant, int heads)
      throws NetworkFileException, Unsupported {
    if (!left.type().isFloat()) {
      throw new Unsupported("real weights on " + left.type().kind());
    }
    int channels = Math.multiplyExact(heads, columns());
    int count = Math.multiplyExact(channels, terms());
    float[] values = in.graph().constants().floats(constant);
    in.graph().constants().take(constant, count, Float.BYTES);
    in.graph().constants().take(constant, channels, Float.BYTES); // bias
    float[] ordered = new float[count];
    for (int i = 0; i < count; i++) {
      ordered[moved(i)] = values[i % values.length];
    }
    return new FloatOperands(
        new FloatDotWeights(channels, terms(), ordered), new float[channels], false);
  }

  private Operands codes(TfliteTensorEntry constant, int heads, TensorType to)
      throws NetworkFileException, Unsupported {
    boolean wide = constant.type() == FileElementType.INT16;
    if (!(wide || constant.type() == FileElementType.INT8)
        || left.type().isFloat()
        || to.isFloat()
        || wide != isWide(left.type())) {
      throw new Unsupported("weights of %s on %s".formatted(constant.type(), left.type().kind()));
    }
    requireCodes(left.type(), to);
    if (constant.scales().count() != 1) {
      throw new Unsupported("weights of %d scales".formatted(constant.scales().count()));
    }
    int zero = constant.zero(0);
    if (wide && zero != 0) {
      throw in.bad("16-bit codes must have zero point 0");
    }
    int channels = Math.multiplyExact(heads, columns());
    int count = Math.multiplyExact(channels, terms());
    int[] values = in.graph().constants().integers(constant, zero);
    in.graph().constants().take(constant, count, Integer.BYTES);
    in.graph().constants().take(constant, channels, Double.BYTES + Integer.BYTES); // scale, bias
    int[] ordered = new int[count];
    for (int i = 0; i < count; i++) {
      ordered[moved(i)] = values[i % values.length];
    }
    double[] scales = new double[channels];
    Arrays.fill(scales, constant.scale(0));
    return new IntegerOperands(
        new DenseWeights(channels, terms(), wide ? 16 : zero == 0 ? 8 : 9, scales, ordered),
        new int[channels],
        requantization(constant.scale(0), to.quantization()),
        ZeroPointConvention.OFFSET,
        BiasPlacement.PRELOAD,
        Optional.empty());
  }

  /** LiteRT rounds the product of the scales to binary32, and sums 16-bit codes in 64 bits. */
  private Requantization requantization(float rightScale, Quantization made) {
    float both = (float) left.type().quantization().scale() * rightScale;
    double[] factors = {both / made.scale()};
    int min = (int) made.format().min();
    int max = (int) made.format().max();
    return isWide(left.type())
        ? ShortMultiplier.fromReals(factors, 0, min, max)
        : FixedPointMultiplier.fromReals(factors, made.zeroPoint(), min, max);
  }

  private static boolean isWide(TensorType codes) {
    return codes.quantization().format().equals(IntegerFormat.signed(16));
  }

  private void requireCodes(TensorType from, TensorType to)
      throws NetworkFileException, Unsupported {
    if (!isWide(from) || !isWide(to)) {
      requireBytes(from, to);
    } else if (from.quantization().zeroPoint() != 0 || to.quantization().zeroPoint() != 0) {
      throw in.bad("16-bit codes must have zero point 0");
    }
  }

  private static void requireBytes(TensorType from, TensorType to) throws Unsupported {
    IntegerFormat format = from.quantization().format();
    if (!format.equals(IntegerFormat.signed(8)) || !to.quantization().format().equals(format)) {
      throw new Unsupported("codes %s to %s".formatted(from.kind(), to.kind()));
    }
  }

  /** From the file's place in its batch to [batch][column][term]. */
  private int moved(int i) {
    int size = columns() * terms();
    int inside = i % size;
    return rightTurned ? i : i - inside + inside % columns() * terms() + inside / columns();
  }

  /** Batches are heads: channels are [batch][term], and rows or columns follow. */
  private void ofActivations(GraphValue other) throws NetworkFileException, Unsupported {
    TensorType to = in.made().made();
    boolean inFloats = to.isFloat();
    if (inFloats != left.type().isFloat() || inFloats != other.type().isFloat()) {
      throw new Unsupported(
          "%s and %s to %s".formatted(left.type().kind(), other.type().kind(), to.kind()));
    }
    if (!inFloats) {
      requireCodes(left.type(), to);
      requireCodes(other.type(), to);
    }
    int heads = batches(in.made().shape());
    int a = heads(left, leftTurned, "/left");
    int b = heads(other, !rightTurned, "/right");
    String name = in.name();
    String product = in.graph().unique(name + "/product");
    TensorType type = to.shaped(heads, rows(), columns());
    Layer layer =
        inFloats
            ? new MatMul(product, a, b, type, MatMul.Role.SCORES, heads, heads)
            : new IntegerMatMul(
                product,
                a,
                b,
                type,
                heads,
                requantization((float) other.type().quantization().scale(), to.quantization()));
    finish(name, in.add(layer), 1, columns());
  }

  /** FULLY_CONNECTED whose weights, [units][terms], are activations. */
  static void fullyConnected(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    GraphValue weights = in.value(1);
    FileShape right = weights.shape();
    int elements = value.shape().elements();
    if (right.rank() != 2 || elements % right.last() != 0) {
      throw in.bad("weights %s do not take %s".formatted(right, value.shape()));
    }
    TensorType to = in.made().made();
    boolean numbers = to.isFloat();
    int rows = elements / right.last();
    if (value.type().isFloat() != numbers || weights.type().isFloat() != numbers) {
      throw new Unsupported("%s by %s".formatted(value.type().kind(), weights.type().kind()));
    }
    if (!numbers) {
      requireBytes(value.type(), to);
      requireBytes(weights.type(), to);
      if (in.has(2) || in.options().i8(0, 0, "activation") != 0) {
        throw new Unsupported("weights that are activations, with a bias or an activation");
      }
    }
    int a = turned(in, value, rows, right.last());
    int b = turned(in, weights, right.dim(0), right.last());
    TensorType type = to.shaped(1, rows, right.dim(0));
    String product = FileOrder.name(in, "/product");
    int made =
        in.add(
            numbers
                ? new MatMul(product, a, b, type, MatMul.Role.SCORES, 1, 1)
                : new IntegerMatMul(product, a, b, type, 1, scaled(value, weights, to)));
    if (in.has(2)) {
      float[] bias = in.graph().constants().floats(in.constant(2, "bias"));
      if (bias.length != right.dim(0)) {
        throw in.bad("a bias of %d for %d units".formatted(bias.length, right.dim(0)));
      }
      TensorType row = TensorType.floats(1, 1, bias.length);
      int constant = in.add(Constant.of(FileOrder.name(in, "/bias"), row, bias.clone()));
      List<Axis> axes = List.of(Axis.of(rows, 0), Axis.of(bias.length, 1));
      int all = FileOrder.spread(in, constant, type, axes);
      String sum = FileOrder.name(in, "/sum");
      made = in.add(new Elementwise(sum, made, all, type, Elementwise.Operation.ADD));
    }
    FusedActivation activation = FusedActivation.of(in.options().i8(0, 0, "activation"));
    made = numbers ? PointOperators.activated(in, in.made(0).name(), made, type, activation) : made;
    FileOrder.finish(in, 0, made);
  }

  /** [terms][rows] of a tensor that the file has as rows of terms. */
  private static int turned(OperatorImport in, GraphValue value, int rows, int terms)
      throws NetworkFileException {
    int flat = FileOrder.of(in, value, 1, rows, terms);
    TensorType type = value.type().shaped(terms, rows, 1);
    return FileOrder.spread(in, flat, type, List.of(Axis.of(terms, 1), Axis.of(rows, terms)));
  }

  private static Requantization scaled(GraphValue value, GraphValue weights, TensorType to) {
    Quantization made = to.quantization();
    double factor =
        value.type().quantization().scale() * weights.type().quantization().scale() / made.scale();
    IntegerFormat format = made.format();
    return new DoubleScale(
        new double[] {factor}, made.zeroPoint(), (int) format.min(), (int) format.max());
  }

  private static int batches(FileShape shape) {
    return shape.elements() / (shape.last() * shape.dim(shape.rank() - 2));
  }

  /**
   * [batch][term] channels of an operand, repeated where the output has batches that it has not.
   */
  private int heads(GraphValue value, boolean termsFirst, String suffix)
      throws NetworkFileException {
    FileShape shape = value.shape();
    FileShape made = in.made().shape();
    int[] strides = shape.strides();
    List<Axis> axes = new ArrayList<>();
    int added = made.rank() - shape.rank();
    for (int axis = 0; axis < made.rank() - 2; axis++) {
      boolean repeated = axis < added || shape.dim(axis - added) == 1;
      axes.add(Axis.of(made.dim(axis), repeated ? 0 : strides[axis - added]));
    }
    int terms = terms(shape, termsFirst);
    int others = others(shape, termsFirst);
    axes.add(Axis.of(shape.dim(terms), strides[terms]));
    axes.add(Axis.of(shape.dim(others), strides[others]));
    TensorType type =
        value
            .type()
            .shaped(Math.multiplyExact(batches(made), shape.dim(terms)), shape.dim(others), 1);
    String name = in.graph().unique(in.made().name() + suffix);
    return in.add(new Rearrange(name, List.of(value.tensor()), type, 0, axes));
  }
}
