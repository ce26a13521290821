package dev.narrows.cli.worker;

import dev.narrows.core.dot.GradientMask;
import dev.narrows.core.dot.Summation;
import dev.narrows.data.file.NpyArray;
import dev.narrows.data.file.NpyType;
import dev.narrows.kernels.FloatColumns;
import dev.narrows.kernels.FloatProduct;
import dev.narrows.kernels.FloatWeights;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Products of floats, and their gradients, by the kernels. */
final class FloatCalls {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final ProductShape shape;
  private final ColumnPieces pieces;
  private final List<FloatProduct> products;
  private final float[] inputs;

  FloatCalls(ProductShape shape, ArrayOperand weights, ArrayOperand inputs, ColumnPieces pieces) {
    this.shape = shape;
    this.pieces = pieces;
    this.inputs = inputs.floats();
    float[] values = weights.floats();
    this.products =
        shape.ofGroups((from, to) -> {
          float[] own = Arrays.copyOfRange(values, from, to);
          return new FloatProduct(FloatWeights.of(shape.channels(), shape.terms(), own));
        });
  }

  /**
   * Every dot product in a register.
   *
   * @param out float32, of the results' shape
   */
  void multiply(Summation summation, ArrayOperand out) {
    out.requireShape(shape.results());
    out.requireType(NpyType.FLOAT32);
    NpyArray results = out.array();
    pieces.run(
        shape,
        (thread, most) -> {
          FloatColumns columns = new FloatColumns(shape.terms(), most);
          float[] sums = new float[shape.channels() * most];
          return piece -> {
            fill(columns, piece);
            products.get(piece.group()).multiply(summation, columns, sums, 0, piece.columns());
            shape.eachResult(
                piece, (sum, place) -> results.data().setAtIndex(FLOAT, place, sums[sum]));
          };
        });
  }

  /**
   * The gradients that pass a register's masks, as training has them.
   *
   * @param upstream of the results, and of their shape
   * @param weightGradients out, as weights lie
   * @param inputGradients out, as inputs lie
   */
  void backward(
      Summation summation,
      Set<GradientMask> masks,
      float epsilon,
      ArrayOperand upstream,
      ArrayOperand weightGradients,
      ArrayOperand inputGradients) {
    upstream.requireShape(shape.results());
    weightGradients.requireType(NpyType.FLOAT32);
    inputGradients.requireType(NpyType.FLOAT32);
    float[] above = upstream.floats();
    float[] below = new float[inputs.length];
    int size = shape.channels() * shape.terms();
    float[][] parts = new float[pieces.threads()][shape.groups() * size];
    pieces.run(
        shape,
        (thread, most) -> {
          FloatColumns columns = new FloatColumns(shape.terms(), most);
          float[] g = new float[shape.channels() * most];
          float[] ofWeights = new float[size];
          float[] ofInputs = new float[columns.values().length];
          return piece -> {
            fill(columns, piece);
            shape.eachResult(piece, (sum, place) -> g[sum] = above[(int) place]);
            Arrays.fill(ofWeights, 0);
            Arrays.fill(ofInputs, 0);
            products
                .get(piece.group())
                .backward(
                    summation, masks, epsilon, columns, g, 0, piece.columns(), ofWeights, ofInputs);
            for (int i = 0; i < size; i++) {
              parts[thread][piece.group() * size + i] += ofWeights[i];
            }
            for (int k = 0; k < shape.terms(); k++) {
              int at = shape.input(piece.block(), piece.group(), k, piece.from());
              for (int j = 0; j < piece.columns(); j++) {
                below[at + j * shape.inputStep()] = ofInputs[k * columns.stride() + j];
              }
            }
          };
        });
    for (int part = 1; part < parts.length; part++) {
      for (int i = 0; i < parts[0].length; i++) {
        parts[0][i] += parts[part][i];
      }
    }
    store(parts[0], weightGradients);
    store(below, inputGradients);
  }

  private static void store(float[] values, ArrayOperand out) {
    if (out.array().elements() != values.length) {
      throw new CallException(
          "%s: expected %d elements, got %d"
              .formatted(out.name(), values.length, out.array().elements()));
    }
    MemorySegment.copy(values, 0, out.array().data(), FLOAT, 0, values.length);
  }

  private void fill(FloatColumns columns, ColumnPieces.ColumnPiece piece) {
    columns.shape(shape.terms(), piece.columns());
    float[] values = columns.values();
    int step = shape.inputStep();
    for (int k = 0; k < shape.terms(); k++) {
      int from = shape.input(piece.block(), piece.group(), k, piece.from());
      int to = k * columns.stride();
      if (step == 1) {
        System.arraycopy(inputs, from, values, to, piece.columns());
      } else {
        for (int j = 0; j < piece.columns(); j++) {
          values[to + j] = inputs[from + j * step];
        }
      }
    }
    columns.sealed();
  }
}
