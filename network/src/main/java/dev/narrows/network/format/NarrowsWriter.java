package dev.narrows.network.format;

import dev.narrows.network.Network;
import dev.narrows.network.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Path;

/** Writes {@code network.narrows} files; equal networks give equal bytes. */
public final class NarrowsWriter {
  private NarrowsWriter() {}

  /** Writes atomically: a crash leaves the old file or the new one. */
  public static void write(Network network, Path file) throws IOException {
    SafetensorsWriter tensors = new SafetensorsWriter();
    String graph = new GraphWriter(tensors).write(network);
    tensors.metadata("format", "narrows").metadata(GraphReader.GRAPH, graph);
    tensors.write(file);
  }
}
