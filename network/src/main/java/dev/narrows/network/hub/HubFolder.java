package dev.narrows.network.hub;

import dev.narrows.network.NetworkFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** A folder that holds a model in the layout of the Hugging Face Hub. */
public record HubFolder(Path path) {
  /** What says which model it is. */
  public static final String CONFIG = "config.json";

  static final String WEIGHTS = "model.safetensors";
  static final String INDEX = "model.safetensors.index.json";

  /**
   * The folder that a user means by itself, by its {@value #CONFIG} or by its tensors' file.
   *
   * @return empty if it is no such folder
   */
  public static Optional<HubFolder> of(Path model) {
    if (Files.isDirectory(model)) {
      return with(model);
    }
    Path name = model.getFileName();
    boolean named =
        name != null
            && (name.toString().equals(CONFIG)
                || name.toString().equals(WEIGHTS)
                || name.toString().equals(INDEX));
    Path parent = model.toAbsolutePath().getParent();
    return named && Files.isRegularFile(model) && parent != null
        ? with(model.getParent() == null ? Path.of("") : model.getParent())
        : Optional.empty();
  }

  private static Optional<HubFolder> with(Path folder) {
    return Files.isRegularFile(folder.resolve(CONFIG))
        ? Optional.of(new HubFolder(folder))
        : Optional.empty();
  }

  /** Its {@value #CONFIG}. */
  public Path config() {
    return path.resolve(CONFIG);
  }

  /**
   * What its {@value #CONFIG} says.
   *
   * @throws NetworkFileException if that is not an object in JSON
   */
  public HubConfig read() throws IOException {
    return HubConfig.read(config());
  }

  /**
   * The files that a model consists of: its configuration, its tensors, the index that names them,
   * and its tokenizer.
   *
   * @throws NetworkFileException if the index is not sound
   */
  public List<String> parts() throws IOException {
    List<String> parts = new ArrayList<>(List.of(CONFIG));
    if (has(INDEX) && !has(WEIGHTS)) {
      parts.add(INDEX);
      parts.addAll(new TreeSet<>(HubTensors.shards(path.resolve(INDEX)).values()));
    } else {
      parts.add(WEIGHTS);
    }
    if (has(HubTokenizer.FILE)) {
      parts.add(HubTokenizer.FILE);
    }
    return parts;
  }

  /** Whether a file is there. */
  public boolean has(String file) {
    return Files.isRegularFile(path.resolve(file));
  }
}
