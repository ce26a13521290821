package dev.narrows.network.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.hub.HubFolder;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A folder of one layer that another program wrote, and its scores by another program. */
class HubGoldenTest {
  @Test
  void runner_goldenScores_agreeToRounding() throws IOException, URISyntaxException {
    Path folder =
        Path.of(
            Objects.requireNonNull(HubGoldenTest.class.getResource("/golden/hub/qwen2")).toURI());
    HubLlama model = HubLlama.open(HubFolder.of(folder).orElseThrow());
    assertThat(model.tokenizer().encode("this")).containsExactly(257, 'i', 's');
    List<String> lines = Files.readAllLines(folder.resolve("scores.csv"));
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
      // float64 there; here some 20 steps rounded to float32
      double tolerance = 4 * Math.ulp((float) largest);
      for (int v = 0; v < vocabulary; v++) {
        assertThat((double) made[v * ids.length + position])
            .as("position %d, id %d", position, v)
            .isCloseTo(expected[v], within(tolerance));
      }
    }
  }
}
