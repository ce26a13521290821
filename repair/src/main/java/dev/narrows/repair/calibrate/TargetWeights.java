package dev.narrows.repair.calibrate;

import dev.narrows.repair.channel.InputMoments;

/**
 * Weights for the repaired network's inputs x̂ that make the sums of the original's x:
 *
 * <pre>w* = w + w·(Cov(x, x̂) − Cov(x̂))·(Cov(x̂) + λI)⁻¹</pre>
 *
 * <p>which at λ = 0 is the least-squares w·Cov(x, x̂)·Cov(x̂)⁻¹; λ pulls it to w. (GPTAQ and Qronos
 * have second moments for covariances; here the bias takes the means.)
 */
public final class TargetWeights {
  private final TermMoments moments;
  private final SymmetricSolver solver;

  /**
   * Factors the covariance.
   *
   * @param damping λ over the mean variance
   */
  public TargetWeights(TermMoments moments, double damping) {
    this.moments = moments;
    InputMoments inputs = moments.inputs();
    double trace = 0;
    for (int k = 0; k < inputs.terms(); k++) {
      trace += inputs.covariance()[k * inputs.terms() + k];
    }
    double added = damping * trace / Math.max(1, inputs.terms());
    this.solver = new SymmetricSolver(inputs.covariance(), inputs.terms(), added > 0 ? added : 1);
  }

  /** w* of w. */
  public double[] of(double[] weights) {
    int terms = weights.length;
    double[] gap = new double[terms];
    double[] cross = moments.cross();
    double[] own = moments.inputs().covariance();
    for (int i = 0; i < terms; i++) {
      double w = weights[i];
      if (w != 0) {
        for (int k = 0; k < terms; k++) {
          gap[k] += w * (cross[i * terms + k] - own[i * terms + k]);
        }
      }
    }
    double[] solved = solver.solve(gap);
    for (int k = 0; k < terms; k++) {
      solved[k] += weights[k];
    }
    return solved;
  }
}
