package dev.narrows.cli;

import dev.narrows.experiments.evaluate.LanguageEvaluation;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.GitLfsPointer;
import dev.narrows.network.files.NetworkFiles;
import dev.narrows.network.llama.LlamaCheckpoint;
import dev.narrows.network.llama.LlamaReader;
import dev.narrows.network.llama.Sampler;
import dev.narrows.network.llama.Tokenizer;
import dev.narrows.report.NetworkFile;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
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
    String problem = "is for a language model (a .bin of llama2.c)";
    DataOptions.refuse(tokenizer, "--tokenizer", problem);
    DataOptions.refuse(context, "--context", problem);
  }

  /** Whether a model is a language model. */
  static boolean fits(Path model) {
    return Files.isRegularFile(model) && new LlamaReader().reads(model);
  }

  /**
   * The model and its text.
   *
   * @param data a text file in UTF-8, or {@code sampled/SEED} for texts by the model itself
   * @param limit tokens to look at
   */
  LanguageEvaluation open(Path model, String data, Optional<Integer> limit, int threads)
      throws IOException {
    LlamaCheckpoint checkpoint = LlamaCheckpoint.read(model);
    int longest = checkpoint.shape().length();
    int length = context.orElse(Math.min(CONTEXT, longest));
    if (length < 1 || length > longest) {
      throw new BadInputException(
          "--context: must be in [1, %d], the model's longest, got %d".formatted(longest, length));
    }
    int[] tokens =
        data.startsWith(SAMPLED)
            ? sampled(checkpoint, data, length, limit.orElse(SAMPLED_TOKENS), threads)
            : read(model, checkpoint, Path.of(data));
    if (tokens.length == 0) {
      throw new BadInputException(data + ": has no text");
    }
    return new LanguageEvaluation(
        checkpoint,
        new NetworkFile(model.toString(), NetworkFiles.sha256(model)),
        data,
        Arrays.copyOf(tokens, Math.min(tokens.length, limit.orElse(tokens.length))),
        length);
  }

  private static int[] sampled(
      LlamaCheckpoint checkpoint, String data, int length, int tokens, int threads) {
    String seed = data.substring(SAMPLED.length());
    if (!seed.matches("\\d{1,18}")) {
      throw new BadInputException(
          "--data: expected sampled/SEED with a whole number, found \"" + data + "\"");
    }
    int texts = Math.ceilDiv(tokens, length);
    int[][] made = new Sampler(checkpoint, Long.parseLong(seed)).sample(texts, length, threads);
    return Arrays.stream(made).flatMapToInt(Arrays::stream).toArray();
  }

  private int[] read(Path model, LlamaCheckpoint checkpoint, Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new BadInputException(
          "--data: a language model takes a text file or sampled/SEED, found \"" + file + "\"");
    }
    String text;
    try {
      GitLfsPointer.requireContent(file);
      text = Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new BadInputException(file + ": is not a text in UTF-8", e);
    }
    return Tokenizer.read(tokenizer(model), checkpoint.shape().vocabulary()).encode(text);
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
