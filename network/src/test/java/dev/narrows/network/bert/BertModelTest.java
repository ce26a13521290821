package dev.narrows.network.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.narrows.core.dot.Summation;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.execute.FloatStatistics;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.ReferenceExecutor;
import dev.narrows.network.files.NetworkFiles;
import dev.narrows.network.hub.HubFolder;
import dev.narrows.network.tensor.Words;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small encoder that another program wrote, and its vectors by another program. */
class BertModelTest {
  @TempDir private Path folder;

  private record Row(String text, int[] ids, double[] vector) {}

  private static Path golden() throws URISyntaxException {
    return Path.of(
        Objects.requireNonNull(BertModelTest.class.getResource("/golden/hub/bert")).toURI());
  }

  private static BertModel open(Path model) throws IOException {
    return BertModel.open(HubFolder.of(model).orElseThrow());
  }

  private static List<Row> rows() throws IOException, URISyntaxException {
    return Files.readAllLines(golden().resolve("vectors.csv")).stream()
        .skip(2)
        .map(line -> line.split(",", -1))
        .map(part ->
            new Row(
                new String(HexFormat.of().parseHex(part[0]), StandardCharsets.UTF_8),
                Arrays.stream(part[1].split(" ")).mapToInt(Integer::parseInt).toArray(),
                Arrays.stream(part[2].split(" ")).mapToDouble(Double::parseDouble).toArray()))
        .toList();
  }

  @Test
  void vectors_goldenSentences_agreeToRounding() throws IOException, URISyntaxException {
    BertModel model = open(golden());
    List<Row> rows = rows();
    int[][] ids =
        rows.stream()
            .map(row -> model.tokenizer().marked(row.text(), model.longest()))
            .toArray(int[][]::new);
    for (int threads = 1; threads <= 2; threads++) {
      float[][] vectors =
          SentenceVectors.of(model, ids, LayerRegisters.exact(), false, threads, done -> {})
              .vectors();
      for (int i = 0; i < ids.length; i++) {
        assertThat(ids[i]).isEqualTo(rows.get(i).ids());
        for (int c = 0; c < vectors[i].length; c++) {
          // float64 there, here some 30 steps rounded to float32 of numbers up to 4
          assertThat((double) vectors[i][c])
              .as("\"%s\" %d", rows.get(i).text(), c)
              .isCloseTo(rows.get(i).vector()[c], within(2e-6));
        }
      }
    }
  }

  @Test
  void vectors_inANarrowRegister_areThoseOfTheReference() throws IOException, URISyntaxException {
    BertModel model = open(golden());
    LayerRegisters registers = LayerRegisters.of(Summation.parse("m4e4(9)/m4e4(8):chunk(3)"));
    int[][] ids = {{2, 9, 40, 3}, {2, 7, 3}, {2, 77, 60, 3}};
    SentenceVectors made = SentenceVectors.of(model, ids, registers, true, 2, done -> {});
    for (int i = 0; i < ids.length; i++) {
      float[] expected =
          Words.numbers(new ReferenceExecutor(model.network(ids[i].length), registers).run(ids[i]));
      assertThat(made.vectors()[i]).isEqualTo(SentenceVectors.unit(expected));
    }
    float[][] exact =
        SentenceVectors.of(model, ids, LayerRegisters.exact(), false, 2, done -> {}).vectors();
    assertThat(made.vectors()[0]).isNotEqualTo(exact[0]);
    assertThat(made.statistics()).hasSize(16);
    FloatStatistics scores = made.statistics().get(3);
    assertThat(scores.layer()).isEqualTo("layer0.attention.scores");
    assertThat(scores.terms()).isEqualTo(8);
    assertThat(scores.events().products()).isEqualTo(8 * 2 * (16 + 9 + 16));
    assertThat(made.statistics().get(4).terms()).isEqualTo(4);
  }

