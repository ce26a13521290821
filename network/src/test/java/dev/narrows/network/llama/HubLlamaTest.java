package dev.narrows.network.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.files.NetworkFiles;
import dev.narrows.network.hub.HubFolder;
import dev.narrows.network.hub.TinyTokenizer;
import dev.narrows.network.safetensors.MappedSafetensors;
import dev.narrows.network.safetensors.SafetensorsBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of the Hub's layout hold the numbers that other files hold, or are refused. */
class HubLlamaTest {
  @TempDir private Path folder;

  private static HubLlama open(Path model) throws IOException {
    return HubLlama.open(HubFolder.of(model).orElseThrow());
  }

  private static void assertSame(LlamaModel expected, LlamaModel actual) {
    LlamaShape shape = expected.shape();
    assertThat(actual.shape()).isEqualTo(shape);
    assertThat(actual.epsilon()).isEqualTo(expected.epsilon());
    assertThat(actual.rotaryBase()).isEqualTo(expected.rotaryBase());
    for (int layer = 0; layer < shape.layers(); layer++) {
      for (LlamaMatrix matrix : LlamaMatrix.values()) {
        int at = matrix.inLayers() ? layer : 0;
        float[] all = new float[matrix.rows(shape) * matrix.terms(shape)];
        float[] these = all.clone();
        expected.rows(matrix, at, 0, matrix.rows(shape), all);
        actual.rows(matrix, at, 0, matrix.rows(shape), these);
        assertThat(these).as(matrix.name(at)).isEqualTo(all);
        assertThat(actual.bias(matrix, at)).isEqualTo(expected.bias(matrix, at));
      }
      for (LlamaNorm norm : LlamaNorm.values()) {
        int at = norm == LlamaNorm.LAST ? 0 : layer;
        assertThat(actual.gains(norm, at)).isEqualTo(expected.gains(norm, at));
      }
    }
  }

  @Test
  void llama_ofACheckpoint_isTheCheckpoint() throws IOException {
    for (boolean shared : new boolean[] {true, false}) {
      LlamaCheckpoint of = TinyLlama.open(folder, shared);
      Path model = TinyHub.write(folder.resolve("llama" + shared), "llama", of, "F32");
      HubLlama read = open(model);
      assertSame(of, read);
      assertThat(read.begin()).hasValue(257);
      assertThat(read.end()).hasValue(259);
      assertThat(read.tokenizer().encode("cab")).containsExactly('c', 256);
      assertThat(NetworkFiles.read(model).layers())
          .isEqualTo(of.network(TinyLlama.LENGTH).layers());
      assertThat(NetworkFiles.read(model.resolve("model.safetensors")).layers())
          .isEqualTo(of.network(TinyLlama.LENGTH).layers());
    }
  }

  @Test
  void qwen2_withBiases_isTheModelOfTheGgufFile() throws IOException {
    LlamaCheckpoint of = TinyLlama.open(folder, false, 2, 1);
    assertSame(
        TinyGguf.open(TinyGguf.qwen2(of, true)),
        open(TinyHub.write(folder.resolve("qwen2"), "qwen2", of, "F32")));
  }

  /** Numbers that both narrow types hold are read as they are. */
  @Test
  void narrowTypes_roundedNumbers_areThoseNumbers() throws IOException {
    LlamaCheckpoint of = TinyLlama.open(folder, true);
    float[] exact = new float[8 * TinyLlama.VOCABULARY];
    of.rows(LlamaMatrix.EMBEDDING, 0, 0, TinyLlama.VOCABULARY, exact);
    for (String type : List.of("F16", "BF16")) {
      HubLlama read = open(TinyHub.write(folder.resolve(type), "llama", of, type));
      float[] narrow = exact.clone();
      read.rows(LlamaMatrix.EMBEDDING, 0, 0, TinyLlama.VOCABULARY, narrow);
      for (int i = 0; i < exact.length; i++) {
        float expected =
            type.equals("F16")
                ? Float.float16ToFloat(Float.floatToFloat16(exact[i]))
                : Float.intBitsToFloat(Float.floatToRawIntBits(exact[i]) & 0xFFFF0000);
        assertThat(narrow[i]).isEqualTo(expected);
      }
    }
  }

