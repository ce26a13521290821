package dev.narrows.network.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.narrows.core.testing.SharedData;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.LayerRegisters;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Needs stories260K under a root of NARROWS_DATA; CI must have it. */
@Tag("data")
class SharedLlamaTest {
  private static final String MODEL = "models/stories260k/stories260K.bin";
  private static final String TOKENIZER = "models/stories260k/tok512.bin";

  private static List<String[]> golden(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(SharedLlamaTest.class.getResourceAsStream("/golden/" + name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .skip(2)
          .map(line -> line.split(",", -1))
          .toList();
    }
  }

  private static int[] ids(String text) {
    return Arrays.stream(text.split(" ")).mapToInt(Integer::parseInt).toArray();
  }

  @Test
  void encode_goldenTexts_giveTheirTokens() throws IOException {
    Tokenizer tokenizer = Tokenizer.read(SharedData.file(TOKENIZER), 512);
    for (String[] row : golden("llama-tokens.csv")) {
      String text = new String(HexFormat.of().parseHex(row[0]), StandardCharsets.UTF_8);
      assertThat(tokenizer.encode(text)).as(text).isEqualTo(ids(row[1]));
    }
  }

  @Test
  void network_goldenScores_agreeToRounding() throws IOException {
    int[] text = ids(golden("llama-tokens.csv").getFirst()[1]);
    int[] inputs = new int[text.length + 1];
    inputs[0] = Tokenizer.BEGIN;
    System.arraycopy(text, 0, inputs, 1, text.length);
    LlamaCheckpoint checkpoint = LlamaCheckpoint.read(SharedData.file(MODEL));
    float[] scores;
    try (Executor executor =
        Executor.of(checkpoint.network(inputs.length), LayerRegisters.exact(), 2)) {
      scores = executor.run(inputs, 1).numbers();
    }
    for (String[] row : golden("llama-scores.csv")) {
      int position = Integer.parseInt(row[0]);
      double[] expected =
          Arrays.stream(row[1].split(" ")).mapToDouble(Double::parseDouble).toArray();
      double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
      // float64 there, float32 rounded after each of some 60 layers here: rounding errors of half
      // an ULP walk to a few ULP of the largest score; measured at most 2.0
      double tolerance = 4 * Math.ulp((float) largest);
      for (int v = 0; v < 512; v++) {
        assertThat((double) scores[v * inputs.length + position])
            .as("position %d, id %d", position, v)
            .isCloseTo(expected[v], within(tolerance));
      }
    }
  }

  @Test
  void sampler_fixedSeed_tellsAStory() throws IOException {
    Tokenizer tokenizer = Tokenizer.read(SharedData.file(TOKENIZER), 512);
    LlamaCheckpoint checkpoint = LlamaCheckpoint.read(SharedData.file(MODEL));
    int[][] made = new Sampler(checkpoint, 1).sample(1, 24, 2);
    int[] begun = new int[25];
    begun[0] = Tokenizer.BEGIN;
    System.arraycopy(made[0], 0, begun, 1, 24);
    System.out.println(tokenizer.decode(begun));
    assertThat(tokenizer.encode(tokenizer.decode(begun))).hasSizeBetween(12, 30);
    LanguageLoss loss =
        LanguageLoss.of(checkpoint, 24, made[0], LayerRegisters.exact(), false, 1, done -> {});
    assertThat(loss.mean()).isBetween(0.3, 3.0); // ln 512 = 6.2 for a model that knows nothing
  }
}
