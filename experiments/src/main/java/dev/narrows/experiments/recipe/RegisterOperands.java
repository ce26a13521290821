package dev.narrows.experiments.recipe;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.FloatAccumulator;
import dev.narrows.core.accumulator.OperandException;
import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.input.YamlValue;

/** Which registers sum what a recipe's network multiplies. */
public final class RegisterOperands {
  private RegisterOperands() {}

  /**
   * Refuses a register for integers where real numbers are summed, and the reverse; an exact one
   * sums both. Told when it is read: later would be after the training.
   *
   * @param text where the register is written
   * @throws dev.narrows.experiments.input.BadInputException at that place
   */
  public static void require(boolean floats, Summation summation, YamlValue text) {
    if (summation.accumulator() instanceof FloatAccumulator register) {
      if (!floats) {
        throw refused(text, OperandException.needsFloats("the network", register));
      }
    } else if (floats && !(summation.accumulator() instanceof Exact)) {
      throw refused(text, OperandException.needsIntegers("the network", summation));
    }
  }

  private static RuntimeException refused(YamlValue text, OperandException why) {
    return text.place().error(String.valueOf(why.getMessage()), why);
  }
}
