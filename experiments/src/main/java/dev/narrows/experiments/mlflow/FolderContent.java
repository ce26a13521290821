package dev.narrows.experiments.mlflow;

import dev.narrows.experiments.input.YamlFile;
import dev.narrows.report.CertificateResult;
import dev.narrows.report.EvaluationResult;
import dev.narrows.report.QualityMeasure;
import dev.narrows.report.ResultJson;
import dev.narrows.report.SweepAccuracy;
import dev.narrows.report.SweepResult;
import dev.narrows.report.SweepTrial;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the folder of a run or of a sweep tells a server, read from its files.
 *
 * @param folder holds {@code recipe.yaml} or {@code sweep.yaml}
 */
record FolderContent(Path folder) {
  private static final String RECIPE = "recipe.yaml";
  private static final String SWEEP = "sweep.yaml";

  /** What a person may want to have at hand; checkpoints and logs are not among it. */
  private static final List<String> FILES =
      List.of(
          RECIPE,
          "metrics.csv",
          "results.json",
          "analysis.json",
          "certificate.json",
          "trial.json",
          "network.narrows",
          SWEEP,
          "trials.csv",
          "sweep.json",
          "environment.json",
          "report.html");

  /** Whether there is something to tell yet. */
  boolean exists() {
    return isSweep() || Files.isRegularFile(folder.resolve(RECIPE));
  }

  boolean isSweep() {
    return Files.isRegularFile(folder.resolve(SWEEP));
  }

  String name() {
    return folder.toAbsolutePath().normalize().getFileName().toString();
  }

  /** Hash of what the folder was asked to do. */
  String source() throws IOException {
    return hash(List.of(folder.resolve(isSweep() ? SWEEP : RECIPE)));
  }

  /** Hash of everything that is told. */
  String state() throws IOException {
    return hash(files());
  }

