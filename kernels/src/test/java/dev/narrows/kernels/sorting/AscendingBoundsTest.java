package dev.narrows.kernels.sorting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.dot.Dot;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.core.format.Widths;
import dev.narrows.kernels.integer.IntegerPanels;
import dev.narrows.kernels.integer.IntegerProductSlice;
import dev.narrows.kernels.integer.SparseWeights;
import dev.narrows.kernels.lanes.ColumnShape;
import dev.narrows.kernels.lanes.ScratchArrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AscendingBoundsTest {
  /** The writes of the real order, also where terms of one magnitude and both signs meet. */
  @Test
  void bits_randomDotProducts_boundEveryWriteAndMostlyTightly() {
    long seed = 20261129;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    int tight = 0;
    int all = 0;
    for (int round = 0; round < 60; round++) {
      int terms = 1 + random.nextInt(160);
      int limit = 1 + random.nextInt(127);
      int most = 1 + random.nextInt(255);
      int columns = 40;
      int[] weights = random.ints(terms, -limit, limit + 1).toArray();
      ColumnShape shape = new ColumnShape(terms, columns);
      int[] x = new int[ColumnShape.capacity(terms, columns)];
      for (int k = 0; k < terms; k++) {
        for (int j = 0; j < columns; j++) {
          x[k * shape.stride() + j] = random.nextInt(most + 1);
        }
      }
      IntegerPanels panels = new IntegerPanels(x);
      panels.take(shape);
      int load = random.nextInt(-999, 1000);
      IntegerProductSlice slice =
          new IntegerProductSlice(
              SparseWeights.of(1, terms, weights),
              panels,
              new int[] {load},
              new int[columns],
              0,
              columns,
              0,
              shape.panelCount(),
              new ScratchArrays());
      AscendingBounds bounds = new AscendingBounds(slice);
      bounds.channel(0, random.nextInt(columns));
      for (int first = 0; first < columns; first += bounds.lanes()) {
        bounds.bound(first);
        for (int column = first; column < Math.min(columns, first + bounds.lanes()); column++) {
          long[] dot = new long[terms];
          for (int k = 0; k < terms; k++) {
            dot[k] = (long) weights[k] * x[k * shape.stride() + column];
          }
          int needed = Dot.sum(new Exact(), new SummationOrder.Ascending(), dot, load).pathBits();
          assertThat(bounds.bits(column - first))
              .as("round %d, column %d, %d terms", round, column, terms)
              .isGreaterThanOrEqualTo(Math.max(needed, Widths.of(load)));
          all++;
          tight += bounds.bits(column - first) <= needed + 1 ? 1 : 0;
        }
      }
    }
    assertThat(tight).as("bounds within a bit").isGreaterThan(all * 3 / 4);
  }
}
