package dev.narrows.network.format;

import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.NetworkReader;
import dev.narrows.network.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Path;

/** Reads {@code network.narrows} files. */
public final class NarrowsReader implements NetworkReader {
  /** A reader; it has no state. */
  public NarrowsReader() {}

  @Override
  public String describe() {
    return "a Narrows network (.narrows)";
  }

  @Override
  public boolean reads(Path file) {
    return file.toString().endsWith(".narrows");
  }

  @Override
  public Network read(Path file) throws IOException {
    try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
      String graph = tensors.metadata().get(GraphReader.GRAPH);
      if (graph == null) {
        throw new NetworkFileException(
            file,
            "__metadata__",
            "no \"%s\": a safetensors file, but not a Narrows network"
                .formatted(GraphReader.GRAPH));
      }
      return new GraphReader(file, tensors).read(graph);
    }
  }
}
