package dev.narrows.experiments.recipe;

/** Whether weights are pruned before or after the network learns to live with integers. */
public enum PhaseOrder {
  /** P→Q: prune in float, then quantisation-aware training on the remaining weights. */
  PRUNE_THEN_QUANTIZE,
  /** Q→P: prune during quantisation-aware training. */
  QUANTIZE_THEN_PRUNE
}
