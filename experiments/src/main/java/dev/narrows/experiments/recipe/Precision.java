package dev.narrows.experiments.recipe;

/** What products of float training are computed in; parameters are float32 always. */
public enum Precision {
  /** 24 bits of significand. */
  FLOAT32,
  /**
   * 8 bits of significand for the operands of convolutions and dense layers and for what flows
   * between layers; statistics, loss, gradients of parameters and the optimiser stay in float32.
   */
  BF16
}
