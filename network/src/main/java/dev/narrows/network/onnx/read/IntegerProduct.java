package dev.narrows.network.onnx.read;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.DoubleScale;
import dev.narrows.core.quantize.FloatScale;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.IntegerMatMul;
import dev.narrows.network.layer.ScaledCodes;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A matrix product of two values of codes.
 *
 * @param left [.., M, K]
 * @param right [.., K, N]
 * @param dims of the product
 */
record IntegerProduct(LoweringNode node, LoweredValue left, LoweredValue right, List<Integer> dims)
    implements Deferred {
  private static final Quantization SUMS = new Quantization(IntegerFormat.signed(32), 1, 0);

  /** The product; empty where no layer holds the codes. */
  static Optional<Deferred> of(LoweringNode node, LoweredValue left, LoweredValue right) {
    boolean held =
        node.type(left.tensor()).quantization().format().bits() <= 24
            && node.type(right.tensor()).quantization().format().bits() <= 24;
    return held ? Optional.of(product(node, left, right)) : Optional.empty();
  }

  static IntegerProduct product(LoweringNode node, LoweredValue left, LoweredValue right) {
    List<Integer> a = left.rank() == 1 ? List.of(1, left.dim(0)) : left.dims();
    List<Integer> b = right.rank() == 1 ? List.of(right.dim(0), 1) : right.dims();
    List<Integer> dims =
        new ArrayList<>(Places.broadcast(a.subList(0, a.size() - 2), b.subList(0, b.size() - 2)));
    if (!a.getLast().equals(b.get(b.size() - 2))) {
      throw new IllegalArgumentException("%s is not multiplied with %s".formatted(a, b));
    }
    List<Integer> outer = List.copyOf(dims);
    dims.add(a.get(a.size() - 2));
    dims.add(b.getLast());
    return new IntegerProduct(
        node,
        MoveLayers.expanded(node, MoveLayers.shaped(left, a), with(outer, a)),
        MoveLayers.expanded(node, MoveLayers.shaped(right, b), with(outer, b)),
        dims);
  }

  private static List<Integer> with(List<Integer> outer, List<Integer> matrix) {
    List<Integer> dims = new ArrayList<>(outer);
    dims.addAll(matrix.subList(matrix.size() - 2, matrix.size()));
    return dims;
  }

  /** Without the rows or columns that a vector operand does not have. */
  private List<Integer> given() throws NotNativeException {
    List<Integer> shown = new ArrayList<>(dims);
    if (node.value(rightInput()).rank() == 1) {
      shown.removeLast();
    }
    if (node.value(0).rank() == 1) {
      shown.remove(dims.size() - 2);
    }
    return shown;
  }

  private int rightInput() {
    return node.node().operator().equals("QLinearMatMul") ? 3 : 1;
  }

  private int layer(Quantization made, Requantization requantization) {
    int rows = left.dim(-2);
    int terms = left.dim(-1);
    int columns = right.dim(-1);
    int batches = (int) NdTensor.count(dims) / (rows * columns);
    Places turned = Places.of(List.of(batches, rows, terms)).transposed(0, 2, 1);
    int a =
        MoveLayers.add(
            node, "columns", List.of(left.tensor()), turned.at(), batches * terms, rows, 1);
    int b = node.shaped(right.tensor(), batches * terms, columns, 1);
    TensorType to = new TensorType(batches, rows, columns, made);
    return node.add(new IntegerMatMul(node.unique(), a, b, to, batches, requantization));
  }

  private float scale() {
    return (float) node.type(left.tensor()).quantization().scale()
        * (float) node.type(right.tensor()).quantization().scale();
  }

  private static Requantization whole() {
    return new DoubleScale(new double[] {1}, 0, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /** The sums themselves, in 32 bits. */
  LoweredValue sums() throws NotNativeException {
    return new LoweredValue(layer(SUMS, whole()), given(), NdType.INT32);
  }

  @Override
  public Optional<LoweredValue> quantized(CodeTarget to, List<LoweringNode> steps)
      throws NotNativeException {
    if (!to.isLinear() || !steps.isEmpty()) {
      return Optional.empty();
    }
    FloatScale requantization =
        new FloatScale(
            new float[] {scale() / to.scale()}, to.quantization().zeroPoint(), to.min(), to.max());
    return Optional.of(to.value(layer(to.quantization(), requantization), given()));
  }

  @Override
  public int rank() throws NotNativeException {
    return given().size();
  }

  @Override
  public void settle() throws NotNativeException {
    int sums = layer(SUMS, whole());
    TensorType shape = node.type(sums);
    TensorType to = TensorType.floats(shape.channels(), shape.height(), shape.width());
    int made =
        node.add(
            new ScaledCodes(node.unique("scaled"), sums, to, new float[] {scale()}, new float[0]));
    node.put(0, made, given(), NdType.FLOAT);
  }
}
