package dev.narrows.cli;

import dev.narrows.data.catalog.DataRoots;
import dev.narrows.experiments.evaluate.Compensation;
import dev.narrows.experiments.evaluate.LanguageEvaluation;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.language.LanguageRun;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.llama.LanguageModel;
import dev.narrows.network.llama.LlamaModel;
import dev.narrows.network.llama.LlamaRange;
import dev.narrows.network.llama.MigratedLlama;
import dev.narrows.network.llama.QuantizedLlama;
import dev.narrows.network.llama.Sampler;
import dev.narrows.network.llama.TokenizedModel;
import dev.narrows.network.llama.Tokenizer;
import dev.narrows.network.text.TextTokenizer;
import dev.narrows.report.NetworkFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** What evaluating a language model needs besides: its tokenizer, a text, and the context. */
final class LanguageOptions {
  private static final String SAMPLED = "sampled/";
  private static final int CONTEXT = 256;
  private static final int SAMPLED_TOKENS = 2048;

  /** Tokens that show which channels are outliers, and how large sums become. */
  private static final int SHOWN = 512;

  @Option(
      names = "--tokenizer",
      paramLabel = "FILE",
      description = "Of a llama2.c checkpoint (default: the one tok*.bin beside it).")
  private Optional<Path> tokenizer = Optional.empty();

  @Option(
      names = "--context",
      paramLabel = "N",
      description = "Tokens of a window of text (default: 256, or the model's longest).")
  private Optional<Integer> context = Optional.empty();

  /**
   * Refuses these options for a model that is not a language model.
   *
   * @throws BadInputException naming the first of them
   */
  void refuse() {
    refuseWithout(
        "is for a language model (a .gguf, a .bin of llama2.c, or a transformer's folder)");
  }

  /** Refuses these options, for that reason. */
  void refuseWithout(String problem) {
    DataOptions.refuse(tokenizer, "--tokenizer", problem);
    DataOptions.refuse(context, "--context", problem);
  }

  /** Refuses --context where a window grows with its text. */
  void refuseContext(String problem) {
    DataOptions.refuse(context, "--context", problem);
  }

  /**
   * The model and its text.
   *
   * @param data a known text, a text file in UTF-8, or {@code sampled/SEED} for texts by the model
   *     itself
   * @param roots where known texts are
   * @param limit predictions to look at
   */
  LanguageEvaluation open(
      Path file, String data, DataRoots roots, Optional<Integer> limit, int threads)
      throws IOException {
    LanguageModel model = LanguageFiles.model(file);
    int length = context(model, CONTEXT);
    if (data.startsWith(SAMPLED)) {
      int[] tokens = sampled(model, data, length, limit.orElse(SAMPLED_TOKENS), threads);
      return evaluation(model, file, data, tokens, length, Optional.empty());
    }
    LanguageFiles.NamedText text = LanguageFiles.text(data, roots);
    TextTokenizer cuts = tokenizer(file, model);
    // a model without a token before every text cannot predict the text's first
    int most = limit.map(n -> n + (model.begin().isPresent() ? 0 : 1)).orElse(Integer.MAX_VALUE);
    int[] tokens;
    try {
      tokens = cuts.encode(text.text(), most);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(data + ": " + e.getMessage(), e);
    }
    if (tokens.length < (model.begin().isPresent() ? 1 : 2)) {
      throw new BadInputException(data + ": has no text");
    }
    return evaluation(model, file, text.name(), tokens, length, Optional.of(cuts));
  }

  /**
   * The same evaluation of a model whose outliers are migrated, see {@link MigratedLlama}.
   *
   * @param data the text that shows them, as in {@link #open}; its first predictions
   */
  LanguageEvaluation migrated(
      LanguageEvaluation of, Path file, String data, DataRoots roots, double alpha, int threads)
      throws IOException {
    int[] tokens = shown("--migrate", of, data, roots);
    MigratedLlama made =
        MigratedLlama.of(of.llama("--migrate"), tokens, of.context(), alpha, threads);
    String name = "%s, migrated (alpha %s) on %s".formatted(file, alpha, data);
    return new LanguageEvaluation(
        made,
        new NetworkFile(name, of.id().sha256()),
        of.text(),
        of.tokens(),
        of.context(),
        of.tokenizer());
  }

  /**
   * How large products and sums become in exact sums, see {@link LlamaRange}.
   *
   * @param data the text that shows them; its first predictions
   */
  List<LlamaRange> ranges(LanguageEvaluation of, String data, DataRoots roots, int threads)
      throws IOException {
    int[] tokens = shown("--fit", of, data, roots);
    return LlamaRange.of(of.llama("--fit"), tokens, of.context(), threads);
  }

