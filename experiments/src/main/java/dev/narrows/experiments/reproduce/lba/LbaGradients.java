package dev.narrows.experiments.reproduce.lba;

import static dev.narrows.report.PlainText.text;

import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.Prose;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.Spread;
import dev.narrows.experiments.reproduce.figure.TestBed;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.experiments.reproduce.lba.LbaRuns.RegisterTrial;
import dev.narrows.experiments.reproduce.lba.LbaRuns.Way;
import dev.narrows.report.NetworkFile;
import dev.narrows.report.ReproductionResult;
import dev.narrows.report.ReproductionResult.Grid;
import dev.narrows.report.ReproductionResult.PaperClaim;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** LBA: two stages against one, and each fine-grained gradient against the identity. */
public final class LbaGradients implements Figure {
  private static final Prose PROSE = Prose.of(LbaGradients.class, "lba-gradients");

  private static final String SOURCE = "LBA (arXiv 2401.14110), abstract, read in the paper";
  private static final String SINGLE = "identity, one stage";

  private static final double RATE = 0.01;

  /** Without batch norm ten times the rate drives a network's sums into the clamps. */
  private static final double DENSE_RATE = 0.001;

  /** Training images of an epoch at scale two-core: 44 steps. */
  private static final int IMAGES = 5_632;

  /** How networks are trained, all for as long: by what a row says. */
  private static Map<String, Way> ways(double rate) {
    Map<String, Way> ways = new LinkedHashMap<>();
    ways.put(SINGLE, new Way("float", "identity", 0, 2, rate));
    ways.put("identity, two stages", new Way("float", "identity", 1, 1, rate));
    for (String gradient :
        List.of("immediate/of", "recursive/of", "immediate/diff", "recursive/of+immediate/diff")) {
      ways.put(gradient, new Way("float", gradient, 0, 2, rate));
    }
    return ways;
  }

  /** A network, and the registers it is trained through. */
  private record Part(TestBed bed, List<LbaFormats.Shape> shapes, List<Long> seeds, double rate) {
    static List<Part> of(Scale scale) {
      LbaFormats.Shape narrow = new LbaFormats.Shape(4, 3);
      return switch (scale) {
        case SMOKE ->
            List.of(
                new Part(
                    TestBed.smallDense().tunedOn(2000), List.of(narrow), List.of(1L), DENSE_RATE));
        case TWO_CORE ->
            List.of(
                new Part(
                    TestBed.mnist().tunedOn(IMAGES),
                    List.of(narrow, new LbaFormats.Shape(3, 3)),
                    List.of(1L, 2L),
                    DENSE_RATE),
                new Part(TestBed.resnet8().tunedOn(IMAGES), List.of(narrow), List.of(1L, 2L), RATE),
                new Part(
                    TestBed.resnet8().tunedOn(IMAGES),
                    List.of(new LbaFormats.Shape(5, 3)),
                    List.of(1L),
                    RATE));
      };
    }
  }

  @Override
  public String name() {
    return "lba-gradients";
  }

  @Override
  public String family() {
    return "lba";
  }

  @Override
  public String title() {
    return "LBA: fine-grained gradients, and training in two stages";
  }

  @Override
  public ReproductionResult make(Workshop workshop) throws IOException {
    boolean smoke = workshop.scale() == Scale.SMOKE;
    List<Grid> grids = new ArrayList<>();
    List<PaperClaim> claims = new ArrayList<>();
    List<NetworkFile> networks = new ArrayList<>();
    List<Part> parts = Part.of(workshop.scale());
    for (Part part : parts) {
      LbaRuns runs = new LbaRuns(workshop, part.bed());
      LbaFormats formats =
          new LbaFormats(workshop, part.bed().set(), smoke ? 100 : 500, smoke ? 300 : 2000);
      for (LbaFormats.Shape shape : part.shapes()) {
        Map<String, List<RegisterTrial>> trials = trials(runs, formats, shape, part);
        grids.add(grid(part, shape, trials));
        claims.addAll(claims(part, shape, trials));
      }
      networks.addAll(runs.networks());
    }
    return new ReproductionResult(
        name(),
        workshop.scale().word(),
        title(),
        PROSE.text("about", "images", parts.getFirst().bed().images().orElseThrow()),
        claims,
        grids,
        List.of(),
        workshop.scale().notes(),
        networks);
  }

  private static Map<String, List<RegisterTrial>> trials(
      LbaRuns runs, LbaFormats formats, LbaFormats.Shape shape, Part part) throws IOException {
    Map<String, List<RegisterTrial>> trials = new LinkedHashMap<>();
    for (long seed : part.seeds()) {
      ModelFile real = runs.floatNetwork(seed);
      String register = formats.best(real, shape);
      for (Map.Entry<String, Way> way : ways(part.rate()).entrySet()) {
        trials
            .computeIfAbsent(way.getKey(), w -> new ArrayList<>())
            .add(runs.trial(shape, register, way.getValue(), seed));
      }
    }
    return trials;
  }

  private static Grid grid(
      Part part, LbaFormats.Shape shape, Map<String, List<RegisterTrial>> trials) {
    List<RegisterTrial> identity = trials.getOrDefault(SINGLE, List.of());
    List<List<Object>> rows = new ArrayList<>();
    trials.forEach((way, same) ->
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
            part.bed().model(),
            part.bed().set(),
            shape,
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

  private static List<PaperClaim> claims(
      Part part, LbaFormats.Shape shape, Map<String, List<RegisterTrial>> trials) {
    double identity = mean(trials, SINGLE);
    double stages = mean(trials, "identity, two stages") - identity;
    String best =
        trials.keySet().stream()
            .filter(way -> !way.startsWith("identity"))
            .max(Comparator.comparingDouble(way -> validation(trials, way)))
            .orElseThrow();
    String where = text("%s on %s at %s", part.bed().model(), part.bed().set(), shape);
    return List.of(
        PaperClaim.ofOurs("two stages against one, " + where, text("%+.2f points", stages)),
        PaperClaim.of(
            "the fine-grained gradient that validation images choose against the identity, "
                + where,
            "8-bit accumulators on a fully connected MNIST net improve",
            SOURCE,
            text(
                "%s: %.2f %%, %+.2f points",
                best, mean(trials, best), mean(trials, best) - identity)));
  }

  private static double validation(Map<String, List<RegisterTrial>> trials, String way) {
    return Spread.of(trials.getOrDefault(way, List.of()), RegisterTrial::validation).mean();
  }

  private static double mean(Map<String, List<RegisterTrial>> trials, String way) {
    return Spread.of(trials.getOrDefault(way, List.of()), RegisterTrial::accuracy).mean();
  }
}
