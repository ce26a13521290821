package dev.narrows.experiments.reproduce.llm;

import dev.narrows.core.dot.Summation;
import dev.narrows.data.DataException;
import dev.narrows.data.catalog.DataCatalog;
import dev.narrows.data.catalog.KnownSets;
import dev.narrows.data.catalog.Split;
import dev.narrows.experiments.evaluate.TextLosses;
import dev.narrows.experiments.language.LayerCheckpoints;
import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.Prose;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.experiments.reproduce.llm.IntegerPlan.Variant;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.files.NetworkFiles;
import dev.narrows.network.format.NarrowsReader;
import dev.narrows.network.format.NarrowsWriter;
import dev.narrows.network.llama.GgufLlama;
import dev.narrows.network.llama.IntegerMatrix;
import dev.narrows.network.llama.IntegerSumsNetwork;
import dev.narrows.network.llama.LanguageLoss;
import dev.narrows.network.llama.LlamaCheckpoint;
import dev.narrows.network.llama.LlamaModel;
import dev.narrows.network.llama.QuantizedLlama;
import dev.narrows.network.llama.Tokenizer;
import dev.narrows.network.safetensors.SafetensorsFile;
import dev.narrows.network.safetensors.SafetensorsWriter;
import dev.narrows.network.text.TextTokenizer;
import dev.narrows.repair.language.LlamaIntegers;
import dev.narrows.repair.language.OutlierHandling;
import dev.narrows.report.Interval;
import dev.narrows.report.LanguageResult.Perplexity;
import dev.narrows.report.NetworkFile;
import dev.narrows.report.ReproductionResult;
import dev.narrows.report.ReproductionResult.Grid;
import dev.narrows.report.ReproductionResult.PaperClaim;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A language model in integers: what 8-bit and 4-bit weights cost, and what it costs besides that
 * no input can bring a 16-bit register of 16, 32 or 128 products out of its range.
 */
public final class LlmIntegers implements Figure {
  private static final Prose PROSE = Prose.of(LlmIntegers.class, "llm-integers");
  private static final String WIDE = "wide";

  /** Needs a language model and a text. */
  public LlmIntegers() {}

  @Override
  public String name() {
    return "llm-integers";
  }

  @Override
  public String title() {
    return "Language models in integers, with narrow sums that no input can overflow";
  }

  @Override
  public ReproductionResult make(Workshop workshop) throws IOException {
    IntegerPlan plan = IntegerPlan.of(workshop.scale());
    Path file = found(workshop, plan.model());
    LlamaModel model =
        plan.tokenizer().isPresent() ? LlamaCheckpoint.read(file) : GgufLlama.open(file);
    TextTokenizer tokenizer =
        model instanceof GgufLlama gguf
            ? gguf.tokenizer()
            : Tokenizer.read(
                found(workshop, plan.tokenizer().orElseThrow()), model.shape().vocabulary());
    int[] ids = tokenizer.encode(text(workshop, plan.text(), plan.calibration()), plan.calibrate());
    int predicted = plan.measure() + (model.begin().isPresent() ? 0 : 1);
    int[] tokens = tokenizer.encode(text(workshop, plan.text(), Split.TEST), predicted);
    if (ids.length < plan.calibrate() || tokens.length < predicted) {
      throw new DataException(plan.text() + " is too short");
    }
    Path folder = Files.createDirectories(workshop.folder().resolve("integers"));
    Map<String, double[]> nats = new LinkedHashMap<>();
    nats.put(WIDE, nats(workshop, plan, model, WIDE, Summation.exact(), tokens, folder));
    List<NetworkFile> networks = new ArrayList<>();
    networks.add(new NetworkFile(plan.model(), NetworkFiles.sha256(file)));
    List<List<Object>> rows = new ArrayList<>();
    rows.add(row("real", "as in the file", "exact", nats.get(WIDE), nats.get(WIDE), WIDE));
    List<PaperClaim> claims = new ArrayList<>();
    for (Variant variant : plan.variants()) {
      integers(workshop, plan, model, ids, folder, variant.outliers());
      Path network = network(folder, variant);
      QuantizedLlama integers =
          new QuantizedLlama(
              model,
              IntegerSumsNetwork.matrices(
                  network, new NarrowsReader().read(network), model.shape()));
      double[] own =
          nats(
              workshop,
              plan,
              integers,
              variant.name(),
              Summation.parse(variant.register()),
              tokens,
              folder);
      nats.put(variant.name(), own);
      networks.add(
          new NetworkFile(
              workshop.folder().relativize(network).toString(), NetworkFiles.sha256(network)));
      String against = variant.against().orElse(WIDE);
      double[] others = Objects.requireNonNull(nats.get(against));
      String weights = variant.weights();
      rows.add(row(weights, variant.words(), variant.register(), own, others, against));
      claims.add(
          PaperClaim.ofOurs(
              "%s, %s, %s, against %s"
                  .formatted(weights, variant.words(), variant.register(), against),
              "%+.2f %% (%.2f)".formatted(losses(own).above(losses(others)), perplexity(own))));
    }
    return new ReproductionResult(
        name(),
        workshop.scale().word(),
        title(),
        PROSE.text(
            "about",
            "model",
            file.getFileName(),
            "text",
            plan.text(),
            "measure",
            plan.measure(),
            "calibrate",
            plan.calibrate(),
            "context",
            plan.context()),
        claims,
        List.of(
            new Grid(
                "Perplexity of %d predictions".formatted(plan.measure()),
                List.of(
                    "weights",
                    "integers by",
                    "register",
                    "perplexity",
                    "95 %",
                    "against",
                    "above, %",
                    "above, 95 %"),
                rows)),
        List.of(),
        List.of(PROSE.text("safe"), PROSE.text("intervals")),
        networks);
  }