  private Path sharded(LlamaCheckpoint of) throws IOException {
    Path model = TinyHub.write(folder.resolve("sharded"), "qwen2", of, "F32");
    Files.delete(model.resolve("model.safetensors"));
    List<String> map = new ArrayList<>();
    for (int shard = 0; shard < 2; shard++) {
      String name = "model-0000%d-of-00002.safetensors".formatted(shard + 1);
      Path file = model.resolve(name);
      Files.write(
          file,
          TinyHub.layers(new SafetensorsBuilder(), of, true, "F32", shard, shard + 1).bytes());
      for (String tensor : MappedSafetensors.open(file).entries().keySet()) {
        map.add("\"%s\":\"%s\"".formatted(tensor, name));
      }
    }
    Files.writeString(
        model.resolve("model.safetensors.index.json"),
        "{\"metadata\":{\"total_size\":1},\"weight_map\":{" + String.join(",", map) + "}}");
    return model;
  }

  @Test
  void shards_ofAnIndex_areOneModel() throws IOException {
    LlamaCheckpoint of = TinyLlama.open(folder, true, 2, 1);
    Path model = sharded(of);
    Path one = TinyHub.write(folder.resolve("one"), "llama", of, "F32");
    float[] all = new float[64];
    float[] these = new float[64];
    for (int layer = 0; layer < 2; layer++) {
      open(model).rows(LlamaMatrix.QUERY, layer, 0, 8, these);
      open(one).rows(LlamaMatrix.QUERY, layer, 0, 8, all);
      assertThat(these).isEqualTo(all);
    }
    assertThat(HubFolder.of(model).orElseThrow().parts())
        .containsExactly(
            "config.json",
            "model.safetensors.index.json",
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors",
            "tokenizer.json");
    String before = NetworkFiles.sha256OfModel(model);
    Files.writeString(model.resolve("tokenizer.json"), TinyTokenizer.bytes(260, true));
    assertThat(NetworkFiles.sha256OfModel(model)).isNotEqualTo(before);
  }

  @Test
  void index_thatDoesNotFit_isRefused() throws IOException {
    Path model = sharded(TinyLlama.open(folder, true, 2, 1));
    Path index = model.resolve("model.safetensors.index.json");
    String sound = Files.readString(index);
    for (String shard :
        List.of("../model.safetensors", "/etc/passwd", "a/b.safetensors", "..", "model.bin", "")) {
      Files.writeString(index, sound.replace("model-00002-of-00002.safetensors", shard));
      assertThatThrownBy(() -> open(model))
          .isInstanceOf(NetworkFileException.class)
          .hasMessageContaining("expected the name of a .safetensors file in this folder, got");
    }
    Files.writeString(index, sound.replace("model-00002-of", "model-00003-of"));
    assertThatThrownBy(() -> open(model))
        .hasMessageContaining("model-00003-of-00002.safetensors: file: no such file");
    Files.writeString(index, sound.replace("layers.1.mlp.up_proj", "layers.1.mlp.up"));
    assertThatThrownBy(() -> open(model))
        .hasMessageContaining(
            "shard model-00002-of-00002.safetensors: the index and the file must name the same"
                + " tensors; missing there: model.layers.1.mlp.up.weight, missing here:"
                + " model.layers.1.mlp.up_proj.weight");
    Files.writeString(index, "{\"weight_map\":[]}");
    assertThatThrownBy(() -> open(model)).hasMessageContaining("expected an object of names");
  }

  private void assertRefused(String from, String to, String message) throws IOException {
    LlamaCheckpoint of = TinyLlama.open(folder, false);
    Path model = TinyHub.write(folder.resolve("bad"), "llama", of, "F32");
    String sound = Files.readString(model.resolve("config.json"));
    assertThat(sound).contains(from);
    Files.writeString(model.resolve("config.json"), sound.replace(from, to));
    assertThatThrownBy(() -> open(model))
        .as(to)
        .isInstanceOf(NetworkFileException.class)
        .hasMessageContaining(message);
  }

  private void assertScalingRefused(String said, String message) throws IOException {
    assertRefused(
        "\"rope_scaling\":null",
        "\"rope_scaling\":{" + said + "}",
        "key \"rope_scaling." + message);
  }

