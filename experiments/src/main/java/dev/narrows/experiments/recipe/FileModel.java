package dev.narrows.experiments.recipe;

import java.util.Optional;

/**
 * A float network in ONNX, with its weights.
 *
 * @param path beside the recipe or in a data root
 * @param sha256 of the file and those of its constants, 64 small hexadecimal digits; empty until
 *     they have been looked for
 */
public record FileModel(String path, Optional<String> sha256) implements Architecture {
  /** How the paths of such files end. */
  static final String ENDING = ".onnx";

  public FileModel {
    if (!path.endsWith(ENDING)) {
      throw new IllegalArgumentException(
          "model: expected a file %s, got %s".formatted(ENDING, path));
    }
    if (sha256.isPresent() && !sha256.get().matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "sha256: expected 64 small hexadecimal digits, found \"%s\"".formatted(sha256.get()));
    }
  }

  /** A file that has not been looked for. */
  public FileModel(String path) {
    this(path, Optional.empty());
  }

  @Override
  public String word() {
    return path;
  }

  /** The file's name without its ending, in the letters that names of runs have. */
  @Override
  public String title() {
    String name = path.substring(path.lastIndexOf('/') + 1, path.length() - ENDING.length());
    String plain = name.replaceAll("[^A-Za-z0-9._-]", "-").replaceFirst("^[._-]+", "");
    return plain.isEmpty() ? "model" : plain.substring(0, Math.min(60, plain.length()));
  }

  @Override
  public int defaultWidth() {
    return 1;
  }

  @Override
  public boolean ofText() {
    return false;
  }

  @Override
  public boolean ofFeatures() {
    return true; // the input of the file says more
  }

  @Override
  public boolean hasWeights() {
    return true;
  }
}
