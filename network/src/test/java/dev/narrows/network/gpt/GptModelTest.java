package dev.narrows.network.gpt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.narrows.core.dot.Summation;
import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.ReferenceExecutor;
import dev.narrows.network.execute.Scores;
import dev.narrows.network.files.NetworkFiles;
import dev.narrows.network.hub.HubFolder;
import dev.narrows.network.llama.LanguageLoss;
import dev.narrows.network.tensor.Words;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small decoder that another program wrote, and its scores by another program. */
class GptModelTest {
  @TempDir private Path folder;

  private static Path golden() throws URISyntaxException {
    return Path.of(
        Objects.requireNonNull(GptModelTest.class.getResource("/golden/hub/gpt2")).toURI());
  }

  private static GptModel open(Path model) throws IOException {
    return GptModel.open(HubFolder.of(model).orElseThrow());
  }

  @Test
  void network_goldenScores_agreeToRounding() throws IOException, URISyntaxException {
    GptModel model = open(golden());
    assertThat(model.tokenizer().encode("this")).containsExactly(257, 'i', 's');
    assertThat(model.begin()).isEmpty();
    assertThat(model.end()).hasValue(256);
    List<String> lines = Files.readAllLines(golden().resolve("scores.csv"));
    int[] ids =
        Arrays.stream(lines.get(1).substring("ids ".length()).split(" "))
            .mapToInt(Integer::parseInt)
            .toArray();
    ReferenceExecutor reference =
        new ReferenceExecutor(model.network(ids.length), LayerRegisters.exact());
    float[] made = Words.numbers(reference.run(ids));
    for (String line : lines.subList(2, lines.size())) {
      int comma = line.indexOf(',');
      int position = Integer.parseInt(line.substring(0, comma));
      double[] expected =
          Arrays.stream(line.substring(comma + 1).split(" "))
              .mapToDouble(Double::parseDouble)
              .toArray();
      double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
      for (int v = 0; v < expected.length; v++) {
        // float64 there; here some 30 steps rounded to float32
        assertThat((double) made[v * ids.length + position])
            .as("position %d, id %d", position, v)
            .isCloseTo(expected[v], within(4.0 * Math.ulp((float) largest)));
      }
    }
  }

  /** Windows of T predictions, each from the tokens of its window before it. */
  @Test
  void loss_ofWindows_isThatOfTheReferenceInEveryRegister() throws IOException, URISyntaxException {
    GptModel model = open(golden());
    int[] tokens = new Random(4).ints(18, 0, 256).toArray();
    for (String text : List.of("exact", "m4e4(9)/m4e4(8):chunk(3)")) {
      LayerRegisters registers = LayerRegisters.of(Summation.parse(text));
      double[] nats = new double[17];
      int[] likeliest = new int[17];
      for (int first = 0; first < 17; first += 5) {
        int count = Math.min(5, 17 - first);
        Network network = model.network(count);
        int[] ids = Arrays.copyOfRange(tokens, first, first + count);
        float[] scores = Words.numbers(new ReferenceExecutor(network, registers).run(ids));
        int[] targets = Arrays.copyOfRange(tokens, first + 1, first + 1 + count);
        Scores.read(scores, count, 258, targets, nats, likeliest, first);
      }
      for (int threads = 1; threads <= 3; threads++) {
        List<Integer> progress = new ArrayList<>();
        LanguageLoss loss =
            LanguageLoss.of(model, 5, tokens, registers, true, threads, progress::add);
        assertThat(loss.nats()).as(text).isEqualTo(nats);
        assertThat(loss.predictions()).isEqualTo(likeliest);
        assertThat(progress).last().isEqualTo(17);
        assertThat(loss.statistics()).hasSize(text.equals("exact") ? 0 : 17);
        if (!text.equals("exact")) {
          assertThat(loss.statistics().getFirst().events().products()).isEqualTo(17 * 24 * 24);
          assertThat(loss.statistics().get(4).terms()).isEqualTo(5);
        }
      }
    }
  }

  @Test
  void folder_thatIsNotRead_isRefusedByItsKey() throws IOException, URISyntaxException {
    assertThat(NetworkFiles.read(golden()).layer("layer1.attention.mix")).isNotNull();
    String config = Files.readString(golden().resolve("config.json"));
    for (String name : List.of("model.safetensors", "tokenizer.json")) {
      Files.copy(golden().resolve(name), folder.resolve(name));
    }
    String[][] bad = {
      {"\"gpt2\"", "\"gpt_neox\"", "key \"model_type\": expected gpt2, got \"gpt_neox\""},
      {"\"gelu_new\"", "\"relu\"", "key \"activation_function\": expected gelu_new"},
      {"\"n_head\": 3", "\"n_head\": 5", "key \"n_head\": must divide n_embd, got 5 and 24"},
      {"\"n_layer\": 2", "\"n_layer\": 1", "12 tensors are no part of the models read here"},
      {"\"n_layer\": 2", "\"n_layer\": 900", "a model of 900 layers has at least 12 tensors each"},
      {"\"n_layer\": 2", "\"n_layer\": 2, \"scale_attn_weights\": false", "are not read"},
      {"\"n_inner\": null", "\"n_inner\": 95", "expected the shape [24, 95] by config.json"},
      {"1e-05", "0", "key \"layer_norm_epsilon\": must be a positive number"},
    };
    for (String[] one : bad) {
      assertThat(config).contains(one[0]);
      Files.writeString(folder.resolve("config.json"), config.replace(one[0], one[1]));
      assertThatThrownBy(() -> open(folder))
          .as(one[1])
          .isInstanceOf(NetworkFileException.class)
          .hasMessageContaining(one[2]);
    }
  }
}
