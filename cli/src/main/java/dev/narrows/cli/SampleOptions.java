package dev.narrows.cli;

import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.llama.LanguageModel;
import dev.narrows.network.llama.LlamaModel;
import dev.narrows.network.llama.NetworkSampler;
import dev.narrows.network.llama.Sampler;
import dev.narrows.network.llama.TokenizedModel;
import dev.narrows.network.text.TextTokenizer;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import picocli.CommandLine.Option;

/** How a language model goes on with a text. */
final class SampleOptions {
  private static final int TOKENS = 64;
  private static final long SEED = 1;

  /** What could steer a terminal: a vocabulary is not trusted. */
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}&&[^\\n\\t]]");

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description = "Of a language model: the text it goes on with.")
  private Optional<String> prompt = Optional.empty();

  @Option(
      names = "--tokens",
      paramLabel = "N",
      description = "Of a language model: how many tokens to add at most (default: 64).")
  private Optional<Integer> tokens = Optional.empty();

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = {
        "Of a language model: what scores are divided by; 0 takes the likeliest token (default: 1)."
      })
  private Optional<Float> temperature = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of a language model: another seed, another text (default: 1).")
  private Optional<Long> seed = Optional.empty();

  /**
   * Refuses these options for a model that is not a language model.
   *
   * @throws BadInputException naming the first of them
   */
  void refuse() {
    String problem =
        "is for a language model (a .gguf, a .bin of llama2.c, or a transformer's folder)";
    DataOptions.refuse(prompt, "--prompt", problem);
    DataOptions.refuse(tokens, "--tokens", problem);
    DataOptions.refuse(temperature, "--temperature", problem);
    DataOptions.refuse(seed, "--seed", problem);
  }

  /** The prompt and what the model adds, up to the end that it sets itself. */
  String sample(
      LanguageModel model,
      TextTokenizer tokenizer,
      LayerRegisters registers,
      int threads,
      ScanProgress progress) {
    int[] begun = begun(model, tokenizer);
    int longest = model.longest() - begun.length + 1;
    int most = tokens.orElse(Math.min(TOKENS, longest));
    if (most < 1 || most > longest) {
      throw new BadInputException(
          "--tokens: must be in [1, %d], as the model's window has %d and the prompt %d, got %d"
              .formatted(longest, model.longest(), begun.length, most));
    }
    int[] made;
    int[] count = {0};
    IntConsumer told = token -> progress.progress("sampling", ++count[0], most);
    try {
      float divisor = temperature.orElse(1f);
      long from = seed.orElse(SEED);
      made =
          model instanceof LlamaModel llama
              ? new Sampler(llama, registers, divisor, from)
                  .continued(new int[][] {begun}, most, threads, told)[0]
              : new NetworkSampler(model, registers, divisor, from)
                  .continued(begun, most, threads, told);
    } catch (IllegalArgumentException e) {
      throw new BadInputException("--temperature: " + e.getMessage(), e);
    }
    OptionalInt end = model instanceof TokenizedModel own ? own.end() : model.begin();
    int[] kept =
        end.isPresent()
            ? Arrays.stream(made).takeWhile(token -> token != end.getAsInt()).toArray()
            : made;
    int[] all = IntStream.concat(Arrays.stream(begun), Arrays.stream(kept)).toArray();
    return CONTROL.matcher(tokenizer.decode(all)).replaceAll("\uFFFD");
  }

  private int[] begun(LanguageModel model, TextTokenizer tokenizer) {
    int[] text;
    try {
      text = tokenizer.encode(prompt.orElse(""));
    } catch (IllegalArgumentException e) {
      throw new BadInputException("--prompt: " + e.getMessage(), e);
    }
    int[] begun = IntStream.concat(model.begin().stream(), Arrays.stream(text)).toArray();
    if (begun.length == 0) {
      throw new BadInputException(
          "--prompt: this model has no token before every text, so it needs a text to go on with");
    }
    if (begun.length > model.longest()) {
      throw new BadInputException(
          "--prompt: has %d tokens, the model's window %d"
              .formatted(begun.length, model.longest()));
    }
    return begun;
  }
}
