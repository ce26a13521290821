package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the small transformers that network's golden tests read. */
class HubCommandsTest {
  private static final Path MODELS =
      Path.of("..", "network", "src", "test", "resources", "golden", "hub");

  private static final Path DECODER = MODELS.resolve("qwen2");
  private static final Path ENCODER = MODELS.resolve("bert");

  @TempDir private Path folder;

  private Path articles() throws IOException {
    StringBuilder text = new StringBuilder();
    for (String article : new String[] {"storms", "ships", "songs"}) {
      text.append(" = ").append(article).append(" = \n \n ");
      for (int i = 0; i < 6; i++) {
        String sentence = "The %s of year %d were the largest of all %s . ";
        text.append(sentence.formatted(article, 1990 + i, article));
      }
      text.append("\n".repeat(2)).append(" They wrote of ").append(article);
      text.append(" again and again for years . We read of them in ").append(article);
      text.append(" of our own . \n");
    }
    return Files.writeString(folder.resolve("articles.txt"), text);
  }

  @Test
  void evaluate_decoderInAFolder_tellsPerplexity() throws IOException {
    Path text = Files.writeString(folder.resolve("text.txt"), "The thing thaws. ".repeat(20));
    Said said =
        Said.by(
            "evaluate",
            DECODER,
            "--data",
            text,
            "--limit",
            "100",
            "--accumulator",
            "exact",
            "--accumulator",
            "m6e5(12)/m6e5(12)");
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out()).contains("perplexity", "100 tokens of " + text + " in windows of 64");
    Said config =
        Said.by(
            "evaluate",
            DECODER.resolve("config.json"),
            "--data",
            text,
            "--limit",
            "100",
            "--accumulator",
            "exact");
    assertThat(config.out().lines().toList().get(2)).isEqualTo(said.out().lines().toList().get(2));
  }

  @Test
  void decoderOfGpt_isEvaluatedAndGoesOnWithAPrompt() throws IOException {
    Path gpt = MODELS.resolve("gpt2");
    Path text = Files.writeString(folder.resolve("text.txt"), "The thing thaws. ".repeat(4));
    Said said =
        Said.by(
            "evaluate",
            gpt,
            "--data",
            text,
            "--limit",
            "40",
            "--context",
            "16",
            "--accumulator",
            "m6e5(12)/m6e5(12)",
            "--diagnostics");
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out())
        .contains("40 tokens of " + text + " in windows of 16", "layer1.attention.mix");
    Said run = Said.by("run", gpt, "--prompt", "The thing", "--tokens", "5");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).startsWith("The thing");
    Said beyond = Said.by("run", gpt, "--prompt", "The thing", "--tokens", "5000");
    assertThat(beyond.err()).contains("--tokens: must be in [1,");
    Said sampled = Said.by("evaluate", gpt, "--data", "sampled/3");
    assertThat(sampled.err()).contains("sampled/3 needs a model with a token before every text");
  }

  @Test
  void run_decoderInAFolder_goesOnWithAPrompt() {
    Said said = Said.by("run", DECODER, "--prompt", "The thing", "--tokens", "9");
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out()).startsWith("The thing");
  }

  @Test
  void evaluate_encoder_tellsHowManySentencesAreFound() throws IOException {
    Said said =
        Said.by(
            "evaluate",
            ENCODER,
            "--data",
            articles(),
            "--accumulator",
            "exact",
            "--accumulator",
            "m3e4(8)/m3e4(8)",
            "--diagnostics",
            "--format",
            "json");
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out())
        .contains("\"schema\" : \"narrows/similarity/1\"", "\"triples\" : 6", "\"seed\" : 1")
        .contains("\"cosineDifference\" : 0.0,", "\"rankAgreement\" : 1.0")
        .contains("\"layer1.attention.mix\"", "\"productUnderflows\"");
    Said table =
        Said.by(
            "evaluate", ENCODER, "--data", articles(), "--limit", "2", "--accumulator", "m3e4(8)");
    assertThat(table.out())
        .contains("Sentences of the same paragraph found, 2 triples of", "rank agreement");
  }

  @Test
  void evaluate_whatDoesNotFit_isRefused() throws IOException {
    assertRefused(
        "--context: is for a language model", ENCODER, "--data", articles(), "--context", "3");
    assertRefused("--data: an encoder needs a known text", ENCODER);
    Path one = Files.writeString(folder.resolve("one.txt"), "One sentence of one article alone .");
    assertRefused("has no paragraph with two sentences", ENCODER, "--data", one);
    assertRefused("--fold-norms: has no effect", ENCODER, "--data", one, "--fold-norms");
    Path rule = Files.writeString(folder.resolve("rule.yaml"), "\"layer2.*\": m7e4\n");
    assertRefused("matches no layer", ENCODER, "--data", articles(), "--accumulators", rule);
    Path other = Files.createDirectories(folder.resolve("other"));
    Files.writeString(other.resolve("config.json"), "{\"model_type\": \"mamba\"}");
    assertRefused(
        "key \"model_type\": expected llama, qwen2, gpt2 or bert, got \"mamba\"",
        other,
        "--data",
        one);
    Files.writeString(other.resolve("config.json"), "{\"model_type\": \"llama\"}");
    assertRefused("key \"num_attention_heads\": missing", other, "--data", one);
    Files.writeString(other.resolve("config.json"), "[]");
    assertRefused("config.json: text: expected a JSON object", other, "--data", one);
  }

  private static void assertRefused(String message, Object... words) {
    Object[] all = new Object[words.length + 1];
    all[0] = "evaluate";
    System.arraycopy(words, 0, all, 1, words.length);
    Said said = Said.by(all);
    assertThat(said.exitCode()).as(said.err() + said.out()).isEqualTo(2);
    assertThat(said.err()).contains(message);
  }
}
