package dev.narrows.cli;

import dev.narrows.core.dot.Summation;
import dev.narrows.data.catalog.DataRoots;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.language.LanguageRecipe;
import dev.narrows.experiments.language.LanguageRun;
import dev.narrows.network.files.NetworkFiles;
import dev.narrows.network.llama.LlamaModel;
import dev.narrows.network.llama.TokenCodes;
import dev.narrows.repair.language.IntegerGoal;
import dev.narrows.repair.language.OutlierHandling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What decides which integers a language model gets. */
final class LanguageIntegerOptions {
  private static final String TEXT = "wikitext-2/validation";
  private static final int TOKENS = 4096;
  private static final int CONTEXT = 512;

  @Option(
      names = "--safe",
      paramLabel = "REGISTER",
      description = {
        "Of a language model: a register that no input may bring out of its range, such as",
        "int16:saturate:chunk(32,int32): 32 products in 16 bits, their sums in 32."
      })
  private Optional<String> safe = Optional.empty();

  @Option(
      names = "--feedback",
      description = {
        "Of a language model: spread what rounding a weight leaves over those still to come, as",
        "second moments of calibration inputs tell (default: round to nearest)."
      })
  private boolean feedback;

  @Option(
      names = "--migrate",
      description = {
        "Of a language model: activations lend powers of two to weights, channel by channel, where",
        "they have outliers."
      })
  private boolean migrate;

  @Option(
      names = "--rotate",
      description = {
        "Of a language model: spread outliers among activations over up to 64 channels, by Hadamard",
        "matrices; weights are turned to match. Best together with --migrate."
      })
  private boolean rotate;

  @Option(
      names = "--vocabulary",
      description = "Of a language model: the product with the vocabulary becomes integers too.")
  private boolean vocabulary;

  @Mixin private LanguageOptions language = new LanguageOptions();

  /** Refuses these options for a model that is not a language model. */
  void refuse() {
    language.refuse();
    String problem = "is for a language model (a .gguf, or a .bin of llama2.c)";
    DataOptions.refuse(safe, "--safe", problem);
    DataOptions.refuse(Optional.of(feedback).filter(asked -> asked), "--feedback", problem);
    DataOptions.refuse(Optional.of(migrate).filter(asked -> asked), "--migrate", problem);
    DataOptions.refuse(Optional.of(rotate).filter(asked -> asked), "--rotate", problem);
    DataOptions.refuse(Optional.of(vocabulary).filter(asked -> asked), "--vocabulary", problem);
  }

  /** Widths as they were given. */
  record OperandBits(String weights, Optional<String> activations) {}

  /** Makes the integers, or what is missing of them. */
  int make(
      Commands commands,
      Path model,
      OperandBits bits,
      Optional<Integer> calibrate,
      Optional<String> data,
      Optional<Path> out,
      DataRoots roots,
      int threads)
      throws IOException {
    IntegerGoal goal = goal(bits);
    LlamaModel real = LanguageFiles.real(model);
    int context = language.context(real, CONTEXT);
    int tokens = calibrate.orElse(Math.max(1, TOKENS / context) * context);
    if (tokens < context || tokens % context != 0) {
      throw new BadInputException(
          "--calibrate: must be a multiple of the %d tokens of a window, got %d"
              .formatted(context, tokens));
    }
    String text = data.orElse(TEXT);
    int[] ids = language.tokens(model, real, text, roots, tokens);
    LanguageRecipe recipe =
        new LanguageRecipe(
            model.toAbsolutePath().normalize().toString(),
            NetworkFiles.sha256(model),
            goal,
            text,
            tokens,
            context,
            new OutlierHandling(migrate, rotate),
            vocabulary);
    Path folder = out.orElse(Path.of("runs", name(model, goal)));
    LanguageRun run = LanguageRun.create(folder, recipe);
    try (ScanProgress progress = new ScanProgress(commands.terminal(), "quantizing")) {
      int layers = real.shape().layers() + 1;
      run.finish(real, ids, threads, done -> progress.progress("quantizing", done, layers));
    }
    commands.terminal().note("run folder: " + folder + " (" + recipe.words() + ")");
    return ExitCode.DONE;
  }

  private IntegerGoal goal(OperandBits bits) {
    int weights = bits("--weights", bits.weights());
    TokenCodes codes =
        new TokenCodes(bits.activations().map(text -> bits("--activations", text)).orElse(8));
    Optional<Summation> register = safe.map(LanguageIntegerOptions::register);
    try {
      return new IntegerGoal(weights, codes, register, feedback);
    } catch (IllegalArgumentException e) {
      throw new BadInputException("--safe: " + e.getMessage(), e);
    }
  }

  private static int bits(String option, String text) {
    if (!text.matches("[2-8]")) {
      throw new BadInputException(
          "%s: expected 2 to 8 bits for a language model, found \"%s\"".formatted(option, text));
    }
    return Integer.parseInt(text);
  }

  private static Summation register(String text) {
    try {
      return Summation.parse(text);
    } catch (IllegalArgumentException e) {
      throw new BadInputException("--safe: " + e.getMessage(), e);
    }
  }

  private static String name(Path model, IntegerGoal goal) {
    String file = model.getFileName().toString().replaceAll("\\.(gguf|bin)$", "");
    return "%s-w%da%d".formatted(file, goal.bits(), goal.activations().bits());
  }
}
