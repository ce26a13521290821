package dev.narrows.network.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.narrows.network.execute.LayerRegisters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Scores of a model in float64, as scripts under {@code interop} write them. */
final class GoldenScores {
  private GoldenScores() {}

  /** Holds a model's scores in exact sums against a file's. */
  static void check(LlamaModel model, Path golden) throws IOException {
    List<String> lines = Files.readAllLines(golden);
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
}
