package dev.narrows.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import org.junit.jupiter.api.Test;

class ColumnsTest {
  private static final int[] NO_PRELOAD = new int[0];

  @Test
  void shape_beyondTheCapacity_isRefused() {
    Columns columns = new Columns(3, 20);
    assertThatThrownBy(() -> columns.shape(4, 20))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("4 terms of 20 columns do not fit the block of 144 values");
    assertThatThrownBy(() -> new Columns(1 << 20, 1 << 20))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("does not fit an array");
  }

  @Test
  void sealed_valueOutsideTheStatedBounds_isRefused() {
    Columns columns = filled(2, 3, 9);
    assertThatThrownBy(() -> columns.sealed(0, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("column values run from 9 to 9, outside the stated [0, 8]");
  }

  @Test
  void columns_refilled_areMultipliedAnew() {
    MatrixProduct product = new MatrixProduct(IntegerWeights.of(1, 2, new int[] {2, 3}));
    Columns columns = filled(2, 3, 9);
    int[] out = new int[3];
    product.multiply(Summation.exact(), columns, NO_PRELOAD, out, 0, 3);
    assertThat(out).containsExactly(45, 45, 45);
    columns.values()[0] = -1;
    columns.sealed(-1, 9);
    product.multiply(Summation.exact(), columns, NO_PRELOAD, out, 0, 3);
    assertThat(out).containsExactly(25, 45, 45);
    columns.shape(2, 1);
    columns.values()[0] = 100;
    columns.values()[columns.stride()] = 1;
    product.multiply(Summation.exact(), columns, NO_PRELOAD, out, 1, 0);
    assertThat(out).containsExactly(25, 203, 45);
  }

  @Test
  void multiply_shapesThatDisagree_areRefused() {
    MatrixProduct product = new MatrixProduct(IntegerWeights.of(2, 2, new int[] {1, 2, 3, 0}));
    assertThat(product.weights().packed()).isTrue();
    assertThat(product.weights().nonZeros()).isEqualTo(3);
    Columns wrong = filled(3, 1, 0);
    assertThatThrownBy(
            () -> product.multiply(Summation.exact(), wrong, NO_PRELOAD, new int[9], 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("weights have 2 terms, columns 3");
    Columns columns = filled(2, 4, 1);
    assertThatThrownBy(
            () -> product.multiply(Summation.exact(), columns, NO_PRELOAD, new int[7], 0, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("2 channels of 4 columns from offset 0 with stride 4 do not fit 7 outputs");
    assertThatThrownBy(
            () -> product.multiply(Summation.exact(), columns, new int[3], new int[8], 0, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("preload must hold a value for each of 2 channels or none, got 3");
    OverflowProfile.Builder profile = OverflowProfile.builder();
    assertThatThrownBy(() ->
            product.classify(
                new SummationOrder.Sequential(),
                columns,
                NO_PRELOAD,
                new int[8],
                0,
                4,
                profile,
                profile,
                profile))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("need a profile for each of 2 channels or one for all, got 3");
    assertThatThrownBy(() -> IntegerWeights.of(2, 2, new int[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("weights of 2 channels with 2 terms each need as many values, got 3");
  }

  private static Columns filled(int terms, int columns, int value) {
    Columns block = new Columns(terms, columns);
    block.shape(terms, columns);
    java.util.Arrays.fill(block.values(), value);
    return block;
  }
}
