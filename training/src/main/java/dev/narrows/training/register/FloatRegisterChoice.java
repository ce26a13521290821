package dev.narrows.training.register;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.FloatAccumulator;
import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.format.FloatingFormat;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.recipe.FloatNumbers;
import dev.narrows.experiments.recipe.FloatNumbers.SmallFloat;
import dev.narrows.experiments.recipe.FloatTraining;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.training.model.MatMulNode;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.qat.FloatFormats;
import dev.narrows.training.qat.FloatPlan;
import dev.narrows.training.qat.FloatRegister;
import java.util.HashMap;
import java.util.Map;

/**
 * The floating-point registers and formats that a recipe trains with.
 *
 * @see "docs/training.md, Floating-point registers in training"
 */
public final class FloatRegisterChoice {
  private FloatRegisterChoice() {}

  /**
   * The register of every dot layer and product of activations that has one; libtorch's own float32
   * sums serve for exact ones.
   *
   * @throws BadInputException if a rule matches no layer, or asks for an integer register, or if
   *     gradients of a product are to be masked
   */
  public static Map<String, FloatRegister> of(
      FloatPlan plan, LayerRegisters asked, FloatTraining training) {
    IntegerRegisterChoice.requireMatches(plan, asked);
    Map<String, FloatRegister> registers = new HashMap<>();
    for (DotNode dot : plan.model().dots()) {
      asked
          .ofDot(dot.name(), !plan.narrow(dot))
          .filter(summation -> !(summation.accumulator() instanceof Exact))
          .ifPresent(summation -> registers.put(dot.name(), of(dot.name(), summation, training)));
    }
    for (MatMulNode product : plan.model().products()) {
      asked
          .ofDot(product.name(), false)
          .filter(summation -> !(summation.accumulator() instanceof Exact))
          .ifPresent(
              summation -> registers.put(product.name(), ofProduct(product, summation, training)));
    }
    return registers;
  }

  /** Both factors are activations: their gradients are not masked. */
  private static FloatRegister ofProduct(
      MatMulNode product, Summation summation, FloatTraining training) {
    if (!training.masks().isEmpty()) {
      throw new BadInputException(
          ("phases.register.gradient: the product of activations \"%s\" has no masks; expected"
                  + " identity, or an exact register for it under \"layers\"")
              .formatted(product.name()));
    }
    return of(product.name(), summation, training);
  }

  private static FloatRegister of(String layer, Summation summation, FloatTraining training) {
    if (!(summation.accumulator() instanceof FloatAccumulator register)) {
      throw new BadInputException(
          "phases.register: layer \"%s\" sums floating-point numbers, got the integer register %s"
              .formatted(layer, summation));
    }
    boolean maskable =
        register instanceof FloatingAccumulator steps
            && steps.truncates()
            && !summation.order().severalRegisters();
    if (!training.masks().isEmpty() && !maskable) {
      throw new BadInputException(
          ("phases.register.gradient: gradients are masked in registers that truncate term by term,"
                  + " and layer \"%s\" sums in %s; expected identity")
              .formatted(layer, summation));
    }
    float epsilon = (float) training.epsilon().orElse(register.epsilon());
    return new FloatRegister(
        new FloatKernelSimulator(summation, training.masks(), epsilon),
        !training.masks().isEmpty());
  }

  /** The formats that a recipe's weights and activations are rounded to. */
  public static FloatFormats formats(FloatNumbers numbers) {
    return new FloatFormats(
        numbers.weights().map(FloatRegisterChoice::fit),
        numbers.activations().map(FloatRegisterChoice::fit));
  }

  private static FloatFormats.Fit fit(SmallFloat format) {
    return largest -> FloatingFormat.fitting(format.mantissaBits(), format.exponentBits(), largest);
  }
}
