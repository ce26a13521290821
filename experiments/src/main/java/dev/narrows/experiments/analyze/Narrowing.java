package dev.narrows.experiments.analyze;

import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.dot.Summation;
import java.util.List;

/** Which registers a sensitivity analysis tries in each layer. */
public sealed interface Narrowing {
  /**
   * From the width that no sum of the images exceeds downward, bit by bit, to the width where
   * accuracy has fallen.
   *
   * @param view order and conventions; the registers saturate
   */
  record Falling(Summation view) implements Narrowing {
    Summation at(int bits) {
      return new Summation(new Saturating(bits), view.order(), view.zero(), view.bias());
    }
  }

  /** The same registers in every layer. */
  record Given(List<Summation> registers) implements Narrowing {
    /** Copies the list. */
    public Given {
      registers = List.copyOf(registers);
    }
  }

  /** Saturating registers of some widths. */
  static Narrowing ofBits(List<Integer> bits, Summation view) {
    Falling way = new Falling(view);
    return new Given(bits.stream().map(way::at).toList());
  }
}
