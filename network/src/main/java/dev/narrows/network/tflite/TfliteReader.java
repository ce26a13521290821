package dev.narrows.network.tflite;

import dev.narrows.network.Network;
import dev.narrows.network.NetworkReader;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Reads TFLite files: one subgraph. A sample is what a call takes, whatever its tensors' first
 * dimension is; of several outputs the first is the network's own.
 */
public final class TfliteReader implements NetworkReader {
  /** A reader; it has no state. */
  public TfliteReader() {}

  @Override
  public String describe() {
    return "a TFLite file (.tflite)";
  }

  @Override
  public boolean reads(Path file) {
    return file.toString().endsWith(".tflite");
  }

  @Override
  public Network read(Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    FlatModel model = FlatModel.open(file);
    return new GraphImport(model).network(name.substring(0, name.length() - ".tflite".length()));
  }
}
