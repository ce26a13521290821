package dev.narrows.training.qat;

import dev.narrows.core.quantize.a2q.NormMethod;
import dev.narrows.core.quantize.a2q.NormStart;

/**
 * The norm limit that the weights of narrow dot layers are trained under.
 *
 * @param bits P, the width at which every such layer is safe
 * @param depthwise method of depthwise convolutions: their few weights cannot spare the degree of
 *     freedom that centring takes (A2Q+, arXiv 2401.10432)
 * @param penalty λ of the term λ·Σ max(g − T, 0) that is added to the loss
 * @see "docs/training.md, A2Q: a norm limit on the weights"
 */
public record WeightConstraint(
    NormMethod method, int bits, NormStart.StartRule start, double penalty, NormMethod depthwise) {
  public WeightConstraint {
    if (!(penalty >= 0) || Double.isInfinite(penalty)) {
      throw new IllegalArgumentException("penalty must not be negative, got " + penalty);
    }
  }
}
