package dev.narrows.experiments.reproduce.a2q;

import static dev.narrows.experiments.reproduce.a2q.A2qPlusInit.METHODS;
import static dev.narrows.experiments.reproduce.a2q.A2qTrials.NARROWED;
import static dev.narrows.report.PlainText.text;

import dev.narrows.experiments.reproduce.a2q.A2qTrials.LimitMethod;
import dev.narrows.experiments.reproduce.a2q.A2qTrials.LimitedNetwork;
import dev.narrows.experiments.reproduce.figure.Prose;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.Spread;
import dev.narrows.report.ReproductionResult.Chart;
import dev.narrows.report.ReproductionResult.Grid;
import dev.narrows.report.ReproductionResult.PaperClaim;
import dev.narrows.report.ReproductionResult.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;

/** Claims, table and chart of {@link A2qPlusInit}. */
final class A2qPlusInitPage {
  private static final Prose PROSE = Prose.of(A2qPlusInitPage.class, "a2qplus-init");

  private static final String SOURCE =
      "A2Q+ (arXiv 2401.10432), ImageNet, W4A4, P = 16 / 14 / 12, read in the paper";
  private static final List<String> INITS = List.of("ep", "plain", NARROWED);

  private A2qPlusInitPage() {}

  static String about(A2qPlusInitPlan plan, Spread floats) {
    return PROSE.text(
        "about",
        "model",
        plan.bed().model(),
        "set",
        plan.bed().set(),
        "floats",
        floats.text(),
        "epochs",
        plan.epochs(),
        "seeds",
        PROSE.text(plan.again().isEmpty() ? "one seed" : "two seeds"));
  }

  private static boolean trained(
      List<LimitedNetwork> trials, LimitMethod method, int bits, String init) {
    return trials.stream()
        .anyMatch(t -> t.method() == method && t.bits() == bits && t.init().equals(init));
  }

  private static Spread at(List<LimitedNetwork> trials, LimitMethod method, int bits, String init) {
    return Spread.of(
        trials.stream()
            .filter(t -> t.method() == method && t.bits() == bits && t.init().equals(init))
            .toList(),
        LimitedNetwork::accuracy);
  }

  private static double rangeUsed(List<LimitedNetwork> trials, LimitMethod method, int bits) {
    return trials.stream()
        .filter(t -> t.method() == method && t.bits() == bits && t.init().equals("ep"))
        .mapToDouble(LimitedNetwork::rangeUsed)
        .average()
        .orElse(0);
  }

  private static String label(String init) {
    return switch (init) {
      case "ep" -> "EP-init";
      case "plain" -> "plain init";
      default -> init;
    };
  }

  private static String gains(List<Integer> widths, IntToDoubleFunction gain) {
    return widths.stream()
        .map(bits -> text("P = %d: %+.2f", bits, gain.applyAsDouble(bits)))
        .collect(Collectors.joining("; "));
  }

  static List<PaperClaim> claims(A2qPlusInitPlan plan, List<LimitedNetwork> trials) {
    List<PaperClaim> claims = new ArrayList<>();
    for (LimitMethod method : METHODS) {
      String what = method + ", EP-init against plain";
      String ours =
          gains(
              plan.plain(),
              bits ->
                  at(trials, method, bits, "ep").mean() - at(trials, method, bits, "plain").mean());
      claims.add(
          method == LimitMethod.A2Q
              ? PaperClaim.of(
                  what, "ResNet18 +0.1 / +2.2 / +7.2; ResNet50 0.0 / +0.7 / +11.7", SOURCE, ours)
              : PaperClaim.ofOurs(what, ours));
    }
    claims.add(
        PaperClaim.of(
            "A2Q+ against A2Q, both with EP-init",
            "ResNet18 +0.5 / +4.6 / +13.7; ResNet50 0.0 / +1.2 / +5.3",
            SOURCE,
            gains(
                plan.widths(),
                bits ->
                    at(trials, LimitMethod.A2Q_PLUS, bits, "ep").mean()
                        - at(trials, LimitMethod.A2Q, bits, "ep").mean())));
    return claims;
  }

  static Grid grid(A2qPlusInitPlan plan, List<LimitedNetwork> trials) {
    List<String> columns = new ArrayList<>(List.of("P", "method"));
    INITS.forEach(init -> columns.add(label(init)));
    columns.add("register used, EP-init");
    List<List<Object>> rows = new ArrayList<>();
    for (int bits : plan.widths()) {
      for (LimitMethod method : METHODS) {
        List<Object> row = new ArrayList<>(List.of(bits, method.toString()));
        for (String init : INITS) {
          boolean there = trained(trials, method, bits, init);
          row.add(there ? at(trials, method, bits, init).text() : "");
        }
        row.add(text("%.0f %%", 100 * rangeUsed(trials, method, bits)));
        rows.add(row);
      }
    }
    return new Grid("Accuracy in percent", columns, rows);
  }

  static Chart chart(A2qPlusInitPlan plan, List<LimitedNetwork> trials) {
    List<Series> series = new ArrayList<>();
    for (LimitMethod method : METHODS) {
      for (String init : INITS) {
        if (trials.stream().noneMatch(t -> t.method() == method && t.init().equals(init))) {
          continue;
        }
        series.add(
            new Series(
                method + ", " + label(init),
                false,
                plan.widths().stream()
                    .filter(bits -> trained(trials, method, bits, init))
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

  static List<String> notes(Scale scale) {
    List<String> notes = scale.notes();
    notes.add(PROSE.text("plain"));
    notes.add(A2qParetoPage.RANGE_USED);
    notes.add(PROSE.text("narrowed"));
    return notes;
  }
}
