package dev.narrows.training.torch;

import dev.narrows.experiments.recipe.BatchNormSteps;
import dev.narrows.experiments.recipe.Precision;
import dev.narrows.training.qat.FloatRegister;
import dev.narrows.training.qat.TrainingRegister;
import java.util.Map;

/** Which arithmetic a forward pass uses. */
public sealed interface Pass {
  /**
   * binary32, between bfloat16 products where the precision says so.
   *
   * @param precision of the products in training; evaluation is always in float32, in which the
   *     trained network is used
   * @param norms how batch norm is computed in training
   */
  record Float(Precision precision, BatchNormSteps norms) implements Pass {
    /** With libtorch's batch norm. */
    public Float(Precision precision) {
      this(precision, BatchNormSteps.SEPARATE);
    }

    /** In float32. */
    public Float() {
      this(Precision.FLOAT32);
    }
  }

  /**
   * float32 between dot products of the plan's formats, which floating-point registers sum.
   *
   * @param registers register of dot layers by name; libtorch sums the others
   */
  record Floating(Map<String, FloatRegister> registers) implements Pass {
    public Floating {
      registers = Map.copyOf(registers);
    }
  }

  /**
   * Fake-quantised.
   *
   * @param registers register of dot layers by name; the others are exact
   */
  record Quantized(Map<String, TrainingRegister> registers) implements Pass {
    public Quantized {
      registers = Map.copyOf(registers);
    }
  }
}
