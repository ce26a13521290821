package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the one-layer model that network's golden test reads. */
class GgufCommandsTest {
  private static final Path MODEL =
      Path.of("..", "network", "src", "test", "resources", "golden", "gguf", "tiny.gguf");

  @TempDir private Path folder;
  private Path text = Path.of("");

  @BeforeEach
  void writeText() throws IOException {
    text = Files.writeString(folder.resolve("text.txt"), "The thing thaws. ".repeat(90));
  }

  @Test
  void evaluate_gguf_tellsPerplexityWithIntervalsAndWhatRegistersDid() throws IOException {
    Path registers =
        Files.writeString(
            folder.resolve("registers.yaml"),
            """
            "*.attention.scores": m4e4(8)/m4e4(8)
            classifier: exact
            """);
    Said said =
        Said.by(
            "evaluate",
            MODEL,
            "--data",
            text,
            "--context",
            "32",
            "--limit",
            "1100",
            "--accumulators",
            registers,
            "--accumulator",
            "exact",
            "--accumulator",
            "m6e5(12)/m6e5(12)",
            "--diagnostics",
            "--format",
            "json");
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out())
        .contains("\"schema\" : \"narrows/language/1\"", "\"tokens\" : 1100", "\"blocks\" : 8")
        .contains("\"perplexity\"", "\"interval\"", "\"aboveInterval\"", "\"differing\" : 0")
        .contains("\"layer0.attention.scores\"", "\"productUnderflows\"");
    Said table =
        Said.by(
            "evaluate",
            MODEL,
            "--data",
            text,
            "--limit",
            "200",
            "--accumulator",
            "m4e4(8)/m4e4(8)");
    assertThat(table.out()).contains("perplexity", "200 tokens of " + text + " in windows of 64");
  }

  @Test
  void evaluate_rulesOnTheCommandLine_areThoseOfFiles() throws IOException {
    Path attention =
        Files.writeString(
            folder.resolve("attention.yaml"), "\"*.attention.s*\": m5e5(15)/m5e5(15)\n");
    Path rest =
        Files.writeString(
            folder.resolve("rest.yaml"), "\"*.attention.*\": exact\nclassifier: exact\n");
    Object[] words = {
      "evaluate",
      MODEL,
      "--data",
      text,
      "--limit",
      "64",
      "--accumulator",
      "m4e5(15)/m4e5(15)",
      "--format",
      "json"
    };
    Said files = Said.by(and(words, "--accumulators", attention, "--accumulators", rest));
    Said rules =
        Said.by(
            and(
                words,
                "--accumulators",
                "*.attention.s*=m5e5(15)/m5e5(15); *.attention.*=exact;classifier=exact"));
    assertThat(rules.exitCode()).as(rules.err()).isZero();
    assertThat(rules.out()).isEqualTo(files.out()).contains("m5e5(15)", "m4e5(15)", "exact");
    assertRefused("expected GLOB=TEXT", "--data", text, "--accumulators", "classifier=");
    assertRefused("--accumulators: accumulator", "--data", text, "--accumulators", "a=int99");
    assertRefused("matches no layer", "--data", text, "--accumulators", "layer7.*=exact");
    assertRefused("nowhere.yaml", "--data", text, "--accumulators", "nowhere.yaml");
  }

  @Test
  void evaluate_sensitivityAndDiagnostics_tellPartsAndTokens() throws IOException {
    Said said =
        Said.by(
            "evaluate",
            MODEL,
            "--data",
            text,
            "--limit",
            "64",
            "--accumulators",
            "*.up=fused(4,9):fp16:e5m2;*.gate=exact",
            "--diagnostics",
            "--sensitivity",
            "kinds");
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out())
        .contains("Tokens whose loss rises most", "One part at a time", "*.feed.up");
    assertRefused("expected kinds, layers or products", "--data", text, "--sensitivity", "all");
  }

  @Test
  void evaluate_optionsThatDoNotFitTheModel_areRefused() throws IOException {
    assertRefused("--context: must be in [1, 64]", "--data", text, "--context", "65");
    assertRefused("--tokenizer: has no effect", "--data", text, "--tokenizer", text);
    assertRefused("--data-root: has no effect", "--data", text, "--data-root", folder);
    assertRefused("--data: sampled/3 needs a model with a token", "--data", "sampled/3");
    assertRefused("a known text such as wikitext-2", "--data", folder.resolve("absent.txt"));
    assertRefused("none to train on", "--data", "wikitext-2/train");
    assertRefused("get it by: narrows data fetch wikitext-2", "--data", "wikitext-2");
    assertRefused("holds images, expected a text", "--data", "fashion-small");
    Path latin = Files.write(folder.resolve("latin.txt"), new byte[] {'a', (byte) 0xE9, 'b'});
    assertRefused("is not a text in UTF-8", "--data", latin);
    Path one = Files.writeString(folder.resolve("one.txt"), "a");
    assertRefused("has no text", "--data", one);
    Path rule = Files.writeString(folder.resolve("rule.yaml"), "\"layer1.*\": m7e4\n");
    assertRefused("matches no layer", "--data", text, "--accumulators", rule);
  }

  @Test
  void evaluate_migrated_exactSumsStay() throws IOException {
    Object[] words = {
      "evaluate",
      MODEL,
      "--data",
      text,
      "--limit",
      "64",
      "--accumulator",
      "exact",
      "--accumulator",
      "m4e4(15)/m4e4(15)",
      "--format",
      "csv"
    };
    Said migrated = Said.by(and(words, "--migrate", text, "--migrate-alpha", "1"));
    assertThat(migrated.exitCode()).as(migrated.err()).isZero();
    String plain = Said.by(words).out();
    assertThat(migrated.out()).isNotEqualTo(plain);
    assertThat(migrated.out().lines().filter(line -> line.startsWith("exact")).toList())
        .isEqualTo(plain.lines().filter(line -> line.startsWith("exact")).toList())
        .isNotEmpty();
    assertRefused("--migrate-alpha: goes with", "--data", text, "--migrate-alpha", "1");
    assertRefused(
        "--migrate-alpha: must be in [0, 1]",
        "--data",
        text,
        "--migrate",
        text,
        "--migrate-alpha",
        "2");
    assertRefused("--data: a language model takes", "--data", text, "--migrate", "nowhere");
  }

  @Test
  void evaluate_fittedBiases_areWrittenAndReadAgain() throws IOException {
    Path file = folder.resolve("fitted.yaml");
    Object[] words = {"evaluate", MODEL, "--data", text, "--limit", "64", "--format", "csv"};
    Said fitted = Said.by(and(words, "--accumulator", "m5e3(1)", "--fit", text, "--fitted", file));
    assertThat(fitted.exitCode()).as(fitted.err()).isZero();
    assertThat(Files.readAllLines(file)).hasSize(10).allMatch(line -> line.contains(": \"m5e3("));
    Said read = Said.by(and(words, "--accumulators", file));
    assertThat(read.out().replaceFirst("(?m)^per layer", "m5e3(1) and per layer"))
        .isEqualTo(fitted.out());
    assertRefused("--fitted: goes with --fit", "--data", text, "--fitted", file);
    assertRefused(
        "--fitted: writes one",
        "--data",
        text,
        "--accumulator",
        "m5e3(1);m4e3(1)",
        "--fit",
        text,
        "--fitted",
        file);
  }

  @Test
  void evaluate_compensated_tellsSoAndWritesTheFactors() throws IOException {
    Path file = folder.resolve("factors.yaml");
    Object[] words = {
      "evaluate",
      MODEL,
      "--data",
      text,
      "--limit",
      "64",
      "--format",
      "csv",
      "--accumulator",
      "m4e5(15)/m4e5(15):chunk(4)",
      "--compensate",
      text
    };
    Said one = Said.by(and(words, "--factors", file));
    assertThat(one.exitCode()).as(one.err()).isZero();
    assertThat(one.out()).contains("m4e5(15):chunk(4), compensated");
    assertThat(Files.readAllLines(file)).hasSize(10).allMatch(line -> line.matches(".*: 1\\.\\d+"));
    Path registers = folder.resolve("both.yaml");
    Said both = Said.by(and(words, "--fit", text, "--fitted", registers));
    assertThat(both.exitCode()).as(both.err()).isZero();
    assertThat(both.out()).contains("m4e5(15):chunk(4) and per layer, compensated");
    assertThat(Files.readAllLines(registers)).hasSize(10);
    assertRefused("--factors: goes with --compensate", "--data", text, "--factors", file);
    assertRefused(
        "--factors: writes one",
        "--data",
        text,
        "--accumulator",
        "m5e3(1);m4e3(1)",
        "--compensate",
        text,
        "--factors",
        file);
  }

  @Test
  void narrow_languageModel_writesAPlanThatEvaluateTakes() throws IOException {
    Path plan = folder.resolve("plan.yaml");
    Object[] words = {
      "narrow",
      MODEL,
      "--data",
      "shakespeare-small",
      "--context",
      "32",
      "--search",
      "64",
      "--confirm",
      "128",
      "--plan",
      plan,
      "--registers",
      "m3e4(9)/m3e4(9);m6e5(15)/m6e5(15)"
    };
    Said said = Said.by(and(words, "--budget", "2"));
    assertThat(said.exitCode()).as(said.err()).isIn(0, 3);
    assertThat(said.out()).contains("128 tokens of shakespeare-small/test in windows of 32");
    String yaml = Files.readString(plan);
    assertThat(yaml).contains("network: ", "registers:", "\"*\": exact", "m3e4(9)");
    Said evaluated =
        Said.by(
            "evaluate",
            MODEL,
            "--data",
            "shakespeare-small",
            "--context",
            "32",
            "--limit",
            "128",
            "--accumulators",
            plan);
    assertThat(evaluated.out()).isEqualTo(said.out());
    Said all = Said.by(and(words, "--budget", "1e9"));
    assertThat(all.exitCode()).isZero();
    assertThat(all.err()).contains("10 parts, 100.0 % of the multiplications");
    Said none = Said.by(and(words, "--budget", "0", "--parts", "none"));
    assertThat(none.err()).contains("--parts: expected kinds, layers or products");
    assertThat(Said.by("narrow", MODEL, "--data", "shakespeare-small").err())
        .contains("--registers: of a language model");
    assertThat(Said.by("narrow", MODEL, "--registers", "m7e4", "--data", text).err())
        .contains("--data: expected a known text");
    assertThat(Said.by("narrow", MODEL, "--registers", "m7e4", "--promise", "always").err())
        .contains("--promise: a language model");
  }

  private static Object[] and(Object[] words, Object... more) {
    Object[] all = Arrays.copyOf(words, words.length + more.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    return all;
  }

  private void assertRefused(String message, Object... words) {
    Object[] all = new Object[words.length + 2];
    all[0] = "evaluate";
    all[1] = MODEL;
    System.arraycopy(words, 0, all, 2, words.length);
    Said said = Said.by(all);
    assertThat(said.exitCode()).as(said.err() + said.out()).isEqualTo(2);
    assertThat(said.err()).contains(message);
  }

  @Test
  void evaluate_fileCutOff_isRefused() throws IOException {
    byte[] whole = Files.readAllBytes(MODEL);
    Path file = Files.write(folder.resolve("cut.gguf"), Arrays.copyOf(whole, whole.length - 40));
    Said said = Said.by("evaluate", file, "--data", text);
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).contains("cut.gguf: tensor output_norm.weight: ", "leave the file of");
  }

  @Test
  void run_prompt_isGoneOnWithTheSameWayForASeed() throws IOException {
    Object[] words = {"run", MODEL, "--prompt", "The thing", "--tokens", "9", "--seed", "4"};
    Said said = Said.by(words);
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out()).startsWith("The thing");
    assertThat(Said.by(words).out()).isEqualTo(said.out());
    Path out = folder.resolve("out");
    Said likeliest =
        Said.by(
            "run",
            MODEL,
            "--prompt",
            "The",
            "--tokens",
            "5",
            "--temperature",
            "0",
            "--accumulator",
            "m6e5(12)/m6e5(12)",
            "--out",
            out);
    assertThat(likeliest.out()).isEqualTo(Files.readString(out.resolve("text.txt")) + "\n");
  }

  @Test
  void run_optionsThatDoNotFitTheModel_areRefused() {
    assertSaid("--prompt: this model has no token before every text", "run", MODEL);
    assertSaid("--tokens: must be in [1, 63]", "run", MODEL, "--prompt", "ab", "--tokens", "64");
    assertSaid("--prompt: has 65 tokens", "run", MODEL, "--prompt", "a".repeat(65));
    assertSaid("--temperature: ", "run", MODEL, "--prompt", "a", "--temperature", "-1");
    assertSaid("--context: has no effect", "run", MODEL, "--prompt", "a", "--context", "3");
    assertSaid("--limit: has no effect", "run", MODEL, "--prompt", "a", "--limit", "3");
    assertSaid("--prompt: is for a language model", "run", "x.narrows", "--prompt", "a");
    assertSaid("--input: is needed", "run", "x.narrows");
  }

  private static void assertSaid(String message, Object... words) {
    Said said = Said.by(words);
    assertThat(said.exitCode()).as(said.out()).isEqualTo(2);
    assertThat(said.err()).contains(message);
  }
}
