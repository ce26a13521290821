package dev.narrows.network.llama;

import dev.narrows.network.Network;
import dev.narrows.network.NetworkReader;
import java.io.IOException;
import java.nio.file.Path;

/** Reads checkpoints as networks of their own full length. */
public final class LlamaReader implements NetworkReader {
  /** A reader; it has no state. */
  public LlamaReader() {}

  @Override
  public String describe() {
    return "a llama2.c checkpoint (.bin)";
  }

  @Override
  public boolean reads(Path file) {
    return file.toString().endsWith(".bin");
  }

  @Override
  public Network read(Path file) throws IOException {
    LlamaCheckpoint checkpoint = LlamaCheckpoint.read(file);
    return checkpoint.network(checkpoint.shape().length());
  }
}
