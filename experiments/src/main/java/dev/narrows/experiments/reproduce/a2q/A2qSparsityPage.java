package dev.narrows.experiments.reproduce.a2q;

import dev.narrows.experiments.reproduce.a2q.A2qTrials.LimitMethod;
import dev.narrows.experiments.reproduce.a2q.A2qTrials.LimitedNetwork;
import dev.narrows.report.ReproductionResult.Chart;
import dev.narrows.report.ReproductionResult.PaperClaim;
import dev.narrows.report.ReproductionResult.Point;
import dev.narrows.report.ReproductionResult.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** How sparse the networks of {@link A2qPareto} are. */
final class A2qSparsityPage {
  private static final String A2Q_ABSTRACT = "A2Q (arXiv 2308.13504), abstract, read in the paper";

  private A2qSparsityPage() {}

  static List<PaperClaim> claims(List<LimitedNetwork> trials) {
    List<PaperClaim> claims = new ArrayList<>();
    String ours =
        A2qParetoPage.find(trials, LimitMethod.A2Q, 8, 16)
            .map(trial ->
                String.format(
                    Locale.ROOT,
                    "%.1f %% sparse, %s, %.1f %% of float (K a tenth of the paper's)",
                    100 * trial.figures().sparsity(),
                    trial
                        .figures()
                        .compression()
                        .map(A2qParetoPage::times)
                        .orElse("all weights equal"),
                    trial.relative()))
            .orElse("not trained at this scale");
    claims.add(
        PaperClaim.of(
            "A2Q, W8A8 at P = 16",
            "98.2 % sparse, 46.5× compression, 99.2 % of float accuracy",
            A2Q_ABSTRACT,
            ours));
    return claims;
  }

  static List<Chart> charts(A2qParetoPlan plan, List<LimitedNetwork> trials) {
    return List.of(
        perOperand(
            plan,
            trials,
            "sparsity",
            "Sparsity against width",
            "zeros, % of the weights",
            t -> 100 * t.figures().sparsity()),
        perOperand(
            plan,
            trials,
            "compression",
            "Compression against width",
            "W / entropy",
            t -> t.figures().compression().orElse(0.0)));
  }

  private static Chart perOperand(
      A2qParetoPlan plan,
      List<LimitedNetwork> trials,
      String id,
      String title,
      String y,
      ToDoubleFunction<LimitedNetwork> figure) {
    List<Series> series = new ArrayList<>();
    for (LimitMethod method :
        List.of(LimitMethod.A2Q, LimitMethod.A2Q_PLUS, LimitMethod.SIGN_SUM)) {
      for (int operand : plan.operands()) {
        series.add(
            new Series(
                "%s, W%dA%d".formatted(method, operand, operand),
                false,
                trials.stream()
                    .filter(t -> t.method() == method && t.weights() == operand)
                    .map(t -> Point.of(t.bits(), figure.applyAsDouble(t)))
                    .toList()));
      }
    }
    return new Chart(id, title, "guaranteed register width P, bits", y, series);
  }
}
