package dev.narrows.kernels.lanes;

import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Skips tests that ask for vectors as wide as the machine's own, which the first run had, or wider,
 * which the JVM would only imitate. JUnit finds it by itself.
 */
public final class OnceAWidth implements ExecutionCondition {
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    int asked = Integer.getInteger("narrows.vector.bits", 0);
    int own = FloatVector.SPECIES_PREFERRED.vectorBitSize();
    return own <= asked
        ? ConditionEvaluationResult.disabled("vectors have %d bits here anyway".formatted(own))
        : ConditionEvaluationResult.enabled("a width of its own");
  }
}
