package dev.narrows.cli.worker;

import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.data.file.NpyArray;
import dev.narrows.data.file.NpyType;
import dev.narrows.kernels.ColumnSums;
import dev.narrows.kernels.Columns;
import dev.narrows.kernels.IntegerWeights;
import dev.narrows.kernels.MatrixProduct;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Products of integers, by the kernels. */
final class IntegerCalls {
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final long[] NO_PRELOAD = {};

  private final ProductShape shape;
  private final ColumnPieces pieces;
  private final List<MatrixProduct> products;
  private final int[] inputs;

  IntegerCalls(ProductShape shape, ArrayOperand weights, ArrayOperand inputs, ColumnPieces pieces) {
    this.shape = shape;
    this.pieces = pieces;
    this.inputs = inputs.integers();
    int[] values = weights.integers();
    this.products =
        shape.ofGroups((from, to) -> {
          int[] own = Arrays.copyOfRange(values, from, to);
          return new MatrixProduct(IntegerWeights.of(shape.channels(), shape.terms(), own));
        });
  }

  /**
   * Every dot product in a register.
   *
   * @param out int64 or float32, of the results' shape; a float32 holds sums up to 2^24 exactly
   */
  void multiply(Summation summation, ArrayOperand out) {
    out.requireShape(shape.results());
    out.requireType(NpyType.INT64, NpyType.FLOAT32);
    NpyArray results = out.array();
    boolean floats = results.type() == NpyType.FLOAT32;
    pieces.run(
        shape,
        (thread, most) -> {
          Columns columns = new Columns(shape.terms(), most);
          ColumnSums sums = new ColumnSums();
          return piece -> {
            fill(columns, piece);
            products.get(piece.group()).multiply(summation, columns, NO_PRELOAD, sums);
            shape.eachResult(
                piece,
                (sum, place) -> {
                  if (floats) {
                    results.data().setAtIndex(FLOAT, place, sums.get(sum));
                  } else {
                    results.data().setAtIndex(LONG, place, sums.get(sum));
                  }
                });
          };
        });
  }

  /**
   * The overflow profile of every channel in an order.
   *
   * @return [groups · channels]
   */
  OverflowProfile[] profile(SummationOrder order) {
    int channels = shape.channels();
    OverflowProfile.Builder[][] counts =
        new OverflowProfile.Builder[pieces.threads()][shape.groups() * channels];
    for (OverflowProfile.Builder[] ofThread : counts) {
      Arrays.setAll(ofThread, c -> OverflowProfile.builder());
    }
    pieces.run(
        shape,
        (thread, most) -> {
          Columns columns = new Columns(shape.terms(), most);
          ColumnSums sums = new ColumnSums();
          return piece -> {
            fill(columns, piece);
            int first = piece.group() * channels;
            products
                .get(piece.group())
                .classify(
                    order,
                    MatrixProduct.ANY_WIDTH,
                    columns,
                    NO_PRELOAD,
                    sums,
                    Arrays.copyOfRange(counts[thread], first, first + channels));
          };
        });
    return IntStream.range(0, shape.groups() * channels)
        .mapToObj(c -> {
          OverflowProfile.Builder all = OverflowProfile.builder();
          for (OverflowProfile.Builder[] ofThread : counts) {
            all.add(ofThread[c].build());
          }
          return all.build();
        })
        .toArray(OverflowProfile[]::new);
  }

  private void fill(Columns columns, ColumnPieces.ColumnPiece piece) {
    columns.shape(shape.terms(), piece.columns());
    int[] values = columns.values();
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
