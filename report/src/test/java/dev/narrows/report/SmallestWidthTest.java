package dev.narrows.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SmallestWidthTest {
  private static TreeMap<Integer, Double> accuracies(double... from8) {
    TreeMap<Integer, Double> map = new TreeMap<>();
    for (int i = 0; i < from8.length; i++) {
      map.put(8 + i, from8[i]);
    }
    return map;
  }

  @Test
  void smallest_everyLargerWidthQualifies_isFound() {
    assertThat(SmallestWidth.of(accuracies(20, 60, 87, 88, 88), 87)).hasValue(10);
  }

  @Test
  void smallest_aWidthQualifiesBelowOneThatDoesNot_doesNotCount() {
    assertThat(SmallestWidth.of(accuracies(87, 60, 87, 88, 88), 87)).hasValue(10);
  }

  @Test
  void smallest_theWidestDoesNotQualify_isNone() {
    assertThat(SmallestWidth.of(accuracies(88, 88, 86.9), 87)).isEmpty();
  }
}
