package dev.narrows.network.llama;

import dev.narrows.network.hub.TinyTokenizer;
import dev.narrows.network.safetensors.SafetensorsBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** The model of {@link TinyLlama} as a folder of the Hub's layout. */
final class TinyHub {
  private TinyHub() {}

  static String config(String family, LlamaCheckpoint of) {
    LlamaShape shape = of.shape();
    return """
    {"model_type":"%s","hidden_size":%d,"intermediate_size":%d,"num_hidden_layers":%d,
    "num_attention_heads":%d,"num_key_value_heads":%d,"vocab_size":%d,"max_position_embeddings":%d,
    "rms_norm_eps":1e-5,"rope_theta":10000.0,"tie_word_embeddings":%b,"hidden_act":"silu",
    "rope_scaling":null,"eos_token_id":[259,260]}\
    """
        .formatted(
            family,
            shape.dim(),
            shape.hidden(),
            shape.layers(),
            shape.heads(),
            shape.keyHeads(),
            shape.vocabulary(),
            shape.length(),
            shape.shared());
  }

  /** All tensors; of queries and keys pairs of channels are half a head apart. */
  static SafetensorsBuilder tensors(LlamaCheckpoint of, boolean biases, String type) {
    return layers(new SafetensorsBuilder(), of, biases, type, 0, of.shape().layers());
  }

  /** The tensors of some layers; those outside of layers go with the first. */
  static SafetensorsBuilder layers(
      SafetensorsBuilder file, LlamaCheckpoint of, boolean biases, String type, int from, int to) {
    LlamaShape shape = of.shape();
    Random random = new Random(3);
    for (LlamaMatrix matrix : LlamaMatrix.values()) {
      if (matrix == LlamaMatrix.CLASSIFIER && shape.shared() || !matrix.inLayers() && from > 0) {
        continue;
      }
      int rows = matrix.rows(shape);
      int terms = matrix.terms(shape);
      for (int layer = matrix.inLayers() ? from : 0;
          layer < (matrix.inLayers() ? to : 1);
          layer++) {
        float[] values = new float[rows * terms];
        of.rows(matrix, layer, 0, rows, values);
        boolean apart = matrix == LlamaMatrix.QUERY || matrix == LlamaMatrix.KEY;
        file.floats(
            name(matrix, layer) + ".weight",
            type,
            apart ? TinyGguf.apart(values, terms, shape.headSize()) : values,
            rows,
            terms);
      }
    }
    for (int layer = from; layer < to; layer++) {
      String block = "model.layers." + layer + ".";
      for (LlamaMatrix matrix : List.of(LlamaMatrix.QUERY, LlamaMatrix.KEY, LlamaMatrix.VALUE)) {
        float[] bias = new float[matrix.rows(shape)];
        for (int i = 0; i < bias.length; i++) {
          bias[i] = (float) random.nextGaussian();
        }
        if (biases) {
          file.floats(name(matrix, layer) + ".bias", type, bias, bias.length);
        }
      }
      file.floats(
          block + "input_layernorm.weight",
          type,
          of.gains(LlamaNorm.ATTENTION, layer),
          shape.dim());
      file.floats(
          block + "post_attention_layernorm.weight",
          type,
          of.gains(LlamaNorm.FEED, layer),
          shape.dim());
    }
    if (from == 0) {
      file.floats("model.norm.weight", type, of.gains(LlamaNorm.LAST, 0), shape.dim());
    }
    return file;
  }

  private static String name(LlamaMatrix matrix, int layer) {
    String block = "model.layers." + layer + '.';
    return switch (matrix) {
      case EMBEDDING -> "model.embed_tokens";
      case CLASSIFIER -> "lm_head";
      case QUERY -> block + "self_attn.q_proj";
      case KEY -> block + "self_attn.k_proj";
      case VALUE -> block + "self_attn.v_proj";
      case OUTPUT -> block + "self_attn.o_proj";
      case GATE -> block + "mlp.gate_proj";
      case UP -> block + "mlp.up_proj";
      case DOWN -> block + "mlp.down_proj";
    };
  }

  /** A whole folder: {@code qwen2} with biases, {@code llama} without. */
  static Path write(Path folder, String family, LlamaCheckpoint of, String type)
      throws IOException {
    boolean biases = family.equals("qwen2");
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("config.json"), config(family, of));
    Files.write(folder.resolve("model.safetensors"), tensors(of, biases, type).bytes());
    Files.writeString(
        folder.resolve("tokenizer.json"), TinyTokenizer.bytes(of.shape().vocabulary(), !biases));
    return folder;
  }
}