  /**
   * Registers whose sums are compensated, see {@link Compensation}.
   *
   * @param ranges empty: their biases stay
   * @param data the text that shows what they do; its first predictions
   */
  LayerRegisters compensated(
      LanguageEvaluation of,
      LayerRegisters registers,
      List<LlamaRange> ranges,
      String data,
      DataRoots roots,
      int threads)
      throws IOException {
    int[] tokens = shown("--compensate", of, data, roots);
    LlamaModel model = of.llama("--compensate");
    return ranges.isEmpty()
        ? Compensation.of(model, registers, tokens, of.context(), threads)
        : Compensation.fitted(model, registers, ranges, tokens, of.context(), threads);
  }

  private static int[] shown(String option, LanguageEvaluation of, String data, DataRoots roots)
      throws IOException {
    TextTokenizer cuts =
        of.tokenizer()
            .orElseThrow(() -> new BadInputException(option + ": --data must be a text, too"));
    int[] tokens;
    try {
      tokens = cuts.encode(LanguageFiles.text(data, roots).text(), SHOWN);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(option + ": " + data + ": " + e.getMessage(), e);
    }
    if (tokens.length == 0) {
      throw new BadInputException(option + ": " + data + ": has no text");
    }
    return tokens;
  }

  private static LanguageEvaluation evaluation(
      LanguageModel model,
      Path file,
      String text,
      int[] tokens,
      int length,
      Optional<TextTokenizer> tokenizer)
      throws IOException {
    return new LanguageEvaluation(model, LanguageFiles.id(file), text, tokens, length, tokenizer);
  }

  private static int[] sampled(
      LanguageModel model, String data, int length, int tokens, int threads) {
    String seed = data.substring(SAMPLED.length());
    if (!seed.matches("\\d{1,18}")) {
      throw new BadInputException(
          "--data: expected sampled/SEED with a whole number, found \"" + data + "\"");
    }
    if (model.begin().isEmpty()) {
      throw new BadInputException(
          "--data: " + data + " needs a model with a token before every text; run samples others");
    }
    if (!(model instanceof LlamaModel llama)) {
      throw new BadInputException("--data: " + data + " needs a model of the llama family");
    }
    int texts = Math.ceilDiv(tokens, length);
    int[][] made = new Sampler(llama, Long.parseLong(seed)).sample(texts, length, threads);
    return Arrays.stream(made).flatMapToInt(Arrays::stream).limit(tokens).toArray();
  }

  /**
   * The first tokens of a text that calibrates.
   *
   * @param data as {@link #open} has it, but for samples
   * @throws BadInputException if it is shorter
   */
  int[] tokens(Path file, LanguageModel model, String data, DataRoots roots, int count)
      throws IOException {
    int[] tokens;
    try {
      tokens = tokenizer(file, model).encode(LanguageFiles.text(data, roots).text(), count);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(data + ": " + e.getMessage(), e);
    }
    if (tokens.length < count) {
      throw new BadInputException(
          "--calibrate: %s has %d tokens, not %d".formatted(data, tokens.length, count));
    }
    return tokens;
  }

  /** The window that was asked for, or the usual one. */
  int context(LanguageModel model, int usual) {
    int longest = model.longest();
    int length = context.orElse(Math.min(usual, longest));
    if (length < 1 || length > longest) {
      throw new BadInputException(
          "--context: must be in [1, %d], the model's longest, got %d".formatted(longest, length));
    }
    return length;
  }

  /** The tokenizer of a model: in its file, named, or beside it. */
  TextTokenizer tokenizer(Path file, LanguageModel model) throws IOException {
    if (model instanceof QuantizedLlama integers) {
      return tokenizer(LanguageRun.open(file).modelFile(), integers.real());
    }
    if (model instanceof TokenizedModel own) {
      DataOptions.refuse(tokenizer, "--tokenizer", "has no effect, this model has its own");
      return own.tokenizer();
    }
    return Tokenizer.read(tokenizer(file), model.vocabulary());
  }

  private Path tokenizer(Path model) throws IOException {
    if (tokenizer.isPresent()) {
      return tokenizer.get();
    }
    Path folder = model.toAbsolutePath().getParent();
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> found =
          files.filter(f -> f.getFileName().toString().matches("tok.*\\.bin")).sorted().toList();
      if (found.size() != 1) {
        throw new BadInputException(
            "--tokenizer: is needed, %d files tok*.bin are beside the model"
                .formatted(found.size()));
      }
      return found.getFirst();
    }
  }
}
