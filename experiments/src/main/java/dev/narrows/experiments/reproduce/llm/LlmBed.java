package dev.narrows.experiments.reproduce.llm;

import dev.narrows.core.dot.Summation;
import dev.narrows.data.DataException;
import dev.narrows.data.catalog.DataCatalog;
import dev.narrows.data.catalog.KnownSets;
import dev.narrows.data.catalog.Split;
import dev.narrows.data.file.AtomicFile;
import dev.narrows.experiments.evaluate.Compensation;
import dev.narrows.experiments.evaluate.FittedBiases;
import dev.narrows.experiments.evaluate.LanguageEvaluation;
import dev.narrows.experiments.evaluate.TextLosses;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.files.NetworkFiles;
import dev.narrows.network.llama.GgufLlama;
import dev.narrows.network.llama.LlamaCheckpoint;
import dev.narrows.network.llama.LlamaModel;
import dev.narrows.network.llama.LlamaRange;
import dev.narrows.network.llama.Sampler;
import dev.narrows.network.llama.Tokenizer;
import dev.narrows.network.text.TextTokenizer;
import dev.narrows.report.NetworkFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A language model and its texts, one to choose on and one to measure on. Losses are kept as they
 * are made, a file for each choice of registers and part of a text, and never made twice.
 *
 * @param choosing tokens that choices are made on
 * @param measuring tokens that are measured
 */
