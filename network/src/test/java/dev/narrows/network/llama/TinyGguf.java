package dev.narrows.network.llama;

import dev.narrows.network.gguf.GgufBuilder;
import dev.narrows.network.gguf.GgufFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The model of {@link TinyLlama} as GGUF, with a byte-level vocabulary or one of pieces. */
final class TinyGguf {
  static final Path FILE = Path.of("tiny.gguf");

  private TinyGguf() {}

  /** Of the architecture {@code llama}: the very numbers of a checkpoint. */
  static GgufBuilder llama(LlamaCheckpoint of) {
    GgufBuilder file = sizes("llama", of);
    tensors(file, of, false);
    return vocabulary(file, of.shape().vocabulary());
  }

  /** Of {@code qwen2}: pairs of channels half a head apart; biases of queries, keys and values. */
  static GgufBuilder qwen2(LlamaCheckpoint of, boolean biases) {
    GgufBuilder file = sizes("qwen2", of);
    tensors(file, of, true);
    if (biases) {
      Random random = new Random(3);
      for (int layer = 0; layer < of.shape().layers(); layer++) {
        for (LlamaMatrix matrix : List.of(LlamaMatrix.QUERY, LlamaMatrix.KEY, LlamaMatrix.VALUE)) {
          float[] bias = new float[matrix.rows(of.shape())];
          for (int i = 0; i < bias.length; i++) {
            bias[i] = (float) random.nextGaussian();
          }
          file.floats(GgufLayout.name(matrix, layer) + ".bias", bias, bias.length);
        }
      }
    }
    return vocabulary(file, of.shape().vocabulary());
  }

  static GgufLlama open(GgufBuilder file) throws IOException {
    return GgufLlama.of(GgufFile.of(FILE, MemorySegment.ofArray(file.bytes())));
  }

  private static GgufBuilder sizes(String family, LlamaCheckpoint of) {
    LlamaShape shape = of.shape();
    return new GgufBuilder()
        .text("general.architecture", family)
        .whole(family + ".embedding_length", shape.dim())
        .whole(family + ".feed_forward_length", shape.hidden())
        .whole(family + ".block_count", shape.layers())
        .whole(family + ".attention.head_count", shape.heads())
        .whole(family + ".attention.head_count_kv", shape.keyHeads())
        .whole(family + ".context_length", shape.length())
        .real(family + ".attention.layer_norm_rms_epsilon", of.epsilon())
        .real(family + ".rope.freq_base", of.rotaryBase());
  }

  private static void tensors(GgufBuilder file, LlamaCheckpoint of, boolean halvesApart) {
    LlamaShape shape = of.shape();
    for (LlamaMatrix matrix : LlamaMatrix.values()) {
      if (matrix == LlamaMatrix.CLASSIFIER && shape.shared()) {
        continue;
      }
      int rows = matrix.rows(shape);
      int terms = matrix.terms(shape);
      for (int layer = 0; layer < (matrix.inLayers() ? shape.layers() : 1); layer++) {
        float[] values = new float[rows * terms];
        of.rows(matrix, layer, 0, rows, values);
        boolean apart = halvesApart && (matrix == LlamaMatrix.QUERY || matrix == LlamaMatrix.KEY);
        file.floats(
            GgufLayout.name(matrix, layer) + ".weight",
            apart ? apart(values, terms, shape.headSize()) : values,
            terms,
            rows);
      }
    }
    for (int layer = 0; layer < shape.layers(); layer++) {
      String block = "blk." + layer + ".";
      file.floats(block + "attn_norm.weight", of.gains(LlamaNorm.ATTENTION, layer), shape.dim());
      file.floats(block + "ffn_norm.weight", of.gains(LlamaNorm.FEED, layer), shape.dim());
    }
    file.floats("output_norm.weight", of.gains(LlamaNorm.LAST, 0), shape.dim());
  }

  /** Even channels of a head first, then odd ones. */
  static float[] apart(float[] values, int terms, int head) {
    float[] moved = new float[values.length];
    for (int r = 0; r < values.length / terms; r++) {
      int within = r % head;
      int to = r - within + within % 2 * (head / 2) + within / 2;
      System.arraycopy(values, r * terms, moved, to * terms, terms);
    }
    return moved;
  }

  /** All bytes in an alphabet of visible characters, then marks. */
  private static GgufBuilder vocabulary(GgufBuilder file, int size) {
    List<String> tokens = new ArrayList<>();
    int beyond = 256;
    for (int b = 0; b < 256; b++) {
      boolean visible = b >= '!' && b <= '~' || b >= 0xA1 && b != 0xAD;
      tokens.add(String.valueOf((char) (visible ? b : beyond++)));
    }
    tokens.add("ab");
    while (tokens.size() < size) {
      tokens.add("<mark" + tokens.size() + ">");
    }
    int[] kinds = new int[size];
    for (int id = 0; id < size; id++) {
      kinds[id] = id < 257 ? 1 : 3;
    }
    return file.text("tokenizer.ggml.model", "gpt2")
        .text("tokenizer.ggml.pre", "smollm")
        .texts("tokenizer.ggml.tokens", tokens)
        .texts("tokenizer.ggml.merges", List.of("a b"))
        .wholes("tokenizer.ggml.token_type", kinds)
        .truth("tokenizer.ggml.add_bos_token", false)
        .whole("tokenizer.ggml.bos_token_id", 258)
        .whole("tokenizer.ggml.eos_token_id", 259);
  }
}
