package dev.narrows.experiments.recipe;

import dev.narrows.core.quantize.a2q.NormMethod;
import dev.narrows.core.quantize.a2q.NormStart;

/**
 * Weights trained under a norm limit, so that no input can overflow a register of {@code bits} bits
 * in any layer that is not excluded. The finished run is certified at that width.
 *
 * @param method a2q, a2q+ or sign-sum
 * @param bits P, 4 to 32
 * @param init how weights start when the float network is first quantised: EP projects them onto
 *     the ball that the limit allows
 * @param penalty λ of λ·Σ max(g − T, 0), added to the loss, 0 to 1
 * @param depthwise the method of depthwise convolutions; a2q unless the method is sign-sum
 */
public record Constraint(
    NormMethod method, int bits, NormStart.StartRule init, double penalty, NormMethod depthwise) {
  /** What a recipe means that says no more: projected weights, λ = 0.001. */
  public static Constraint of(NormMethod method, int bits) {
    return new Constraint(
        method,
        bits,
        NormStart.StartRule.EP,
        1e-3,
        method == NormMethod.SIGN_SUM ? method : NormMethod.A2Q);
  }

  /** The same with another start. */
  public Constraint withInit(NormStart.StartRule rule) {
    return new Constraint(method, bits, rule, penalty, depthwise);
  }
}
