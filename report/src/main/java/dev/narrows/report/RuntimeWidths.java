package dev.narrows.report;

import java.util.List;
import java.util.Optional;

/** Where the runtime that a file was made for sums in fewer bits than some input can need. */
final class RuntimeWidths {
  private static final String PREFIX = "int";

  private RuntimeWidths() {}

  /**
   * The layers whose runtime register is narrower than the least bound, or is another one in the
   * runtime's reference and optimised kernels; empty if there are none.
   */
  static Optional<Table> table(List<LayerAnalysis> layers) {
    Table table =
        new Table(
            "The runtime's own registers, where they are narrower than the bound or differ",
            List.of("layer", "bound", "reference", "optimised", "what that means"));
    boolean any = false;
    for (LayerAnalysis layer : layers) {
      if (layer.runtimeRegister().isEmpty()) {
        continue;
      }
      String reference = layer.runtimeRegister().get();
      String optimized = layer.optimizedRegister().orElse(reference);
      int bound = layer.bounds().signSum();
      boolean narrow = bits(reference) < bound;
      boolean optimizedNarrow = bits(optimized) < bound;
      if (narrow || optimizedNarrow || !optimized.equals(reference)) {
        any = true;
        table.row(layer.name(), bound, reference, optimized, meaning(narrow, optimizedNarrow));
      }
    }
    return any ? Optional.of(table) : Optional.empty();
  }

  private static String meaning(boolean narrow, boolean optimizedNarrow) {
    if (narrow && optimizedNarrow) {
      return "some input makes the runtime's sum wrap around; Narrows' exact sum does not";
    }
    if (narrow || optimizedNarrow) {
      return "some input makes the sum wrap around in the "
          + (narrow ? "reference" : "optimised")
          + " kernels only: the two can give different outputs";
    }
    return "both are wide enough";
  }

  private static int bits(String register) {
    return Integer.parseInt(register.substring(PREFIX.length()));
  }
}