  @Test
  void positions_scaled_areReadWithTheirDivisors() throws IOException {
    LlamaCheckpoint of = TinyLlama.open(folder, true);
    Path model = TinyHub.write(folder.resolve("scaled"), "llama", of, "F32");
    Path config = model.resolve("config.json");
    String sound = Files.readString(config);
    assertThat(open(model).rotaryDivisors()).isEmpty();
    Files.writeString(
        config,
        sound.replace(
            "\"rope_scaling\":null", "\"rope_scaling\":{\"type\":\"linear\",\"factor\":2.5}"));
    assertThat(open(model).rotaryDivisors()).hasSize(of.shape().headSize() / 2).containsOnly(2.5f);
    Files.writeString(
        config,
        sound.replace(
            "\"rope_scaling\":null",
            "\"rope_scaling\":{\"rope_type\":\"llama3\",\"factor\":8.0,\"low_freq_factor\":1.0,"
                + "\"high_freq_factor\":4.0,\"original_max_position_embeddings\":8192}"));
    HubLlama read = open(model);
    assertThat(read.rotaryDivisors())
        .isEqualTo(RotaryScaling.llama3(of.shape().headSize(), 10_000, 8, 1, 4, 8192));
    // the runner and the network turn alike
    int[] ids = {3, 7, 1, 250, 9, 2};
    LanguageLoss loss = LanguageLoss.of(read, 6, ids, LayerRegisters.exact(), false, 1, done -> {});
    LanguageLoss slow = NetworkLoss.of(read, 6, ids, LayerRegisters.exact(), false, 1, done -> {});
    assertThat(loss.nats()).isEqualTo(slow.nats());
  }

  /** The text of transformers' modeling_rope_utils, whose masks are written otherwise. */
  @Test
  void llama3_everyPair_isDividedAsTransformersDoes() {
    int size = 64;
    for (float base : new float[] {10_000, 500_000}) {
      List<Float> divisors = RotaryScaling.llama3(size, base, 32, 1, 4, 8192);
      int between = 0;
      for (int i = 0; i < size / 2; i++) {
        double inverse = 1 / StrictMath.pow(base, 2.0 * i / size);
        double wavelength = 2 * Math.PI / inverse;
        double expected = wavelength > 8192.0 / 1 ? inverse / 32 : inverse;
        if (!(wavelength < 8192.0 / 4) && !(wavelength > 8192.0 / 1)) {
          double smooth = (8192 / wavelength - 1) / (4 - 1);
          expected = (1 - smooth) * inverse / 32 + smooth * inverse;
          between++;
        }
        assertThat(inverse / divisors.get(i)).isCloseTo(expected, Percentage.withPercentage(1e-5));
      }
      assertThat(between).isPositive();
      assertThat(divisors).startsWith(1f).endsWith(32f);
    }
  }

