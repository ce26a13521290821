package dev.narrows.experiments.reproduce.a2q;

import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.TestBed;
import java.util.List;

/**
 * What is trained for {@link A2qPlusInit}.
 *
 * @param widths with EP-init
 * @param plain widths with the plain start as well
 * @param again widths with a second seed
 */
record A2qPlusInitPlan(
    TestBed bed, int epochs, List<Integer> widths, List<Integer> plain, List<Integer> again) {
  static A2qPlusInitPlan of(Scale scale) {
    TestBed bed = TestBed.of(scale, TestBed.resnet20());
    return switch (scale) {
      case SMOKE -> new A2qPlusInitPlan(bed, 1, List.of(11, 10), List.of(11, 10), List.of(10));
      case TWO_CORE -> new A2qPlusInitPlan(bed, 3, List.of(13, 12, 11, 10), List.of(12), List.of());
    };
  }
}
