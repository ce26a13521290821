package dev.narrows.experiments.reproduce.lba;

import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.format.FloatingFormat;
import dev.narrows.data.catalog.Split;
import dev.narrows.data.file.AtomicFile;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.PaperNetwork;
import dev.narrows.experiments.reproduce.figure.Prose;
import dev.narrows.experiments.reproduce.figure.TestBed;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.network.Network;
import dev.narrows.network.execute.Execution;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.report.ReproductionResult;
import dev.narrows.report.ReproductionResult.Surface;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * LBA, Figure 2: the loss around a trained network, in a narrow register, in the same register
 * without underflow, and with more mantissa. The plane is spanned by two random directions whose
 * filters have the norms of the network's (Li et al. 2018).
 */
public final class LbaLandscape implements Figure {
  private static final Prose PROSE = Prose.of(LbaLandscape.class, "lba-landscape");

  static final String SOURCE =
      "LBA (arXiv 2401.14110), Figure 2, ResNet50 on CIFAR-10, read in the paper";
  private static final int MORE_MANTISSA = 16;
  private static final long SEED = 1;

  @Override
  public String name() {
    return "lba-landscape";
  }

  @Override
  public String family() {
    return "lba";
  }

  @Override
  public String title() {
    return "LBA, Figure 2: the loss around a network in narrow registers";
  }

  @Override
  public List<PaperNetwork> otherNetworks() {
    return PaperNetwork.OF_CLASSES;
  }

  @Override
  public ReproductionResult make(Workshop workshop) throws IOException {
    LandscapePlan plan = LandscapePlan.of(workshop.scale(), workshop.bed(TestBed.resnet20()));
    ModelFile model = new LbaRuns(workshop, plan.bed()).floatNetwork(SEED);
    LbaFormats formats = LbaFormats.ofImages(workshop, plan.bed().set());
    Map<String, Summation> registers = registers(formats.best(model, plan.shape()));
    List<Surface> surfaces = new ArrayList<>();
    for (Map.Entry<String, Summation> entry : registers.entrySet()) {
      surfaces.add(surface(workshop, plan, model, entry.getKey(), entry.getValue()));
    }
    Surface complete = surfaces.get(0);
    return new ReproductionResult(
        name(),
        workshop.scale().word(),
        title(),
        PROSE.text(
            "about",
            "model",
            plan.bed().title(),
            "set",
            plan.bed().set(),
            "register",
            registers.values().iterator().next(),
            "images",
            plan.images(),
            "side",
            plan.side()),
        List.of(
            LbaLandscapePage.claim(
                "without underflow",
                LbaLandscapePage.distance(complete, surfaces.get(1)),
                "look alike"),
            LbaLandscapePage.claim(
                "with " + MORE_MANTISSA + " more mantissa bits",
                LbaLandscapePage.distance(complete, surfaces.get(2)),
                "visibly differs")),
        List.of(LbaLandscapePage.grid(surfaces)),
        List.of(),
        surfaces,
        workshop.scale().notes(),
        List.of(model.id()));
  }

  private static Map<String, Summation> registers(String best) {
    Summation complete = Summation.parse(best);
    FloatingAccumulator narrow = (FloatingAccumulator) complete.accumulator();
    FloatingAccumulator wide =
        new FloatingAccumulator(
            wider(narrow.product()), wider(narrow.sum()), true, narrow.rounding());
    Map<String, Summation> registers = new LinkedHashMap<>();
    registers.put("complete", complete);
    registers.put("without-underflow", complete.with(narrow.withoutUnderflow()));
    registers.put("more-mantissa", complete.with(wide));
    return registers;
  }

  private static FloatingFormat wider(FloatingFormat format) {
    return new FloatingFormat(
        format.mantissaBits() + MORE_MANTISSA, format.exponentBits(), format.bias());
  }

  /** Row by row, each kept once it is finished. */
  static Surface surface(
      Workshop workshop, LandscapePlan plan, ModelFile model, String word, Summation register)
      throws IOException {
    NetworkInputs inputs =
        workshop.inputs(model, plan.bed().set(), Split.VALIDATION, OptionalInt.of(plan.images()));
    Path file =
        workshop
            .folder()
            .resolve("landscapes")
            .resolve(
                "%s-%s-%d-%d.csv"
                    .formatted(
                        model.id().sha256().substring(0, 16),
                        register.toString().replaceAll("[^a-z0-9]+", "-"),
                        plan.side(),
                        inputs.images()));
    Files.createDirectories(file.resolveSibling(""));
    List<List<Double>> rows = new ArrayList<>(stored(file));
    Surroundings around = Surroundings.of(model.network(), SEED);
    while (rows.size() < plan.side()) {
      double y = plan.places().get(rows.size());
      List<Double> row = new ArrayList<>();
      for (double x : plan.places()) {
        row.add(loss(around.at(x, y), register, inputs, workshop.threads()));
      }
      rows.add(row);
      AtomicFile.write(file, rows.stream().map(LbaLandscape::line).collect(Collectors.joining()));
      workshop.evaluation().progress("loss in " + register, rows.size(), plan.side());
    }
    return new Surface(
        word,
        "Loss in " + register,
        "first direction",
        "second direction",
        "loss",
        plan.places(),
        plan.places(),
        rows);
  }

  private static String line(List<Double> row) {
    return row.stream().map(String::valueOf).collect(Collectors.joining(",")) + "\n";
  }

  private static List<List<Double>> stored(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return List.of();
    }
    return Files.readAllLines(file).stream()
        .map(line -> Arrays.stream(line.split(",")).map(Double::valueOf).toList())
        .toList();
  }

  private static double loss(
      Network network, Summation register, NetworkInputs inputs, int threads) {
    int[] labels = inputs.labels().orElseThrow();
    try (Executor executor = Executor.of(network, LayerRegisters.of(register), threads)) {
      Execution execution = executor.run(inputs.source(), RunOptions.none());
      float[] scores = execution.numbers();
      int classes = scores.length / labels.length;
      double sum = 0;
      for (int image = 0; image < labels.length; image++) {
        sum += crossEntropy(scores, image * classes, classes, labels[image]);
      }
      return sum / labels.length;
    }
  }

  private static double crossEntropy(float[] scores, int from, int classes, int label) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < classes; c++) {
      largest = Math.max(largest, scores[from + c]);
    }
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += StrictMath.exp(scores[from + c] - largest);
    }
    return StrictMath.log(sum) + largest - scores[from + label];
  }
}
