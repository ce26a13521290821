package dev.narrows.training.register;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.FloatAccumulator;
import dev.narrows.core.accumulator.OperandException;
import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.training.model.MatMulNode;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.qat.QuantizationPlan;
import dev.narrows.training.qat.TermRange;
import dev.narrows.training.qat.TrainingPlan;
import dev.narrows.training.qat.TrainingRegister;
import dev.narrows.training.qat.TrainingRegister.ExactRegister;
import dev.narrows.training.qat.TrainingRegister.ResolvedRegister;
import dev.narrows.training.qat.TrainingRegister.SimulatedRegister;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Picks how training computes an accumulator: by a library clamp where a theorem allows, else by
 * the kernels.
 *
 * @see "docs/training.md, equation (29)"
 */
public final class IntegerRegisterChoice {
  private IntegerRegisterChoice() {}

  /**
   * The register of every dot layer that has one, the narrow layers and excluded layers that a rule
   * names exactly, and of every product of activations.
   *
   * @throws BadInputException if a rule matches no dot layer, or an accumulator asks for a
   *     convention that training does not have
   */
  public static Map<String, TrainingRegister> of(QuantizationPlan plan, LayerRegisters asked) {
    requireMatches(plan, asked);
    Map<String, TrainingRegister> registers = new HashMap<>();
    for (DotNode dot : plan.model().dots()) {
      asked
          .ofDot(dot.name(), !plan.narrow(dot))
          .ifPresent(summation ->
              registers.put(dot.name(), of(dot.name(), TermRange.of(plan, dot), summation)));
    }
    for (MatMulNode product : plan.model().products()) {
      asked
          .ofDot(product.name(), false)
          .ifPresent(summation ->
              registers.put(
                  product.name(), of(product.name(), TermRange.of(plan, product), summation)));
    }
    return registers;
  }

  /** Rejects rules that match no layer that sums. */
  static void requireMatches(TrainingPlan plan, LayerRegisters asked) {
    List<String> layers = plan.model().summing();
    for (LayerRegisters.Rule rule : asked.rules()) {
      if (layers.stream().noneMatch(rule::matches)) {
        throw new BadInputException(
            "phases.register.layers: \"%s\" matches no layer; layers are %s"
                .formatted(rule.glob(), layers));
      }
    }
  }

  private static TrainingRegister of(String layer, TermRange terms, Summation summation) {
    if (summation.bias().equals(Optional.of(BiasPlacement.PRELOAD))) {
      throw new BadInputException(
          "phases.register: training adds the bias after the sum, got " + summation);
    }
    if (summation.accumulator() instanceof FloatAccumulator floating) {
      throw new BadInputException(
          "phases.register: "
              + OperandException.needsFloats("layer " + layer, floating).getMessage());
    }
    int bits = summation.accumulator().bits();
    int narrowest = summation.order().narrowest(bits);
    if (terms.sumBits() <= narrowest) {
      return new ExactRegister(); // the data-type bound: nothing can overflow
    }
    if (summation.isClampOfExactSum(terms.termBits()) && bits <= ResolvedRegister.MAX_BITS) {
      return new ResolvedRegister(bits);
    }
    return summation.accumulator() instanceof Exact
        ? new ExactRegister()
        : new SimulatedRegister(new IntegerKernelSimulator(summation));
  }
}
