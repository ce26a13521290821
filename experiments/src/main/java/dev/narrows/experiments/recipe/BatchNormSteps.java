package dev.narrows.experiments.recipe;

/** How float training computes batch norm, the residual that is added to it and the rectifier. */
public enum BatchNormSteps {
  /** One after the other, each by libtorch. */
  SEPARATE,
  /**
   * In one operation, which goes over memory half as often. Statistics are summed in another order,
   * so weights differ by rounding.
   */
  FUSED
}
