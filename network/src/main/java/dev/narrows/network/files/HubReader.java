package dev.narrows.network.files;

import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.NetworkReader;
import dev.narrows.network.bert.BertModel;
import dev.narrows.network.gpt.GptModel;
import dev.narrows.network.hub.HubConfig;
import dev.narrows.network.hub.HubFolder;
import dev.narrows.network.llama.HubLlama;
import dev.narrows.network.llama.LlamaModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * Reads transformers in folders of the Hugging Face Hub's layout as networks on windows of {@value
 * #LENGTH} tokens, or sentences of {@value #SENTENCE}, all weights in memory. Loss, sampling and
 * similarity need no such network.
 */
final class HubReader implements NetworkReader {
  /** Tokens of a window, or the model's longest. */
  static final int LENGTH = 256;

  /** Tokens of an encoder's sentence, or its longest. */
  static final int SENTENCE = 32;

  @Override
  public String describe() {
    return "a transformer in a folder with config.json and model.safetensors";
  }

  @Override
  public boolean reads(Path file) {
    return HubFolder.of(file).isPresent();
  }

  @Override
  public Network read(Path file) throws IOException {
    HubFolder folder = HubFolder.of(file).orElseThrow();
    HubConfig config = folder.read();
    try {
      if (HubLlama.reads(config)) {
        LlamaModel model = HubLlama.open(folder);
        return model.network(Math.min(LENGTH, model.shape().length()));
      }
      if (GptModel.reads(config)) {
        GptModel model = GptModel.open(folder);
        return model.network(Math.min(LENGTH, model.longest()));
      }
      if (BertModel.reads(config)) {
        BertModel model = BertModel.open(folder);
        return model.network(Math.min(SENTENCE, model.longest()));
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new NetworkFileException(
          file, "model", "is too large for a network in memory: " + e.getMessage(), e);
    }
    throw config.bad(
        "model_type",
        "expected llama, qwen2, gpt2 or bert, got \"%s\""
            .formatted(config.text("model_type").orElse("none")));
  }
}