record LlmBed(
    Workshop workshop,
    LlamaModel model,
    NetworkFile id,
    TextTokenizer tokenizer,
    String title,
    int[] choosing,
    int[] measuring) {
  private static final String SMOLLM2 = "models/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf";
  private static final String STORIES = "models/stories260k/stories260K.bin";
  private static final String PIECES = "models/stories260k/tok512.bin";
  private static final int SAMPLED = 256;
  private static final long CHOOSING_SEED = 1001;
  private static final long SEED = 1;

  /**
   * stories260K on texts of its own at scale smoke, else SmolLM2 on WikiText-2.
   *
   * @param choosing predictions to choose on
   * @param measuring predictions to measure
   */
  static LlmBed of(Workshop workshop, int choosing, int measuring) throws IOException {
    return switch (workshop.scale()) {
      case SMOKE -> {
        Path file = found(workshop, STORIES, "");
        LlamaCheckpoint model = LlamaCheckpoint.read(file);
        yield new LlmBed(
            workshop,
            model,
            new NetworkFile(STORIES, NetworkFiles.sha256(file)),
            Tokenizer.read(found(workshop, PIECES, ""), model.shape().vocabulary()),
            "stories260K on texts of its own",
            sampled(workshop, model, CHOOSING_SEED, choosing),
            sampled(workshop, model, SEED, measuring));
      }
      case TWO_CORE -> {
        Path file = found(workshop, SMOLLM2, "; interop/gguf/fetch.sh FOLDER gets it");
        GgufLlama model = GgufLlama.open(file);
        TextTokenizer tokenizer = model.tokenizer();
        yield new LlmBed(
            workshop,
            model,
            new NetworkFile(SMOLLM2, NetworkFiles.sha256(file)),
            tokenizer,
            "SmolLM2-135M-Instruct (Q4_1) on WikiText-2",
            tokenizer.encode(wikitext(workshop, Split.VALIDATION), choosing + 1),
            tokenizer.encode(wikitext(workshop, Split.TEST), measuring + 1));
      }
    };
  }

  private static Path found(Workshop workshop, String path, String how) {
    return workshop
        .roots()
        .find(path)
        .orElseThrow(
            () -> new DataException("%s not found in %s%s".formatted(path, workshop.roots(), how)));
  }

  private static String wikitext(Workshop workshop, Split split) throws IOException {
    return new DataCatalog(workshop.roots()).text(KnownSets.WIKITEXT_2, split);
  }

  private static int[] sampled(Workshop workshop, LlamaModel model, long seed, int tokens) {
    int texts = Math.ceilDiv(tokens, SAMPLED);
    int[][] made = new Sampler(model, seed).sample(texts, SAMPLED, workshop.threads());
    return Arrays.stream(made).flatMapToInt(Arrays::stream).limit(tokens).toArray();
  }

  /** Tokens that a text needs beside its predictions. */
  int unpredicted() {
    return model.begin().isPresent() ? 0 : 1;
  }

  /**
   * A register with biases of each layer's own, as the text to choose on shows them; see {@link
   * FittedBiases}.
   *
   * @param context tokens of a window
   */
  LlmChoice fitted(String text, int context) {
    LayerRegisters one = LayerRegisters.of(Summation.parse(text));
    List<LlamaRange> ranges = LlamaRange.of(model, choosing, context, workshop.threads());
    return new LlmChoice(byLayer(text), FittedBiases.of(one, model.sums(), ranges));
  }

  /**
   * A register whose sums are compensated, as the text to choose on shows them; see {@link
   * Compensation}.
   */
  LlmChoice compensated(String text, int context) {
    LayerRegisters one = LayerRegisters.of(Summation.parse(text));
    return new LlmChoice(
        text + ", compensated", Compensation.of(model, one, choosing, context, workshop.threads()));
  }

  /** The same with biases of each layer's own, as they leave the smallest error. */
  LlmChoice fittedAndCompensated(String text, int context) {
    LayerRegisters one = LayerRegisters.of(Summation.parse(text));
    List<LlamaRange> ranges = LlamaRange.of(model, choosing, context, workshop.threads());
    return new LlmChoice(
        byLayer(text) + ", compensated",
        Compensation.fitted(model, one, ranges, choosing, context, workshop.threads()));
  }

  private static String byLayer(String text) {
    return text.replaceAll("\\(\\d+\\)/m\\d+e\\d+\\(\\d+\\)", "(by layer)");
  }

  /** Losses of the text to choose on. */
  TextLosses chosen(LlmChoice choice, int context) throws IOException {
    return losses("choosing", choosing, choice, context);
  }

  /**
   * Losses of a part of the text to measure on.
   *
   * @param from the first prediction, at the beginning of a window
   */
  TextLosses measured(LlmChoice choice, int context, int from, int count) throws IOException {
    int[] part = Arrays.copyOfRange(measuring, from, from + count + unpredicted());
    return losses("measuring-" + from, part, choice, context);
  }

  /** Losses of any text, stored under a name. */
  TextLosses losses(String text, int[] tokens, LlmChoice choice, int context) throws IOException {
    Path file = file(text, tokens, choice, context);
    String head = head(text, tokens, choice, context);
    Optional<TextLosses> stored = read(file, head);
    if (stored.isPresent()) {
      return stored.get();
    }
    TextLosses made =
        new LanguageEvaluation(model, id, text, tokens, context)
            .losses(choice.registers(), workshop.threads(), workshop.evaluation());
    List<String> lines = new ArrayList<>(List.of(head, made.breaksAt()));
    Arrays.stream(made.nats()).mapToObj(Double::toString).forEach(lines::add);
    Files.createDirectories(file.resolveSibling(""));
    AtomicFile.write(file, String.join("\n", lines) + "\n");
    return made;
  }

  private Path file(String text, int[] tokens, LlmChoice choice, int context) {
    String name = head(text, tokens, choice, context);
    String words = (text + "-" + context + "-" + choice.name()).replaceAll("[^A-Za-z0-9]+", "-");
    return workshop
        .folder()
        .resolve("losses")
        .resolve("%s-%08x.txt".formatted(words, name.hashCode()));
  }

  private String head(String text, int[] tokens, LlmChoice choice, int context) {
    return "%s, %s, %d tokens %08x, windows of %d, %s"
        .formatted(
            id.sha256(), text, tokens.length, Arrays.hashCode(tokens), context, choice.name());
  }

  private static Optional<TextLosses> read(Path file, String head) throws IOException {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(file);
    if (lines.size() < 2 || !lines.getFirst().equals(head)) {
      return Optional.empty();
    }
    double[] nats = new double[lines.size() - 2];
    for (int i = 0; i < nats.length; i++) {
      nats[i] = Double.parseDouble(lines.get(i + 2));
    }
    return Optional.of(new TextLosses(nats, lines.get(1)));
  }

  /** Whether this is the small model. */
  boolean small() {
    return workshop.scale() == Scale.SMOKE;
  }
}
