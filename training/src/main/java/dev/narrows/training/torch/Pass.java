package dev.narrows.training.torch;

import dev.narrows.training.qat.TrainingRegister;
import java.util.Map;

/** Which arithmetic a forward pass uses. */
public sealed interface Pass {
  /** Plain float32. */
  record Float() implements Pass {}

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
