package dev.narrows.experiments.reproduce;

import dev.narrows.experiments.reproduce.A2qTrials.Method;
import dev.narrows.experiments.reproduce.A2qTrials.Trial;
import dev.narrows.report.ReproductionResult;
import dev.narrows.report.ReproductionResult.Chart;
import dev.narrows.report.ReproductionResult.Claim;
import dev.narrows.report.ReproductionResult.Grid;
import dev.narrows.report.ReproductionResult.Series;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A2Q+: starting from the Euclidean projection onto the ℓ1 ball against starting from the weights.
 */
final class A2qPlusInit implements Figure {
  private static final String SOURCE =
      "A2Q+ (arXiv 2401.10432), ImageNet, W4A4, P = 16 / 14 / 12, read in the paper";
  private static final List<String> INITS = List.of("ep", "plain");

  @Override
  public String name() {
    return "a2qplus-init";
  }

  @Override
  public String title() {
    return "A2Q+: what EP-init is worth";
  }

  @Override
  public ReproductionResult make(Workshop workshop) throws IOException {
    boolean smoke = workshop.scale() == Scale.SMOKE;
    TestBed bed = TestBed.of(workshop.scale(), TestBed.resnet20());
    List<Integer> widths = smoke ? List.of(11, 10) : List.of(12, 10);
    A2qTrials study = new A2qTrials(workshop, bed, smoke ? 1 : 3);
    for (int bits : widths) {
      for (String init : INITS) {
        study.constrained(Method.A2Q_PLUS, 4, 4, bits, init, 1);
        study.constrained(Method.A2Q, 4, 4, bits, init, 1);
      }
    }
    List<Trial> trials = study.all();
    List<String> notes = workshop.scale().notes();
    notes.add(
        "A channel outside its limit is scaled back as a whole under the plain start; the projection"
            + " keeps its large weights and drops the small ones.");
    return new ReproductionResult(
        name(),
        workshop.scale().word(),
        title(),
        String.format(
            Locale.ROOT,
            "%s on %s, W4A4, float %s %%, %d epochs; one seed. Accuracy of the certified integer"
                + " network on the test images, which chose nothing.",
            bed.model(),
            bed.set(),
            study.floats().text(),
            study.epochs()),
        claims(widths, trials),
        List.of(grid(widths, trials)),
        List.of(chart(widths, trials)),
        notes,
        study.networks());
  }

  private static Spread at(List<Trial> trials, Method method, int bits, String init) {
    return Spread.of(
        trials.stream()
            .filter(t -> t.method() == method && t.bits() == bits && t.init().equals(init))
            .toList(),
        Trial::accuracy);
  }

  private static List<Claim> claims(List<Integer> widths, List<Trial> trials) {
    List<Claim> claims = new ArrayList<>();
    for (Method method : List.of(Method.A2Q, Method.A2Q_PLUS)) {
      List<String> ours = new ArrayList<>();
      for (int bits : widths) {
        double gain =
            at(trials, method, bits, "ep").mean() - at(trials, method, bits, "plain").mean();
        ours.add(String.format(Locale.ROOT, "P = %d: %+.2f", bits, gain));
      }
      String what = method + ", EP-init against plain";
      String text = String.join("; ", ours);
      claims.add(
          method == Method.A2Q
              ? Claim.of(
                  what, "ResNet18 +0.1 / +2.2 / +7.2; ResNet50 0.0 / +0.7 / +11.7", SOURCE, text)
              : Claim.ofOurs(what, text));
    }
    return claims;
  }

  private static Grid grid(List<Integer> widths, List<Trial> trials) {
    List<List<Object>> rows = new ArrayList<>();
    for (int bits : widths) {
      for (Method method : List.of(Method.A2Q, Method.A2Q_PLUS)) {
        rows.add(
            List.of(
                bits,
                method.toString(),
                at(trials, method, bits, "ep").text(),
                at(trials, method, bits, "plain").text()));
      }
    }
    return new Grid("Accuracy in percent", List.of("P", "method", "EP-init", "plain init"), rows);
  }

  private static Chart chart(List<Integer> widths, List<Trial> trials) {
    List<Series> series = new ArrayList<>();
    for (Method method : List.of(Method.A2Q, Method.A2Q_PLUS)) {
      for (String init : INITS) {
        series.add(
            new Series(
                method + (init.equals("ep") ? ", EP-init" : ", plain init"),
                false,
                widths.stream()
                    .sorted()
                    .map(bits -> at(trials, method, bits, init).at(bits))
                    .toList()));
      }
    }
    return new Chart(
        "accuracy",
        "Accuracy against guaranteed width",
        "guaranteed register width P, bits",
        "accuracy, %",
        series);
  }
}
