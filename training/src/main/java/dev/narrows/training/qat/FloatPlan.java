package dev.narrows.training.qat;

import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.Node.DotNode;
import java.util.List;
import java.util.Set;

/**
 * The plan of a network whose numbers stay floating-point: no codes and no scales.
 *
 * @param excluded dot layers that keep binary32 operands and exact registers
 * @param formats what weights and inputs of the other layers are rounded to
 */
public record FloatPlan(ModelSpec model, Set<String> excluded, FloatFormats formats)
    implements TrainingPlan {
  public FloatPlan {
    excluded = Set.copyOf(excluded);
  }

  /**
   * Whether the largest magnitude of what a dot layer multiplies is kept: its format follows it.
   */
  public boolean observesOperand(DotNode dot) {
    return formats.activations().isPresent() && narrow(dot);
  }

  /** Name of the largest magnitude of what a dot layer multiplies. */
  public static String operandLargest(DotNode dot) {
    return dot.name() + ".operand.largest";
  }

  /** The observed magnitudes. */
  @Override
  public List<PlanArray> arrays() {
    return model.dots().stream()
        .filter(this::observesOperand)
        .map(dot -> new PlanArray(operandLargest(dot), 1))
        .toList();
  }

  @Override
  public boolean learnsArrays() {
    return false;
  }
}