  @Test
  void network_ofAFolder_hasALayerForEverySum() throws IOException, URISyntaxException {
    assertThat(NetworkFiles.read(golden()).layers())
        .extracting(layer -> layer.name())
        .startsWith("embedding", "embedding.kind", "embedding.position", "embedding.norm")
        .contains("layer1.attention.mix", "layer1.feed.down")
        .endsWith("sentence");
    assertThatThrownBy(() -> open(golden()).network(49)).hasMessageContaining("in [1, 48], got 49");
  }

  private Path copy() throws IOException, URISyntaxException {
    Path to = folder.resolve("copy");
    try (Stream<Path> files = Files.walk(golden())) {
      for (Path file : files.toList()) {
        Path target = to.resolve(golden().relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.write(target, Files.readAllBytes(file));
        }
      }
    }
    return to;
  }

  private void assertRefused(String file, String from, String to, String message)
      throws IOException, URISyntaxException {
    Path model = copy();
    String sound = Files.readString(model.resolve(file));
    assertThat(sound).contains(from);
    Files.writeString(model.resolve(file), sound.replace(from, to));
    assertThatThrownBy(() -> open(model))
        .as(to)
        .isInstanceOf(NetworkFileException.class)
        .hasMessageContaining(file)
        .hasMessageContaining(message);
  }

  @Test
  void folder_thatIsNotRead_isRefusedByItsKey() throws IOException, URISyntaxException {
    String config = "config.json";
    assertRefused(config, "\"bert\"", "\"roberta\"", "expected bert, got \"roberta\"");
    assertRefused(config, "\"absolute\"", "\"relative_key\"", "expected absolute");
    assertRefused(config, "\"gelu\"", "\"swish\"", "expected one of [gelu, gelu_new,");
    assertRefused(config, "\"hidden_size\": 16", "\"hidden_size\": 15", "must divide hidden_size");
    assertRefused(config, "\"type_vocab_size\": 2", "\"is_decoder\": true", "is not read");
    assertRefused(config, "1e-12", "-1", "key \"layer_norm_eps\": must be a positive number");
    assertRefused(
        "modules.json", "\"1_Pooling\"", "\"../1_Pooling\"", "expected a folder in this one");
    assertRefused(
        "modules.json", "models.Normalize", "models.Dense", "expected Transformer, Pooling");
    assertRefused("modules.json", "[{", "{", "not valid JSON");
    assertRefused(
        "modules.json", "\"sentence_transformers.models.Normalize\"", "7", "key \"2.type\"");
    assertRefused(
        "1_Pooling/config.json", "mean_tokens", "max_tokens", "key \"pooling_mode_max_tokens\"");
    assertRefused("sentence_bert_config.json", "40", "1", "expected a whole number in [2, ");
    Path model = copy();
    String sound = Files.readString(model.resolve(config));
    Files.writeString(
        model.resolve(config), sound.replace("\"hidden_size\": 16", "\"hidden_size\": 14"));
    assertThatThrownBy(() -> open(model))
        .isInstanceOf(NetworkFileException.class)
        .hasMessageContaining("model.safetensors: tensor \"embeddings.word_embeddings.weight\"")
        .hasMessageContaining("expected the shape [500, 14] by config.json, got BF16 [500, 16]");
  }

  @Test
  void pooling_ofTheFirstToken_isItsVector() throws IOException, URISyntaxException {
    Path model = copy();
    Files.writeString(model.resolve("1_Pooling/config.json"), "{\"pooling_mode_cls_token\": true}");
    Files.delete(model.resolve("sentence_bert_config.json"));
    BertModel first = open(model);
    assertThat(first.longest()).isEqualTo(48);
    int[][] ids = {{2, 9, 40, 3}, {2}};
    float[][] vectors =
        SentenceVectors.of(first, ids, LayerRegisters.exact(), false, 1, done -> {}).vectors();
    float[][] means =
        SentenceVectors.of(open(golden()), ids, LayerRegisters.exact(), false, 1, done -> {})
            .vectors();
    assertThat(vectors[0]).isNotEqualTo(means[0]);
    assertThat(vectors[1]).isEqualTo(means[1]); // of one token both are the same
    assertThat(SentenceVectors.cosine(vectors[0], vectors[0])).isCloseTo(1, within(1e-12));
  }
}
