package dev.narrows.cluster.sweep;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * A small file in a folder by which a machine knows that it sees the folder itself, and not another
 * one of the same name.
 *
 * @param folder absolute
 * @param name of the file
 * @param text that it holds
 */
record SharedMark(String folder, String name, String text) implements Serializable {
  /** Makes one. */
  static SharedMark in(Path folder) throws IOException {
    String text = UUID.randomUUID().toString();
    SharedMark mark = new SharedMark(folder.toString(), ".cluster-" + text.substring(0, 8), text);
    Files.writeString(mark.file(), text);
    return mark;
  }

  private Path file() {
    return Path.of(folder, name);
  }

  /**
   * Makes sure that this machine sees the folder and may write there.
   *
   * @param machine what it is called in the error
   * @throws IOException if not
   */
  void require(String machine) throws IOException {
    String found;
    try {
      found = Files.readString(file());
    } catch (IOException absent) {
      found = "";
    }
    if (!found.equals(text)) {
      throw new IOException(
          "%s does not see the folder %s: --out must be on storage that every machine has at the"
                  .formatted(machine, folder)
              + " same place");
    }
    try {
      Files.delete(Files.createTempFile(Path.of(folder), ".cluster-", null));
    } catch (IOException e) {
      throw new IOException(
          "%s cannot write in the folder %s: %s".formatted(machine, folder, e.getMessage()), e);
    }
  }

  /** Takes the file away. */
  void remove() throws IOException {
    Files.deleteIfExists(file());
  }
}
