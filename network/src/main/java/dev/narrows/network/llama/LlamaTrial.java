package dev.narrows.network.llama;

import dev.narrows.core.dot.Summation;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegisters;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a register makes of one product's sums on a text, beside exact sums e of the same inputs,
 * which come from exact sums everywhere.
 *
 * @param layer that sums
 * @param register that its sums s were made in, too
 * @param factor what brings s nearest to e, Σs·e / Σs², to 1/1024; 1 where that is not finite
 * @param left Σ(factor·s − e)² / Σe²; infinite where a sum is not finite
 */
public record LlamaTrial(String layer, Summation register, float factor, double left) {
  /** Factors are multiples of its inverse: what threads add in another order is far below. */
  private static final int STEPS = 1024;

  /** The sums of one product in one register so far. */
  static final class Tally {
    private final LayerRegister register;
    private double both;
    private double narrow;
    private double wide;

    Tally(LayerRegister register) {
      this.register = register;
    }

    Summation summation() {
      return new Summation(register.accumulator(), register.order());
    }

    /** Adds Σs·e, Σs² and Σe² of some sums. */
    synchronized void add(double products, double squares, double exactSquares) {
      both += products;
      narrow += squares;
      wide += exactSquares;
    }

    LlamaTrial trial() {
      double fitting = Math.rint(both / narrow * STEPS) / STEPS;
      double factor = fitting > 0 && fitting < Float.MAX_VALUE ? fitting : 1;
      double left = (factor * factor * narrow - 2 * factor * both + wide) / wide;
      return new LlamaTrial(
          register.layer(),
          register.asked(),
          (float) factor,
          wide == 0 && narrow == 0 ? 0 : Double.isNaN(left) ? Double.POSITIVE_INFINITY : left);
    }
  }

  /**
   * Those of a text.
   *
   * @param choices of registers, tried on the same inputs
   * @param tokens that the model is shown, window by window
   * @param length tokens of a window
   * @return for each choice a trial for each product, in the order of execution
   * @throws IllegalArgumentException if a rule matches no layer
   */
  public static List<List<LlamaTrial>> of(
      LlamaModel model, List<LayerRegisters> choices, int[] tokens, int length, int threads) {
    try (LlamaRunner runner =
        new LlamaRunner(model, LayerRegisters.exact(), length, false, threads, Optional.empty())) {
      List<List<Tally>> tallies = new ArrayList<>();
      for (LayerRegisters choice : choices) {
        tallies.add(choice.of(model.sums()).stream().map(Tally::new).toList());
      }
      runner.tries(tallies);
      runner.show(tokens, length);
      return tallies.stream().map(each -> each.stream().map(Tally::trial).toList()).toList();
    }
  }
}
