package dev.narrows.network.execute;

import dev.narrows.core.accumulator.FloatingAccumulator;

/** The sums of one layer of real numbers in the register it runs in. */
final class FloatSums {
  private final LayerRegister register;

  /**
   * @param register exact or floating, as {@link Registers} has checked
   */
  FloatSums(LayerRegister register) {
    this.register = register;
  }

  /**
   * Every row of {@code weights} with every column of {@code x}.
   *
   * @return [rows][columns], the workspace's: valid until the next call
   */
  float[] multiply(Workspace workspace, FloatMatrix weights, FloatBlock x) {
    float[] out = workspace.realSums(weights.rows() * x.columns());
    if (register.accumulator() instanceof FloatingAccumulator floating) {
      weights.multiply(floating, register.order(), x, out);
    } else {
      weights.exact(x, workspace.registers(x.columns()), out);
    }
    return out;
  }
}
