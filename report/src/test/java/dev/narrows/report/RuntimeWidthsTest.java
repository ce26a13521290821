package dev.narrows.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RuntimeWidthsTest {
  private static LayerAnalysis layer(String name, int bound, String reference, String optimized) {
    return new LayerAnalysis(
        name,
        "dense",
        600,
        1,
        8,
        List.of(-32768L, 32767L),
        new LayerWidths(40, bound, Optional.empty(), bound),
        23,
        "exact",
        Optional.of(reference).filter(text -> !text.isEmpty()),
        Optional.of(optimized).filter(text -> !text.isEmpty()),
        Optional.empty(),
        Optional.empty());
  }

  private static String text(LayerAnalysis... layers) {
    return RuntimeWidths.table(List.of(layers)).map(table -> table.text()).orElse("");
  }

  @Test
  void table_registersThatAreWideEnoughOrUnknown_isNone() {
    assertThat(RuntimeWidths.table(List.of())).isEmpty();
    assertThat(
            RuntimeWidths.table(
                List.of(layer("exact fit", 32, "int32", ""), layer("unknown", 40, "", ""))))
        .isEmpty();
  }

  @Test
  void table_registerOneBitTooNarrow_saysThatItWrapsAround() {
    assertThat(text(layer("a", 33, "int32", ""))).contains("wrap around", "33", "int32");
  }

  @Test
  void table_otherRegisterInOptimisedKernels_saysWhichIsTooNarrow() {
    assertThat(text(layer("a", 33, "int64", "int32"))).contains("in the optimised kernels only");
    assertThat(text(layer("a", 30, "int64", "int32"))).contains("both are wide enough");
  }
}
