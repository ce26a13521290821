package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.weights.FloatOperands;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One product of matrices, batches broadcast.
 *
 * @param left dimensions of the left operand, at least two
 * @param right of the right one
 * @param scale what sums are multiplied with
 */
record LoweredProduct(LoweringNode node, List<Integer> left, List<Integer> right, float scale) {
  int rows() {
    return left.get(left.size() - 2);
  }

  int terms() {
    return left.getLast();
  }

  int columns() {
    return right.getLast();
  }

  List<Integer> batch() {
    return Places.broadcast(left.subList(0, left.size() - 2), right.subList(0, right.size() - 2));
  }

  LoweredValue constantRight(LoweredValue from, NdTensor weights) throws NotNativeException {
    return constantRight(from, weights, new float[0]);
  }

  /** Weights of one matrix see all rows of all batches at once; of several, batches are groups. */
  LoweredValue constantRight(LoweredValue from, NdTensor weights, float[] bias)
      throws NotNativeException {
    int matrices = weights.elements() / (terms() * columns());
    if (matrices == 1) {
      return constantTurned(from, turned(weights, 1), bias);
    }
    int batches = Axes.product(batch());
    LoweredValue rows = MoveLayers.shaped(broadcast(from, left), List.of(batches, rows(), terms()));
    LoweredValue x = MoveLayers.transposed(node, rows, 0, 2, 1);
    float[] all = turned(weights, batches);
    FloatOperands operands = operands(all, batches * columns(), bias);
    int made = SumLayers.columns(node, x.tensor(), rows(), batches, operands);
    List<Integer> dims = List.of(batches, columns(), rows());
    LoweredValue y = new LoweredValue(made, dims, NdType.FLOAT);
    return MoveLayers.shaped(MoveLayers.transposed(node, y, 0, 2, 1), output());
  }

  /** Weights of one matrix as [columns][terms], kept as they are. */
  LoweredValue constantTurned(LoweredValue from, float[] weights, float[] bias)
      throws NotNativeException {
    List<Integer> dims = new ArrayList<>(batch());
    dims.add(rows());
    int all = Axes.product(dims);
    LoweredValue rows = MoveLayers.shaped(broadcast(from, left), List.of(all, terms()));
    LoweredValue x = MoveLayers.transposed(node, rows, 1, 0);
    FloatOperands operands = operands(weights, columns(), bias);
    int made = SumLayers.columns(node, x.tensor(), all, 1, operands);
    LoweredValue y = new LoweredValue(made, List.of(columns(), all), NdType.FLOAT);
    dims.add(columns());
    return MoveLayers.shaped(MoveLayers.transposed(node, y, 1, 0), dims);
  }

  /** The weights' rows are the channels, and columns stay columns. */
  LoweredValue constantLeft(NdTensor weights, LoweredValue from) throws NotNativeException {
    int batches = Axes.product(batch());
    int matrices = weights.elements() / (rows() * terms());
    LoweredValue x =
        MoveLayers.shaped(broadcast(from, right), List.of(batches, terms(), columns()));
    if (matrices == 1) {
      LoweredValue turned = MoveLayers.transposed(node, x, 1, 0, 2);
      FloatOperands operands = operands(weights.floats(), rows(), new float[0]);
      int made = SumLayers.columns(node, turned.tensor(), batches * columns(), 1, operands);
      List<Integer> dims = List.of(rows(), batches, columns());
      LoweredValue y = new LoweredValue(made, dims, NdType.FLOAT);
      return MoveLayers.shaped(MoveLayers.transposed(node, y, 1, 0, 2), output());
    }
    Places places = Places.of(weights.dims()).shaped(left).expanded(full(left));
    FloatOperands operands = operands(taken(weights, places), batches * rows(), new float[0]);
    int made = SumLayers.columns(node, x.tensor(), columns(), batches, operands);
    return new LoweredValue(made, output(), NdType.FLOAT);
  }

  LoweredValue activations(LoweredValue a, LoweredValue b) {
    int batches = Axes.product(batch());
    LoweredValue rows = MoveLayers.shaped(broadcast(a, left), List.of(batches, rows(), terms()));
    LoweredValue x = MoveLayers.transposed(node, rows, 0, 2, 1);
    LoweredValue y = broadcast(b, right);
    int made = SumLayers.product(node, x.tensor(), y.tensor(), batches, terms(), rows(), columns());
    LoweredValue product = new LoweredValue(made, output(), NdType.FLOAT);
    if (scale == 1) {
      return product;
    }
    LoweredValue factor = NumberLayers.constant(node, "alpha", scale);
    return SumLayers.pair(node, "scaled", Elementwise.Operation.MULTIPLY, product, factor);
  }

  private List<Integer> output() {
    List<Integer> dims = new ArrayList<>(batch());
    dims.add(rows());
    dims.add(columns());
    return dims;
  }

  private List<Integer> full(List<Integer> dims) {
    List<Integer> full = new ArrayList<>(batch());
    full.addAll(dims.subList(dims.size() - 2, dims.size()));
    return full;
  }

  private LoweredValue broadcast(LoweredValue value, List<Integer> dims) {
    return MoveLayers.expanded(node, MoveLayers.shaped(value, dims), full(dims));
  }

  /** [terms][columns] matrices, one or one a batch, as [columns][terms]. */
  private float[] turned(NdTensor weights, int batches) {
    Places matrices = Places.of(weights.dims()).shaped(right);
    List<Integer> flat = List.of(batches, terms(), columns());
    Places all =
        (batches == 1 ? matrices : matrices.expanded(full(right))).shaped(flat).transposed(0, 2, 1);
    return taken(weights, all);
  }

  private static float[] taken(NdTensor weights, Places places) {
    float[] numbers = weights.floats();
    float[] taken = new float[places.at().length];
    for (int i = 0; i < taken.length; i++) {
      taken[i] = numbers[places.at()[i]];
    }
    return taken;
  }

  private FloatOperands operands(float[] weights, int channels, float[] bias)
      throws NotNativeException {
    FloatOperands plain = SumLayers.operands(channels, terms(), weights, bias);
    if (scale == 1) {
      return plain;
    }
    float[] scales = new float[channels];
    Arrays.fill(scales, scale);
    return new FloatOperands(plain.weights(), scales, plain.bias(), plain.relu(), plain.pinned());
  }
}
