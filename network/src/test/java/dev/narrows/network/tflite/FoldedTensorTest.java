package dev.narrows.network.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FoldedTensorTest {
  private static FoldedTensor words(int[] dims, long... values) {
    return new FoldedTensor(FileElementType.INT32, dims, values);
  }

  private static FoldedTensor vector(long... values) {
    return words(new int[] {values.length}, values);
  }

  @Test
  void count_hugeOrNegativeDimensions_isEmpty() {
    assertThat(FoldedTensor.count(1 << 8, 1 << 8)).contains(1 << 16);
    assertThat(FoldedTensor.count(1 << 8, (1 << 8) + 1)).isEmpty();
    assertThat(FoldedTensor.count(Integer.MAX_VALUE, Integer.MAX_VALUE, 4)).isEmpty();
    assertThat(FoldedTensor.count(Integer.MAX_VALUE, 0)).contains(0);
    assertThat(FoldedTensor.count(3, -1)).isEmpty();
    assertThat(FoldedTensor.count(1, 1, 1, 1, 1, 1, 1, 1, 1)).isEmpty();
  }

  @Test
  void tiled_moreThanMost_isEmpty() {
    assertThat(FoldedMoves.tiled(vector(1, 2), new int[] {1 << 15})).isPresent();
    assertThat(FoldedMoves.tiled(vector(1, 2), new int[] {(1 << 15) + 1})).isEmpty();
    assertThat(FoldedMoves.tiled(vector(1, 2), new int[] {Integer.MAX_VALUE})).isEmpty();
    assertThat(FoldedMoves.tiled(vector(1, 2), new int[] {2})).contains(vector(1, 2, 1, 2));
  }

  @Test
  void pair_shapesThatMeet_repeatsBoth() {
    FoldedTensor column = words(new int[] {2, 1}, 10, 20);
    assertThat(FoldedArithmetic.pair(Operator.ADD, column, vector(1, 2, 3)))
        .contains(words(new int[] {2, 3}, 11, 12, 13, 21, 22, 23));
    assertThat(FoldedArithmetic.pair(Operator.ADD, vector(1, 2), vector(1, 2, 3))).isEmpty();
  }

  @Test
  void pair_integersOf32Bits_wrapAround() {
    assertThat(FoldedArithmetic.pair(Operator.MUL, vector(1 << 30), vector(4))).contains(vector(0));
    assertThat(FoldedArithmetic.pair(Operator.DIV, vector(Integer.MIN_VALUE), vector(-1)))
        .contains(vector(Integer.MIN_VALUE));
    assertThat(FoldedArithmetic.pair(Operator.DIV, vector(-7), vector(2))).contains(vector(-3));
    assertThat(FoldedArithmetic.pair(Operator.FLOOR_DIV, vector(-7), vector(2)))
        .contains(vector(-4));
    assertThat(FoldedArithmetic.pair(Operator.DIV, vector(7), vector(0))).isEmpty();
  }

  @Test
  void gathered_indicesOutside_isEmpty() {
    FoldedTensor from = words(new int[] {2, 2}, 1, 2, 3, 4);
    assertThat(FoldedMoves.gathered(from, vector(1, 0), 1))
        .contains(words(new int[] {2, 2}, 2, 1, 4, 3));
    assertThat(FoldedMoves.gathered(from, vector(2), 1)).isEmpty();
    assertThat(FoldedMoves.gathered(from, vector(-1), 1)).isEmpty();
  }

  @Test
  void joined_emptyParts_addNothing() {
    FoldedTensor none = words(new int[] {0});
    assertThat(FoldedMoves.joined(List.of(none, vector(4), none, vector(5, 6)), 0))
        .contains(vector(4, 5, 6));
    assertThat(FoldedMoves.joined(List.of(none, none), 0)).contains(none);
    assertThat(FoldedMoves.joined(List.of(vector(1), words(new int[0], 1)), 0)).isEmpty();
  }

  @Test
  void reduced_productOfShape_isOneNumber() {
    assertThat(FoldedArithmetic.reduced(Operator.REDUCE_PROD, vector(2, 3, 4), List.of(0), false))
        .contains(words(new int[0], 24));
    FoldedTensor square = words(new int[] {2, 2}, 1, 2, 3, 4);
    assertThat(FoldedArithmetic.reduced(Operator.SUM, square, List.of(0), true))
        .contains(words(new int[] {1, 2}, 4, 6));
  }

  @Test
  void transposed_rows_becomeColumns() {
    FoldedTensor from = words(new int[] {2, 3}, 1, 2, 3, 4, 5, 6);
    Optional<FoldedTensor> turned = FoldedMoves.transposed(from, new int[] {1, 0});
    assertThat(turned).contains(words(new int[] {3, 2}, 1, 4, 2, 5, 3, 6));
    assertThat(turned.flatMap(t -> FoldedMoves.transposed(t, new int[] {1, 0}))).contains(from);
  }

  @Test
  void cast_numbersAndTruths_areThoseOfC() {
    FoldedTensor reals =
        new FoldedTensor(
            FileElementType.FLOAT32,
            new int[] {3},
            Arrays.stream(new double[] {-1.9, 0, 2.5})
                .mapToLong(real -> Float.floatToRawIntBits((float) real))
                .toArray());
    assertThat(FoldedArithmetic.cast(reals, FileElementType.INT32)).contains(vector(-1, 0, 2));
    assertThat(FoldedArithmetic.cast(reals, FileElementType.BOOL))
        .contains(new FoldedTensor(FileElementType.BOOL, new int[] {3}, new long[] {1, 0, 1}));
    assertThat(FoldedArithmetic.cast(vector(1), FileElementType.INT8)).isEmpty();
  }
}
