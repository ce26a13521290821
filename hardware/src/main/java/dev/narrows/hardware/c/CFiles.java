package dev.narrows.hardware.c;

import dev.narrows.network.disk.AtomicWrite;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files of a network in C.
 *
 * @param texts by file name: the C file, its header, then test vectors and their {@code main}
 * @param constantBytes what its constants take
 * @param bufferBytes what its static buffers take
 * @param notes what a user should know
 */
public record CFiles(
    Map<String, String> texts, long constantBytes, long bufferBytes, List<String> notes) {
  public CFiles {
    texts = new LinkedHashMap<>(texts); // keeps its order
    notes = List.copyOf(notes);
  }

  /**
   * Writes all files or none; each replaces an old one whole.
   *
   * @return where they are, in order
   */
  public List<Path> write(Path folder) throws IOException {
    List<Path> written = new ArrayList<>();
    List<Path> fresh = new ArrayList<>();
    try {
      for (Map.Entry<String, String> text : texts.entrySet()) {
        Path file = folder.resolve(text.getKey());
        if (!Files.exists(file)) {
          fresh.add(file);
        }
        AtomicWrite.write(
            file, List.of(ByteBuffer.wrap(text.getValue().getBytes(StandardCharsets.UTF_8))));
        written.add(file);
      }
    } catch (IOException e) {
      for (Path file : fresh) {
        Files.deleteIfExists(file);
      }
      throw e;
    }
    return written;
  }
}
