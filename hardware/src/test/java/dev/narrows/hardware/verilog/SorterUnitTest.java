package dev.narrows.hardware.verilog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SorterUnitTest {
  /** A network that sorts all columns of zeros and ones sorts everything. */
  @Test
  void comparators_everyColumnOfZerosAndOnes_sortIt() {
    for (int inputs : new int[] {2, 4, 8, 16}) {
      SorterUnit sorter = new SorterUnit(inputs, 3);
      for (int bits = 0; bits < 1 << inputs; bits++) {
        int[] values = new int[inputs];
        int column = bits;
        Arrays.setAll(values, i -> column >> i & 1);
        int[] sorted = values.clone();
        Arrays.sort(sorted);
        sorter.comparators((low, high) -> {
          int least = Math.min(values[low], values[high]);
          values[high] = Math.max(values[low], values[high]);
          values[low] = least;
        });
        assertThat(values)
            .as("%d inputs, %s", inputs, Integer.toBinaryString(bits))
            .isEqualTo(sorted);
      }
    }
  }

  @Test
  void size_ofKnownNetworks_isBatchers() {
    assertThat(new SorterUnit(8, 16).size()).isEqualTo(19);
    assertThat(new SorterUnit(16, 16).size()).isEqualTo(63);
  }

  @Test
  void of_noPowerOfTwo_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SorterUnit(6, 8))
        .withMessageContaining("2, 4, 8");
  }
}
