package dev.narrows.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.Summation;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParallelProductsTest {
  private static final int CHANNELS = 5;
  private static final int COLUMNS = 700;
  private final Twin operands = Twin.random(11, CHANNELS, 60, COLUMNS, 7, 0.3, -8, 7);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "exact",
        "int7:wrap",
        "int8:saturate",
        "int8:saturate:chunk(9)",
        "int8:saturate:ascending",
        "int7:saturate:sorted",
        "int7:resolved(transient):tiles(8,1)"
      })
  void multiply_anyNumberOfThreads_givesTheSameOutputs(String text) {
    Summation summation = Summation.parse(text);
    int[] alone = new int[CHANNELS * COLUMNS];
    operands.product().multiply(summation, operands.block(), operands.preload(), alone, 0, COLUMNS);
    for (int threads : new int[] {1, 2, 3, 16}) {
      try (ParallelProducts parallel = new ParallelProducts(threads)) {
        int[] out = new int[CHANNELS * COLUMNS];
        parallel.multiply(
            operands.product(), summation, operands.block(), operands.preload(), out, 0, COLUMNS);
        assertThat(out).as("%s with %d threads", text, threads).isEqualTo(alone);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sequential", "reversed", "sorted(1)", "sign-directed"})
  void classify_anyNumberOfThreads_givesTheSameProfile(String order) {
    Summation summation =
        Summation.parse("int8:wrap" + (order.equals("sequential") ? "" : ":" + order));
    OverflowProfile.Builder alone = OverflowProfile.builder();
    int[] out = new int[CHANNELS * COLUMNS];
    operands
        .product()
        .classify(summation.order(), operands.block(), operands.preload(), out, 0, COLUMNS, alone);
    assertThat(alone.build().dots()).isEqualTo(CHANNELS * COLUMNS);
    for (int threads : new int[] {1, 2, 3, 16}) {
      try (ParallelProducts parallel = new ParallelProducts(threads)) {
        OverflowProfile.Builder[] profiles = new OverflowProfile.Builder[CHANNELS];
        Arrays.setAll(profiles, i -> OverflowProfile.builder());
        int[] shared = new int[CHANNELS * COLUMNS];
        parallel.classify(
            operands.product(),
            summation.order(),
            operands.block(),
            operands.preload(),
            shared,
            0,
            COLUMNS,
            profiles);
        OverflowProfile sum = OverflowProfile.empty();
        for (OverflowProfile.Builder profile : profiles) {
          sum = sum.plus(profile.build());
        }
        assertThat(sum).as("%d threads", threads).isEqualTo(alone.build());
        assertThat(shared).isEqualTo(out);
      }
    }
  }

  @Test
  void multiply_failureInAThread_reachesTheCaller() {
    try (ParallelProducts parallel = new ParallelProducts(2)) {
      Twin wide = Twin.of("too wide", 1, 4, 9, () -> 40000, () -> 40000, new int[0]);
      assertThatThrownBy(() ->
              parallel.multiply(
                  wide.product(),
                  Summation.exact(),
                  wide.block(),
                  wide.preload(),
                  new int[9],
                  0,
                  9))
          .isInstanceOf(ArithmeticException.class)
          .hasMessageContaining("more than the 32 bits of an output");
    }
  }

  @Test
  void parallel_noThreads_isRefused() {
    assertThatThrownBy(() -> new ParallelProducts(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("number of threads must be at least 1, got 0");
  }
}
