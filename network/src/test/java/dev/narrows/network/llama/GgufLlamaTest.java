package dev.narrows.network.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.files.NetworkFiles;
import dev.narrows.network.gguf.GgufBuilder;
import dev.narrows.network.gguf.GgufType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufLlamaTest {
  @TempDir private Path folder;
  private LlamaCheckpoint checkpoint;

  @BeforeEach
  void makeCheckpoint() throws IOException {
    checkpoint = TinyLlama.open(folder, false, 2, 1); // heads of four channels
  }

  private static void assertRefused(GgufBuilder file, String message) {
    assertThatExceptionOfType(NetworkFileException.class)
        .isThrownBy(() -> TinyGguf.open(file))
        .withMessageStartingWith("tiny.gguf: ")
        .withMessageContaining(message);
  }

  @Test
  void network_sameNumbersAsACheckpoint_isTheSameNetwork() throws IOException {
    for (boolean shared : new boolean[] {false, true}) {
      LlamaCheckpoint of = TinyLlama.open(folder, shared, 2, 1);
      Network expected = of.network(5);
      assertThat(TinyGguf.open(TinyGguf.llama(of)).network(5)).isEqualTo(expected);
      // pairs half a head apart, brought together again
      assertThat(TinyGguf.open(TinyGguf.qwen2(of, false)).network(5)).isEqualTo(expected);
    }
  }

  @Test
  void network_fromAFile_isThatOfItsLongestWindow() throws IOException {
    Path file = Files.write(folder.resolve("m.gguf"), TinyGguf.llama(checkpoint).bytes());
    assertThat(NetworkFiles.read(file)).isEqualTo(checkpoint.network(TinyLlama.LENGTH));
  }

  @Test
  void bias_ofPairsHalfAHeadApart_isBroughtTogetherAsRowsAre() throws IOException {
    GgufLlama model = TinyGguf.open(TinyGguf.qwen2(checkpoint, true));
    GgufLlama plain = TinyGguf.open(TinyGguf.qwen2(checkpoint, false));
    Random random = new Random(3); // of the first bias, as it is written
    float[] raw = new float[8];
    for (int i = 0; i < raw.length; i++) {
      raw[i] = (float) random.nextGaussian();
    }
    assertThat(model.bias(LlamaMatrix.QUERY, 0))
        .containsExactly(raw[0], raw[2], raw[1], raw[3], raw[4], raw[6], raw[5], raw[7]);
    assertThat(model.bias(LlamaMatrix.VALUE, 0)).hasSize(4);
    assertThat(model.bias(LlamaMatrix.OUTPUT, 1)).isEmpty();
    assertThat(scores(model.network(4))).isNotEqualTo(scores(plain.network(4)));
  }

  @Test
  void positions_scaled_areDividedByMetadataOrByATensor() throws IOException {
    GgufLlama linear =
        TinyGguf.open(
            TinyGguf.llama(checkpoint)
                .text("llama.rope.scaling.type", "linear")
                .real("llama.rope.scaling.factor", 4));
    assertThat(linear.rotaryDivisors()).containsExactly(4f, 4f);
    GgufLlama each =
        TinyGguf.open(
            TinyGguf.llama(checkpoint).floats("rope_freqs.weight", new float[] {1, 8}, 2));
    assertThat(each.rotaryDivisors()).containsExactly(1f, 8f);
    float[] plain = scores(TinyGguf.open(TinyGguf.llama(checkpoint)).network(4));
    assertThat(scores(linear.network(4))).isNotEqualTo(plain);
    assertThat(scores(each.network(4))).isNotEqualTo(plain);
  }

  private static float[] scores(Network network) {
    try (Executor executor = Executor.of(network, LayerRegisters.exact(), 1)) {
      return executor.run(new int[] {1, 200, 3, 77}, 1).numbers();
    }
  }

  @Test
  void metadata_thatWouldChangeTheModel_isRefused() {
    GgufBuilder other = TinyGguf.llama(checkpoint).text("general.architecture", "gemma");
    assertRefused(other, "expected llama or qwen2, got \"gemma\"");
    record Case(String key, int value, String message) {}
    for (Case one :
        List.of(
            new Case("block_count", 0, "must be in [1, 1048576], got 0"),
            new Case("block_count", 1 << 20, "at least 9 tensors each"),
            new Case("block_count", 3, "at least 9 tensors each"),
            new Case("embedding_length", 7, "n_heads must divide dim"),
            new Case("attention.head_count", 8, "even parts"),
            new Case("attention.head_count_kv", 3, "n_kv_heads must divide n_heads"),
            new Case("feed_forward_length", 13, "tensor blk.0.ffn_gate.weight: expected 13 rows"),
            new Case("rope.dimension_count", 6, "expected 4, the embedding's length by"),
            new Case("attention.key_length", 6, "expected 4, the embedding's length by"),
            new Case("expert_count", 8, "mixtures of experts"),
            new Case("attention.sliding_window", 3, "attention to a part"),
            new Case("context_length", -1, "must be in [1, 1048576]"))) {
      assertRefused(
          TinyGguf.llama(checkpoint).whole("llama." + one.key(), one.value()), one.message());
    }
    assertRefused(
        TinyGguf.llama(checkpoint).text("llama.rope.scaling.type", "yarn"),
        "expected positions that are linear, by a factor of at least 1, or not scaled, got yarn");
    assertRefused(
        TinyGguf.llama(checkpoint)
            .text("llama.rope.scaling.type", "linear")
            .real("llama.rope.scaling.factor", 0.5f),
        "got linear, 0.5");
    assertRefused(
        TinyGguf.llama(checkpoint)
            .text("llama.rope.scaling.type", "linear")
            .real("llama.rope.scaling.factor", 2)
            .floats("rope_freqs.weight", new float[] {1, 2}, 2),
        "positions are scaled in the metadata, too");
    assertRefused(
        TinyGguf.llama(checkpoint).floats("rope_freqs.weight", new float[] {1, 0}, 2),
        "tensor rope_freqs.weight: must be positive numbers, got 0.0");
    assertRefused(
        TinyGguf.llama(checkpoint).real("llama.attention.layer_norm_rms_epsilon", Float.NaN),
        "must be finite");
    assertRefused(
        TinyGguf.llama(checkpoint).without("llama.attention.layer_norm_rms_epsilon"),
        "must be a positive number, got none");
    assertRefused(TinyGguf.llama(checkpoint).real("llama.rope.freq_base", 1), "must be above 1");
  }

  @Test
  void directory_missingOrFurtherTensors_areRefusedByName() {
    assertRefused(
        TinyGguf.llama(checkpoint).withoutTensor("blk.1.attn_k.weight"),
        "tensor blk.1.attn_k.weight: missing");
    assertRefused(
        TinyGguf.llama(checkpoint).withoutTensor("token_embd.weight"),
        "tensor token_embd.weight: missing");
    assertRefused(
        TinyGguf.llama(checkpoint).floats("rope_factors_long.weight", new float[1], 1),
        "1 tensors are no part of the models read here: rope_factors_long.weight");
    assertRefused(
        TinyGguf.llama(checkpoint).floats("rope_freqs.weight", new float[1], 1),
        "tensor rope_freqs.weight: expected 1 rows of 2, got 1 of 1");
    assertRefused(
        TinyGguf.llama(checkpoint)
            .withoutTensor("blk.0.attn_v.weight")
            .floats("blk.0.attn_v.weight", new float[32], 4, 8),
        "tensor blk.0.attn_v.weight: expected 4 rows of 8, got 8 of 4");
  }

  @Test
  void vocabulary_thatDoesNotFitTheModel_isRefused() {
    assertRefused(
        TinyGguf.llama(checkpoint).texts("tokenizer.ggml.tokens", List.of("a")),
        "expected 264, one for each row of the embedding, got 1");
    assertRefused(
        TinyGguf.llama(checkpoint).text("tokenizer.ggml.pre", "strange"),
        "metadata tokenizer.ggml.pre: expected one of gpt-2");
    assertRefused(
        TinyGguf.llama(checkpoint).text("tokenizer.ggml.model", "t5"), "expected gpt2 or llama");
    assertRefused(
        TinyGguf.llama(checkpoint).texts("tokenizer.ggml.merges", List.of("a b", "a zz")),
        "metadata tokenizer.ggml.merges: merge 1: expected two tokens");
    assertRefused(
        TinyGguf.llama(checkpoint).whole("tokenizer.ggml.bos_token_id", 264),
        "must be in [0, 263], got 264");
    assertRefused(
        TinyGguf.llama(checkpoint)
            .without("tokenizer.ggml.bos_token_id")
            .truth("tokenizer.ggml.add_bos_token", true),
        "missing, and every text begins with it");
    assertRefused(
        TinyGguf.llama(checkpoint).text("tokenizer.ggml.model", "llama"),
        "metadata tokenizer.ggml.scores: expected 264, got 0");
  }

  @Test
  void vocabulary_ofPieces_isThatOfTheCheckpoint() throws IOException {
    Path tokens = Files.write(folder.resolve("tok.bin"), TinyLlama.tokenizer());
    Tokenizer expected = Tokenizer.read(tokens, TinyLlama.VOCABULARY);
    List<String> pieces = new ArrayList<>();
    expected.pieces().forEach(piece -> pieces.add(piece.replace(' ', '\u2581')));
    int[] kinds = new int[pieces.size()];
    for (int id = 0; id < kinds.length; id++) {
      kinds[id] = id < 3 ? id == 0 ? 2 : 3 : id < 259 ? 6 : 1;
    }
    GgufLlama model =
        TinyGguf.open(
            TinyGguf.llama(checkpoint)
                .text("tokenizer.ggml.model", "llama")
                .texts("tokenizer.ggml.tokens", pieces)
                .reals("tokenizer.ggml.scores", expected.scores())
                .wholes("tokenizer.ggml.token_type", kinds)
                .without("tokenizer.ggml.add_bos_token")
                .whole("tokenizer.ggml.bos_token_id", 1));
    assertThat(model.begin()).hasValue(1);
    for (String text : List.of("aab", "aaaaa", "é a", "", "<s>")) {
      assertThat(model.tokenizer().encode(text)).as(text).isEqualTo(expected.encode(text));
    }
  }

  @Test
  void rows_scaleThatIsInfinite_isRefusedWhenItIsRead() throws IOException {
    // a block of halves, whose last one is infinite
    byte[] halves = new byte[2 * 8 * 264];
    halves[halves.length - 1] = 0x7C;
    GgufLlama model =
        TinyGguf.open(
            TinyGguf.llama(checkpoint)
                .withoutTensor("output.weight")
                .tensor("output.weight", GgufType.F16, halves, 8, 264));
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() ->
            LanguageLoss.of(
                model, 3, new int[] {1, 2, 3}, LayerRegisters.exact(), false, 2, done -> {}))
        .havingCause()
        .withMessage("tiny.gguf: tensor output.weight: row 263: must be finite, got Infinity");
  }
}
