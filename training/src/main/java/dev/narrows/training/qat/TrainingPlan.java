package dev.narrows.training.qat;

import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.Node.DotNode;
import java.util.List;
import java.util.Set;

/**
 * Which numbers a network is trained for, decided once, before the first step: {@linkplain
 * QuantizationPlan integers} or {@linkplain FloatPlan floating-point numbers}. Float phases of
 * either plan compute in binary32.
 */
public sealed interface TrainingPlan permits QuantizationPlan, FloatPlan {
  ModelSpec model();

  /** Dot layers that are not pruned and keep an exact register. */
  Set<String> excluded();

  /** True if the layer is pruned and runs on the recipe's register. */
  default boolean narrow(DotNode dot) {
    return !excluded().contains(dot.name());
  }

  /** The arrays that the plan adds to those of the model, in a fixed order. */
  List<PlanArray> arrays();

  /** Whether those arrays are trained; if not, they hold what was observed. */
  boolean learnsArrays();

  /** An array beside those of the model: log2 scales, or observed magnitudes. */
  record PlanArray(String name, int size) {}

  /** Whether an array of this name was observed from data and holds for one plan only. */
  static boolean observedFromData(String array) {
    return array.endsWith(".log2scale") || array.endsWith(".operand.largest");
  }
}