  @Test
  void config_thatIsNotRead_isRefusedByItsKey() throws IOException {
    assertRefused("\"llama\"", "\"mamba\"", "key \"model_type\": expected llama or qwen2, got");
    assertRefused("\"llama\"", "7", "key \"model_type\": expected a text, got 7");
    assertRefused(
        "\"hidden_size\":8", "\"hidden_size\":16", "expected the shape [264, 16] by config.json");
    assertRefused(
        "\"hidden_size\":8", "\"hidden_size\":8.5", "key \"hidden_size\": expected a whole");
    assertRefused("\"hidden_size\":8", "\"hidden_size\":null", "key \"hidden_size\": missing");
    assertRefused("\"hidden_size\":8", "\"hidden_size\":7", "n_heads must divide dim");
    assertRefused(
        "\"num_hidden_layers\":2",
        "\"num_hidden_layers\":1048576",
        "a model of 1048576 layers has at least 9 tensors each, the file has 21");
    assertRefused(
        "\"num_hidden_layers\":2",
        "\"num_hidden_layers\":1",
        "9 tensors are no part of the models read here: model.layers.1.input_layernorm.weight");
    assertRefused("1e-5", "0", "key \"rms_norm_eps\": must be a positive number, got 0.0");
    assertRefused("10000.0", "1e99", "key \"rope_theta\": expected a number of binary32");
    assertRefused("10000.0", "1", "key \"rope_theta\": must be above 1");
    assertRefused("\"silu\"", "\"gelu\"", "key \"hidden_act\": expected silu, got \"gelu\"");
    assertScalingRefused("\"type\":\"yarn\"", "rope_type\": expected default, linear or llama3");
    assertScalingRefused(
        "\"rope_type\":\"linear\"", "factor\": must be a positive number, got none");
    assertScalingRefused(
        "\"rope_type\":\"linear\",\"factor\":0.5", "factor\": must be at least 1, got 0.5");
    assertScalingRefused(
        "\"rope_type\":\"llama3\",\"factor\":8,\"low_freq_factor\":4,\"high_freq_factor\":4",
        "high_freq_factor\": must be above low_freq_factor, 4.0, got 4.0");
    assertScalingRefused(
        "\"rope_type\":\"llama3\",\"factor\":8,\"low_freq_factor\":1,\"high_freq_factor\":4",
        "original_max_position_embeddings\": missing");
    assertRefused(
        "\"rope_scaling\":null",
        "\"rope_scaling\":{\"type\":\"linear\",\"factor\":2},\"rope_parameters\":{\"rope_theta\":10000.0,"
            + "\"rope_type\":\"linear\",\"factor\":3}",
        "key \"rope_parameters\": says other positions than rope_scaling");
    assertRefused(
        "\"rope_scaling\":null", "\"head_dim\":4", "key \"head_dim\": expected 2, hidden_size by");
    assertRefused(
        "\"rope_scaling\":null",
        "\"attention_bias\":true",
        "tensor \"model.layers.0.self_attn.q_proj.bias\": missing");
    assertRefused(
        "\"rope_scaling\":null",
        "\"tie_word_embeddings\":true",
        "not valid JSON: Duplicate Object property \"tie_word_embeddings\"");
    assertRefused("{", "", "config.json: text: ");
    assertRefused(
        "[259,260]", "[264]", "key \"eos_token_id\": expected a whole number in [0, 263]");
  }

  @Test
  void tensors_thatDoNotFit_areRefusedByName() throws IOException {
    LlamaCheckpoint of = TinyLlama.open(folder, true);
    Path model = TinyHub.write(folder.resolve("tensors"), "llama", of, "F32");
    Path file = model.resolve("model.safetensors");
    Files.write(
        file, TinyHub.tensors(of, false, "F32").floats("extra", "F32", new float[2], 2).bytes());
    assertThatThrownBy(() -> open(model))
        .hasMessageContaining("1 tensors are no part of the models read here: extra");
    Files.write(
        file,
        TinyHub.tensors(of, false, "F32")
            .floats("lm_head.weight", "F32", new float[2], 2)
            .raw("model.layers.0.self_attn.rotary_emb.inv_freq", "F32", new byte[8], 2)
            .bytes());
    assertSame(of, open(model));
    Files.write(file, TinyHub.layers(new SafetensorsBuilder(), of, false, "F32", 0, 1).bytes());
    assertThatThrownBy(() -> open(model)).hasMessageContaining("the file has 11");
    byte[] whole = TinyHub.tensors(of, false, "F32").bytes();
    for (int length : new int[] {0, 7, 8, 9, 100, whole.length - 1}) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> open(model))
          .isInstanceOf(NetworkFileException.class)
          .hasMessageContaining("model.safetensors: ");
    }
    Files.delete(file);
    assertThatThrownBy(() -> open(model)).hasMessageContaining("model.safetensors: file: no such");
  }

  @Test
  void numbers_thatAreNotFinite_areRefusedWhenRead() throws IOException {
    LlamaCheckpoint of = TinyLlama.open(folder, true);
    Path model = TinyHub.write(folder.resolve("nan"), "llama", of, "BF16");
    Path file = model.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    int data = 8 + ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
    bytes[data + 2 * 8 * 5 + 1] = (byte) 0xFF; // row 5 of the embedding
    bytes[data + 2 * 8 * 5] = (byte) 0x80;
    Files.write(file, bytes);
    HubLlama read = open(model);
    float[] row = new float[8];
    read.rows(LlamaMatrix.EMBEDDING, 0, 4, 1, row);
    assertThatThrownBy(() -> read.rows(LlamaMatrix.EMBEDDING, 0, 5, 1, row))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("element 40: must be finite, got -Infinity");
  }
}
