package dev.narrows.network.llama;

import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.NetworkReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * Reads GGUF models as networks on windows of {@value #LENGTH} tokens, all weights in memory. Loss
 * and sampling need no such network.
 */
public final class GgufReader implements NetworkReader {
  /** Tokens of a window, or the model's longest. */
  static final int LENGTH = 256;

  /** A reader; it has no state. */
  public GgufReader() {}

  @Override
  public String describe() {
    return "a GGUF language model (.gguf)";
  }

  @Override
  public boolean reads(Path file) {
    return file.toString().endsWith(".gguf");
  }

  @Override
  public Network read(Path file) throws IOException {
    GgufLlama model = GgufLlama.open(file);
    try {
      return model.network(Math.min(LENGTH, model.shape().length()));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new NetworkFileException(
          file, "model", "is too large for a network in memory: " + e.getMessage(), e);
    }
  }
}