  private static String hash(List<Path> files) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Path file : files) {
        digest.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
        digest.update(Files.readAllBytes(file));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  /** Files that are worth keeping with the run, those that exist. */
  List<Path> files() {
    return FILES.stream().map(folder::resolve).filter(Files::isRegularFile).toList();
  }

  /** The recipe's keys; of a sweep what its base and grid ask for. */
  Map<String, String> parameters() throws IOException {
    Path file = folder.resolve(isSweep() ? SWEEP : RECIPE);
    Map<String, String> parameters = new LinkedHashMap<>();
    YamlFile.parse(file.toString(), Files.readString(file))
        .flatten()
        .forEach((key, value) -> parameters.put(MlflowNames.name(key), MlflowNames.value(value)));
    return parameters;
  }

  /**
   * Where it lies and where it ran; {@code mlflow.…} are names that the server's own pages show.
   */
  Map<String, String> tags() throws IOException {
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put("mlflow.user", System.getProperty("user.name", "unknown"));
    tags.put("mlflow.source.name", "narrows");
    tags.put("mlflow.source.type", "LOCAL");
    tags.put("narrows.kind", isSweep() ? "sweep" : trial().isPresent() ? "trial" : "run");
    tags.put("narrows.folder", folder.toAbsolutePath().normalize().toString());
    Path environment = folder.resolve("environment.json");
    if (Files.isRegularFile(environment)) {
      Map<String, Object> known =
          ResultJson.readMap(environment.toString(), Files.readString(environment));
      Object commit = known.get("commit");
      if (commit != null) {
        tags.put("mlflow.source.git.commit", commit.toString());
      }
      for (String key : List.of("jdk", "os", "cpu", "command", "libraries")) {
        Object value = known.get(key);
        if (value != null) {
          tags.put("narrows." + key, MlflowNames.value(plain(value)));
        }
      }
    }
    trial()
        .ifPresent(row -> {
          tags.put("narrows.trial", row.configuration());
          tags.put("narrows.status", row.status());
          row.error().ifPresent(error -> tags.put("narrows.error", MlflowNames.value(error)));
        });
    return tags;
  }

  private static String plain(Object value) {
    return value instanceof List<?> words
        ? String.join(" ", words.stream().map(String::valueOf).toList())
        : String.valueOf(value);
  }

  private Optional<SweepTrial> trial() throws IOException {
    Path file = folder.resolve("trial.json");
    return Files.isRegularFile(file)
        ? Optional.of(ResultJson.readTrial(file.toString(), Files.readString(file)))
        : Optional.empty();
  }

  /**
   * Rows of {@code metrics.csv}, a finished epoch each: its columns of numbers, empty ones left
   * out.
   */
  List<Map<String, Double>> epochs() throws IOException {
    Path file = folder.resolve("metrics.csv");
    if (!Files.isRegularFile(file)) {
      return List.of();
    }
    List<String> lines = Files.readAllLines(file);
    String[] header = lines.getFirst().split(",", -1);
    return lines.stream().skip(1).map(line -> row(header, line.split(",", -1))).toList();
  }

  private static Map<String, Double> row(String[] header, String[] cells) {
    Map<String, Double> row = new LinkedHashMap<>();
    for (int i = 0; i < Math.min(header.length, cells.length); i++) {
      if (!header[i].equals("phase") && !cells[i].isEmpty()) {
        double value = Double.parseDouble(cells[i]);
        if (Double.isFinite(value)) { // a loss without end is not a number to a server
          row.put(header[i].equals("epoch") ? "phaseEpoch" : header[i], value);
        }
      }
    }
    return row;
  }

  /** The figures of the end, as far as they are known. */
  Map<String, Double> figures() throws IOException {
    Map<String, Double> figures = new LinkedHashMap<>();
    if (isSweep()) {
      sweep(figures);
      return figures;
    }
    Path results = folder.resolve("results.json");
    if (Files.isRegularFile(results)) {
      evaluation(ResultJson.readEvaluation(results.toString(), Files.readString(results)), figures);
    }
    Path certificate = folder.resolve("certificate.json");
    if (Files.isRegularFile(certificate)
        && ResultJson.read(certificate.toString(), Files.readString(certificate))
            instanceof CertificateResult held) {
      held.layers().stream()
          .mapToInt(CertificateResult.CertifiedLayer::bits)
          .max()
          .ifPresent(bits -> figures.put("certifiedBits", (double) bits));
    }
    trial().flatMap(SweepTrial::figures).ifPresent(found -> trial(found, figures));
    return figures;
  }

  private static void evaluation(EvaluationResult result, Map<String, Double> figures) {
    String measure = result.measure().orElse(QualityMeasure.ACCURACY).word();
    result.floatAccuracy().ifPresent(value -> put(figures, measure + "/float", value));
    result
        .results()
        .forEach(one -> {
          String register = MlflowNames.name(one.accumulator());
          put(figures, measure + "/" + register, one.accuracy());
          put(figures, "differing/" + register, one.differing());
        });
  }

  private static void trial(SweepTrial.TrialFigures found, Map<String, Double> figures) {
    String measure = found.measure().orElse(QualityMeasure.ACCURACY).word();
    found.floatAccuracy().ifPresent(value -> put(figures, measure + "/float", value));
    put(figures, measure + "/exact", found.exactAccuracy());
    put(figures, "validation/exact", found.exactValidation());
    for (SweepAccuracy one : found.accumulators()) {
      String register = MlflowNames.name(one.accumulator());
      put(figures, measure + "/" + register, one.accuracy());
      put(figures, "validation/" + register, one.validation());
      put(figures, "differing/" + register, one.differing());
    }
    found.certifiedBits().ifPresent(bits -> put(figures, "safeBits", bits));
    found.termBits().ifPresent(bits -> put(figures, "termBits", bits));
    put(figures, "sparsity", found.sparsity());
    found.compression().ifPresent(value -> put(figures, "compression", value));
  }

  private void sweep(Map<String, Double> figures) throws IOException {
    Path file = folder.resolve("sweep.json");
    if (Files.isRegularFile(file)
        && ResultJson.read(file.toString(), Files.readString(file)) instanceof SweepResult sweep) {
      put(figures, "trials", sweep.trials().size());
      Stream.of(SweepTrial.DONE, SweepTrial.UNCERTIFIED, SweepTrial.FAILED, SweepTrial.PENDING)
          .forEach(end ->
              put(
                  figures,
                  "trials/" + end,
                  sweep.trials().stream().filter(t -> t.status().equals(end)).count()));
      sweep
          .front()
          .forEach(point ->
              put(figures, "front/%dbits".formatted(point.bits()), point.accuracy().mean()));
    }
  }

  private static void put(Map<String, Double> figures, String key, double value) {
    if (Double.isFinite(value)) {
      figures.put(key, value);
    }
  }
}
