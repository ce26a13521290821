package dev.narrows.experiments.reproduce.lba;

import dev.narrows.data.DataException;
import dev.narrows.data.TextSet;
import dev.narrows.data.catalog.DataCatalog;
import dev.narrows.data.catalog.KnownSets;
import dev.narrows.data.catalog.Split;
import dev.narrows.experiments.evaluate.LanguageEvaluation;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.network.files.NetworkFiles;
import dev.narrows.network.llama.LlamaCheckpoint;
import dev.narrows.network.llama.Sampler;
import dev.narrows.network.llama.Tokenizer;
import dev.narrows.report.LanguageResult.AccumulatorLoss;
import dev.narrows.report.NetworkFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * stories260K, a language model of llama2.c, in registers it was not trained for: on texts that it
 * sampled itself, and on plays it was not made for. Biases are chosen on other samples of its own:
 * chosen on plays, where it is wrong with confidence, they would be those that clip its scores
 * most, for any blur lowers the loss there.
 */
final class LbaStories {
  private static final String MODEL = "models/stories260k/stories260K.bin";
  private static final String TOKENIZER = "models/stories260k/tok512.bin";
  private static final int CONTEXT = 256;

  /** Tokens that biases are chosen on. */
  private static final int CHOOSING = 1024;

  /** Tokens that losses are measured on. */
  private static final int MEASURING = 4096;

  private static final long CHOOSING_SEED = 1001;
  private static final long SEED = 1;

  /**
   * One register on one text; the loss is that of a token.
   *
   * @param text {@code sampled/…} for the model's own, or a set's name
   * @param exact in exact sums
   */
  record StoriesRow(
      String text, LbaFormats.Shape shape, String register, AccumulatorLoss loss, double exact) {
    /** How far the loss is above that of exact sums, in percent of that. */
    double above() {
      return 100 * loss.aboveExact() / exact;
    }
  }

  private final Workshop workshop;
  private final LlamaCheckpoint checkpoint;
  private final NetworkFile id;
  private final Tokenizer tokenizer;

  LbaStories(Workshop workshop) throws IOException {
    Path file = found(workshop, MODEL);
    this.workshop = workshop;
    this.checkpoint = LlamaCheckpoint.read(file);
    this.id = new NetworkFile(MODEL, NetworkFiles.sha256(file));
    this.tokenizer = Tokenizer.read(found(workshop, TOKENIZER), checkpoint.shape().vocabulary());
  }

  private static Path found(Workshop workshop, String path) {
    return workshop
        .roots()
        .find(path)
        .orElseThrow(
            () -> new DataException("%s not found in %s".formatted(path, workshop.roots())));
  }

  NetworkFile id() {
    return id;
  }

  /** All shapes on both texts. */
  List<StoriesRow> rows(List<LbaFormats.Shape> shapes) throws IOException {
    LanguageEvaluation choosing = sampled(CHOOSING_SEED, CHOOSING);
    List<String> registers = new ArrayList<>();
    for (LbaFormats.Shape shape : shapes) {
      registers.add(LbaFormats.best(shape, CHOOSING, CHOOSING, (all, _) -> scores(choosing, all)));
    }
    List<StoriesRow> rows = new ArrayList<>();
    for (LanguageEvaluation text : List.of(sampled(SEED, MEASURING), plays(MEASURING))) {
      double exact = workshop.evaluated(text, List.of("exact")).getFirst().nats();
      List<AccumulatorLoss> losses = workshop.evaluated(text, registers);
      for (int i = 0; i < shapes.size(); i++) {
        rows.add(
            new StoriesRow(text.text(), shapes.get(i), registers.get(i), losses.get(i), exact));
      }
    }
    return rows;
  }

  private List<Double> scores(LanguageEvaluation text, List<String> accumulators)
      throws IOException {
    return workshop.evaluated(text, accumulators).stream().map(loss -> -loss.nats()).toList();
  }

  private LanguageEvaluation sampled(long seed, int tokens) {
    int[][] texts =
        new Sampler(checkpoint, seed).sample(tokens / CONTEXT, CONTEXT, workshop.threads());
    return evaluation(
        "sampled/" + seed, Arrays.stream(texts).flatMapToInt(Arrays::stream).toArray());
  }

  private LanguageEvaluation plays(int tokens) {
    var examples =
        new DataCatalog(workshop.roots())
            .examples(KnownSets.TINY_SHAKESPEARE, Split.TEST, DataCatalog.Validation.DEFAULT);
    // a token is at most a few characters; the rest of the text need not be cut into tokens
    String text = ((TextSet) examples).text();
    int[] all = tokenizer.encode(text.substring(0, Math.min(text.length(), 4 * tokens)));
    return evaluation(examples.name(), Arrays.copyOf(all, Math.min(tokens, all.length)));
  }

  private LanguageEvaluation evaluation(String text, int[] tokens) {
    return new LanguageEvaluation(checkpoint, id, text, tokens, CONTEXT);
  }
}
