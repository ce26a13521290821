package dev.narrows.network.llama;

import dev.narrows.kernels.ColumnSums;
import dev.narrows.kernels.Columns;
import dev.narrows.kernels.FloatColumns;
import dev.narrows.kernels.FloatProduct;
import dev.narrows.kernels.FloatWeights;
import dev.narrows.kernels.IntegerWeights;
import dev.narrows.kernels.MatrixProduct;
import java.util.Optional;

/**
 * The products of a matrix, a block of rows at a time, with some columns of an activation. Rows are
 * decoded when they are needed and forgotten.
 */
final class MatrixBlocks {
  /** Weights of a block of rows: beside its sums it fits a core's own cache. */
  private static final int WEIGHTS = 1 << 17;

  /**
   * Neighbouring columns of an activation.
   *
   * @param values [channels][all]
   */
  record ColumnRange(float[] values, int all, int first, int count) {}

  /**
   * Columns as codes.
   *
   * @param scales of the columns
   */
  private record CodedColumns(Columns codes, float[] scales) {}

  private final LlamaModel model;
  private final LlamaMatrix matrix;
  private final int layer;
  private final ColumnRange in;
  private final LlamaSum sum;
  private final Optional<IntegerMatrix> integers;
  private final float[] bias;
  private final int rows;
  private final int terms;
  private final int rowsOfBlock;

  /**
   * Blocks of a model's matrix.
   *
   * @param sum of the matrix, in its register
   */
  MatrixBlocks(LlamaModel model, LlamaMatrix matrix, int layer, ColumnRange in, LlamaSum sum) {
    this.model = model;
    this.matrix = matrix;
    this.layer = layer;
    this.in = in;
    this.sum = sum;
    this.integers = model.integers(matrix, layer);
    this.bias = model.bias(matrix, layer);
    this.rows = matrix.rows(model.shape());
    this.terms = matrix.terms(model.shape());
    this.rowsOfBlock = Math.clamp(WEIGHTS / terms, 1, rows);
  }

  /** How many there are. */
  int count() {
    return Math.ceilDiv(rows, rowsOfBlock);
  }

  /**
   * All of them.
   *
   * @param out [rows][stride], from {@code offset} on: a row's products with the columns
   */
  void all(Workbench bench, float[] out, int offset, int stride) {
    some(bench, 0, count(), out, offset, stride);
  }

  /** Those from one, inclusive, to another, exclusive; as {@link #all}. */
  void some(Workbench bench, int from, int to, float[] out, int offset, int stride) {
    if (integers.isPresent()) {
      CodedColumns x = codes(bench, integers.get());
      for (int index = from; index < to; index++) {
        one(bench, integers.get(), x, index, out, offset, stride);
      }
    } else {
      FloatColumns x = columns(bench);
      for (int index = from; index < to; index++) {
        one(bench, x, index, out, offset, stride);
      }
    }
  }

  private FloatColumns columns(Workbench bench) {
    FloatColumns x = bench.columns(terms, in.count());
    for (int k = 0; k < terms; k++) {
      System.arraycopy(
          in.values(), k * in.all() + in.first(), x.values(), k * x.stride(), in.count());
    }
    return x;
  }

  private void one(
      Workbench bench, FloatColumns x, int index, float[] out, int offset, int stride) {
    int first = index * rowsOfBlock;
    int some = Math.min(rows - first, rowsOfBlock);
    float[] weights = bench.weights(some * terms);
    model.rows(matrix, layer, first, some, weights);
    FloatProduct product = new FloatProduct(FloatWeights.of(some, terms, weights));
    int to = offset + first * stride;
    sum.multiply(product, x, out, to, stride, bench, (_, column) -> in.first() + column);
    sum.saw(weights, x, out, to, stride);
    addBias(first, some, out, to, stride);
  }

  /** The columns as codes, each with its scale; what {@link TokenCodes#of} gives. */
  private CodedColumns codes(Workbench bench, IntegerMatrix matrixOfCodes) {
    TokenCodes activations = matrixOfCodes.activations();
    FloatColumns prepared = columns(bench);
    float[] values = prepared.values();
    matrixOfCodes.preparation().activations(values, terms, prepared.stride(), in.count());
    float[] scales = new float[in.count()];
    for (int k = 0; k < terms; k++) {
      int at = k * prepared.stride();
      for (int j = 0; j < scales.length; j++) {
        scales[j] = Math.max(scales[j], Math.abs(values[at + j]));
      }
    }
    for (int j = 0; j < scales.length; j++) {
      scales[j] = sum.scale(activations, scales[j]);
    }
    Columns x = bench.codes(terms, in.count());
    int[] codes = x.values();
    for (int k = 0; k < terms; k++) {
      int at = k * prepared.stride();
      int to = k * x.stride();
      for (int j = 0; j < scales.length; j++) {
        codes[to + j] = activations.code(values[at + j], scales[j]);
      }
    }
    return new CodedColumns(x, scales);
  }

  private void one(
      Workbench bench,
      IntegerMatrix weights,
      CodedColumns x,
      int index,
      float[] out,
      int offset,
      int stride) {
    int first = index * rowsOfBlock;
    int some = Math.min(rows - first, rowsOfBlock);
    ColumnSums registers = bench.registers();
    sum.multiply(
        new MatrixProduct(IntegerWeights.of(some, terms, weights.block(first, some))),
        x.codes(),
        registers);
    int to = offset + first * stride;
    int count = in.count();
    for (int r = 0; r < some; r++) {
      for (int j = 0; j < count; j++) {
        out[to + r * stride + j] =
            weights.finish(first + r, registers.get(r * count + j), x.scales()[j]);
      }
    }
    addBias(first, some, out, to, stride);
  }

  private void addBias(int first, int some, float[] out, int to, int stride) {
    for (int r = 0; r < some; r++) {
      float add = bias.length == 0 ? 0 : bias[first + r];
      for (int i = to + r * stride; i < to + r * stride + in.count(); i++) {
        out[i] = out[i] + add; // a sum of −0 becomes +0, as every layer has it
      }
    }
  }
}
