package dev.narrows.network.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.narrows.network.execute.LayerRegisters;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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
    List<String> lines = Files.readAllLines(golden("tiny-scores.csv"));
    int[] ids =
        Arrays.stream(lines.get(1).substring("ids ".length()).split(" "))
            .mapToInt(Integer::parseInt)
            .toArray();
    int vocabulary = model.shape().vocabulary();
    float[] made = new float[vocabulary * ids.length];
    try (LlamaRunner runner =
        new LlamaRunner(model, LayerRegisters.exact(), ids.length, false, 1)) {
      float[] normed = runner.run(ids, KeyValues.ofOnePass(model.shape(), 1, ids.length));
      runner.scores(
          normed,
          ids.length,
          (scores, first, columns) -> System.arraycopy(scores, 0, made, 0, made.length));
    }
    for (String line : lines.subList(2, lines.size())) {
      int comma = line.indexOf(',');
      int position = Integer.parseInt(line.substring(0, comma));
      double[] expected =
          Arrays.stream(line.substring(comma + 1).split(" "))
              .mapToDouble(Double::parseDouble)
              .toArray();
      double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
      // float64 there; here some 20 steps rounded to float32, as in the checkpoint's test
      double tolerance = 4 * Math.ulp((float) largest);
      for (int v = 0; v < vocabulary; v++) {
        assertThat((double) made[v * ids.length + position])
            .as("position %d, id %d", position, v)
            .isCloseTo(expected[v], within(tolerance));
      }
    }
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
