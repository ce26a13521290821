package dev.narrows.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import dev.narrows.core.dot.Summation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Holds every kernel's ratio to the yardstick above a sixth of the project's floor, or of what the
 * ports of this processor allow if that is less: a busy machine passes, a kernel that the compiler
 * puts on the heap (ten times slower) or that falls to the reference does not.
 */
@Tag("slow")
@Isolated("measures times")
class KernelRatioTest {
  private static final double MARGIN = 1 / 6.0;
  private static final double SECONDS = 0.1;
  private static final int TRIES = 4;

  @Test
  void kernels_besideTheYardstick_keepASixthOfTheirFloors() throws IOException {
    Set<String> open = new HashSet<>();
    KernelCases.all().stream()
        .filter(one -> one.floor().isPresent())
        .forEach(one -> open.add(one.name()));
    assertThat(open).hasSizeGreaterThan(10);
    List<String> seen = new ArrayList<>();
    for (int i = 0; i < TRIES && !open.isEmpty(); i++) {
      KernelReport report = // each try is longer, and of fewer kernels
          new KernelBenchmark(open::contains, 1, SECONDS * (1 << i)).run(List.of(), (n, r) -> {});
      for (KernelFigure figure : report.kernels()) {
        double ratio = figure.rate() / report.yardstick();
        double floor = figure.floor().orElseThrow();
        double limit = figure.limit().map(ports -> ports / report.yardstick()).orElse(floor);
        double least = MARGIN * Math.min(floor, limit);
        seen.add("try %d: %s %.4f, needs %.4f".formatted(i + 1, figure.name(), ratio, least));
        if (ratio >= least) {
          open.remove(figure.name());
        }
      }
    }
    if (!open.isEmpty()) {
      fail(String.join("\n", seen));
    }
  }

  /** What the test above must notice. */
  @Test
  void reference_ofEveryRegister_isBelowWhatKernelsMustKeep() throws IOException {
    double yardstick =
        new KernelBenchmark(name -> false, 1, 1).run(List.of(), (n, r) -> {}).yardstick();
    IntegerBenchmarkOperands operands =
        new IntegerBenchmarkOperands(
            KernelShape.CHECKED, IntegerBenchmarkOperands.WEIGHTS, IntegerBenchmarkOperands.INPUTS);
    for (KernelCase one : KernelCases.all()) {
      if (one.floor().isPresent() && one.name().startsWith("int")) {
        Summation summation = Summation.parse(one.name());
        double best = Double.MAX_VALUE;
        for (int i = 0; i < 200; i++) {
          long start = System.nanoTime();
          operands.reference(summation, i % 8, i % 48);
          best = Math.min(best, System.nanoTime() - start);
        }
        assertThat(KernelShape.CHECKED.terms() / best / yardstick)
            .as(one.name())
            .isLessThan(MARGIN * one.floor().get());
      }
    }
  }
}
