package dev.narrows.network.llama;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A file of one layer that another program wrote, and its scores by another program. */
class GgufGoldenTest {
  private static Path golden(String name) throws URISyntaxException {
    URL file = GgufGoldenTest.class.getResource("/golden/gguf/" + name);
    return Path.of(Objects.requireNonNull(file).toURI());
  }

  @Test
  void runner_goldenScores_agreeToRounding() throws IOException, URISyntaxException {
    GgufLlama model = GgufLlama.open(golden("tiny.gguf"));
    GoldenScores.check(model, golden("tiny-scores.csv"));
  }

  @Test
  void vocabulary_ofTheGoldenFile_cutsTexts() throws IOException, URISyntaxException {
    GgufLlama model = GgufLlama.open(golden("tiny.gguf"));
    assertThat(model.tokenizer().encode("this")).containsExactly(257, 'i', 's');
    assertThat(model.tokenizer().decode(new int[] {257, 'i', 's', 256})).isEqualTo("this");
    assertThat(model.begin()).isEmpty();
    assertThat(model.end()).hasValue(256);
  }
}
