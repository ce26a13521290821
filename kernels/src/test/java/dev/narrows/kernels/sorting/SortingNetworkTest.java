package dev.narrows.kernels.sorting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SortingNetworkTest {
  @Test
  void sort_everyLength_sortsEveryColumn() {
    Random random = new Random(7);
    for (int count = 0; count <= 600; count++) {
      int range = random.nextInt(1, 2000);
      int from = random.nextInt(3) * 16;
      int[] block = new int[(from + SortingNetwork.padded(count)) * VectorLanes.COUNT];
      Arrays.setAll(block, i -> random.nextInt(-range, range));
      int[] expected = block.clone();
      for (int lane = 0; lane < VectorLanes.COUNT; lane++) {
        int[] column = column(block, from, count, lane);
        Arrays.sort(column);
        for (int i = 0; i < count; i++) {
          expected[(from + i) * VectorLanes.COUNT + lane] = column[i];
        }
      }
      SortingNetwork.sort(block, from, count);
      int end = (from + count) * VectorLanes.COUNT;
      assertThat(Arrays.copyOf(block, end))
          .as("%d rows from %d, seed 7", count, from)
          .isEqualTo(Arrays.copyOf(expected, end));
    }
  }

  /** By the 0-1 principle a network that sorts all zeros and ones sorts everything. */
  @Test
  void sort_allZeroOneColumnsOfSixteen_areSorted() {
    int[] block = new int[16 * VectorLanes.COUNT];
    for (int first = 0; first < 1 << 16; first += VectorLanes.COUNT) {
      for (int i = 0; i < block.length; i++) {
        block[i] = (first + i % VectorLanes.COUNT) >> i / VectorLanes.COUNT & 1;
      }
      SortingNetwork.sort(block, 0, 16);
      for (int i = 0; i < block.length; i++) {
        int ones = Integer.bitCount(first + i % VectorLanes.COUNT);
        int expected = i / VectorLanes.COUNT >= 16 - ones ? 1 : 0;
        if (block[i] != expected) {
          assertThat(block[i])
              .as("row %d of input %d", i / VectorLanes.COUNT, first)
              .isEqualTo(expected);
        }
      }
    }
  }

  private static int[] column(int[] block, int from, int count, int lane) {
    int[] column = new int[count];
    Arrays.setAll(column, i -> block[(from + i) * VectorLanes.COUNT + lane]);
    return column;
  }
}