  private static Path found(Workshop workshop, String path) {
    return workshop
        .roots()
        .find(path)
        .orElseThrow(
            () -> new DataException("%s not found in %s".formatted(path, workshop.roots())));
  }

  private static String text(Workshop workshop, String set, Split split) throws IOException {
    return new DataCatalog(workshop.roots()).text(KnownSets.named(set).orElseThrow(), split);
  }

  private static Path network(Path folder, Variant variant) {
    return folder.resolve(variant.name() + ".narrows");
  }

  /** Makes the integers of variants that share moments, as far as they are missing. */
  private static void integers(
      Workshop workshop,
      IntegerPlan plan,
      LlamaModel model,
      int[] ids,
      Path folder,
      OutlierHandling outliers)
      throws IOException {
    List<Variant> missing =
        plan.variants().stream()
            .filter(one -> one.outliers().equals(outliers))
            .filter(one -> !Files.isRegularFile(network(folder, one)))
            .toList();
    if (missing.isEmpty()) {
      return;
    }
    LlamaIntegers work =
        new LlamaIntegers(
            model,
            missing.stream().map(Variant::goal).toList(),
            new LlamaIntegers.CalibrationTokens(ids, ids.length / plan.context(), outliers, false),
            workshop.threads());
    LayerCheckpoints kept =
        new LayerCheckpoints(
            folder.resolve("checkpoint"),
            missing.stream().map(Variant::name).toList(),
            model.shape(),
            work.steps(),
            done -> workshop.evaluation().progress("quantizing", done, work.steps()));
    List<Map<String, IntegerMatrix>> made;
    try {
      made = work.make(kept);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (int i = 0; i < missing.size(); i++) {
      NarrowsWriter.write(
          IntegerSumsNetwork.of(
              model.shape(), made.get(i), Map.of("quantization", missing.get(i).name())),
          network(folder, missing.get(i)));
    }
    kept.delete();
  }

  /** The losses of a model, measured or read. */
  private static double[] nats(
      Workshop workshop,
      IntegerPlan plan,
      LlamaModel model,
      String name,
      Summation register,
      int[] tokens,
      Path folder)
      throws IOException {
    Path file = folder.resolve("%s-%d.safetensors".formatted(name, plan.measure()));
    if (Files.isRegularFile(file)) {
      try (SafetensorsFile stored = SafetensorsFile.open(file)) {
        return stored.doubles("nats");
      }
    }
    LanguageLoss loss =
        LanguageLoss.of(
            model,
            plan.context(),
            tokens,
            LayerRegisters.of(register),
            false,
            workshop.threads(),
            done -> workshop.evaluation().progress(name, done, plan.measure()));
    new SafetensorsWriter().doubles("nats", loss.nats(), loss.nats().length).write(file);
    return loss.nats();
  }

  private static TextLosses losses(double[] nats) {
    return new TextLosses(nats, "");
  }

  private static double perplexity(double[] nats) {
    return losses(nats).perplexity();
  }

  private static List<Object> row(
      String weights, String how, String register, double[] own, double[] others, String against) {
    Perplexity one = losses(own).beside(losses(others));
    return List.of(
        weights,
        how,
        register,
        one.value(),
        one.interval().map(LlmIntegers::shown).orElse(""),
        against,
        "%+.2f".formatted(one.above()),
        one.aboveInterval().map(LlmIntegers::shown).orElse(""));
  }

  private static String shown(Interval interval) {
    return String.format(Locale.ROOT, "%.2f..%.2f", interval.low(), interval.high());
  }
}
