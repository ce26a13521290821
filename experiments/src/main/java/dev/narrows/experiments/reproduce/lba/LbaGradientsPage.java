package dev.narrows.experiments.reproduce.lba;

import static dev.narrows.experiments.reproduce.lba.GradientsPlan.SINGLE;
import static dev.narrows.experiments.reproduce.lba.GradientsPlan.STAGES;
import static dev.narrows.report.PlainText.text;

import dev.narrows.experiments.reproduce.figure.Prose;
import dev.narrows.experiments.reproduce.figure.Spread;
import dev.narrows.experiments.reproduce.lba.LbaRuns.RegisterTrial;
import dev.narrows.report.ReproductionResult.Grid;
import dev.narrows.report.ReproductionResult.PaperClaim;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Claims and tables of {@link LbaGradients}. */
final class LbaGradientsPage {
  private static final Prose PROSE = Prose.of(LbaGradientsPage.class, "lba-gradients");
  private static final String SOURCE = "LBA (arXiv 2401.14110), abstract, read in the paper";

  private LbaGradientsPage() {}

  static String about(List<GradientsPlan> plans) {
    return PROSE.text("about", "images", plans.getFirst().bed().images().orElseThrow());
  }

  static Grid grid(GradientTrials trials) {
    List<RegisterTrial> identity = trials.of(SINGLE);
    List<List<Object>> rows = new ArrayList<>();
    trials
        .byWay()
        .forEach((way, same) ->
            rows.add(
                List.of(
                    way,
                    same.stream()
                        .map(RegisterTrial::register)
                        .distinct()
                        .collect(Collectors.joining(", ")),
                    Spread.of(same, RegisterTrial::accuracy).text(),
                    gains(same, identity),
                    Spread.of(same, RegisterTrial::validation).text(),
                    Spread.of(same, RegisterTrial::exact).text())));
    return new Grid(
        text(
            "%s on %s at %s, float %s %%",
            trials.bed().model(),
            trials.bed().set(),
            trials.shape(),
            Spread.of(identity, RegisterTrial::before).text()),
        List.of(
            "gradient",
            "register, by seed",
            "in it, %",
            "against the identity, by seed",
            "validation images, %",
            "exact, %"),
        rows);
  }

  private static String gains(List<RegisterTrial> trials, List<RegisterTrial> identity) {
    List<String> gains = new ArrayList<>();
    for (int i = 0; i < trials.size(); i++) {
      gains.add(text("%+.2f", trials.get(i).accuracy() - identity.get(i).accuracy()));
    }
    return String.join(", ", gains);
  }

  static List<PaperClaim> claims(GradientTrials trials) {
    double identity = trials.accuracy(SINGLE);
    double stages = trials.accuracy(STAGES) - identity;
    String best =
        trials.byWay().keySet().stream()
            .filter(way -> !way.startsWith("identity"))
            .max(Comparator.comparingDouble(way -> trials.validation(way)))
            .orElseThrow();
    String where = text("%s on %s at %s", trials.bed().model(), trials.bed().set(), trials.shape());
    return List.of(
        PaperClaim.ofOurs("two stages against one, " + where, text("%+.2f points", stages)),
        PaperClaim.of(
            "the fine-grained gradient that validation images choose against the identity, "
                + where,
            "8-bit accumulators on a fully connected MNIST net improve",
            SOURCE,
            text(
                "%s: %.2f %%, %+.2f points",
                best, trials.accuracy(best), trials.accuracy(best) - identity)));
  }
}
