package dev.narrows.cli;

import dev.narrows.core.accumulator.AccumulatorForms;
import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.accumulator.FusedForms;
import dev.narrows.core.dot.OrderForms;
import java.util.ListResourceBundle;

/** What help texts take from the registries of accumulators and orders. */
final class HelpTexts extends ListResourceBundle {
  @Override
  protected Object[][] getContents() {
    return new Object[][] {
      {"forms.accumulators", AccumulatorForms.integerForms()},
      {"forms.orders", OrderForms.all()},
      {"forms.floats", String.join(", ", FloatingAccumulator.named().keySet())},
      {"forms.hardware", String.join(", ", FusedForms.named().keySet())},
      {"forms.floatOrders", OrderForms.forFloats()},
    };
  }
}
