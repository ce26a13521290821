package dev.narrows.network.llama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.network.hub.HubFolder;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
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
    GoldenScores.check(model, folder.resolve("scores.csv"));
  }
}
