package dev.narrows.experiments.run;

import dev.narrows.data.file.AtomicFile;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.recipe.FileModel;
import dev.narrows.network.files.NetworkFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The copy that a run keeps of the model file it trains, so that it goes on when that has moved.
 *
 * @param folder where the copy lies, under the file's own name
 */
record KeptModel(Path folder) {
  private static final String NAME = "model";

  /** That of a run. */
  static KeptModel in(Path run) {
    return new KeptModel(run.resolve(NAME));
  }

  /** The copy, if there is a whole one. */
  Optional<Path> file(FileModel model) {
    return Optional.of(folder.resolve(Path.of(model.path()).getFileName()))
        .filter(Files::isRegularFile);
  }

  /**
   * Makes the copy, or compares it.
   *
   * @throws BadInputException if a part of the model is not what was copied
   */
  void keep(Path model) throws IOException {
    for (String part : NetworkFiles.parts(model)) {
      Path original = model.resolveSibling(part);
      Path copy = folder.resolve(part);
      if (!Files.exists(copy)) {
        Files.createDirectories(copy.resolveSibling(""));
        AtomicFile.write(copy, out -> Files.copy(original, out));
      } else if (Files.mismatch(original, copy) >= 0) {
        throw BadInputException.in(
            original,
            "has changed since the run began that keeps a copy in %s; choose another --out"
                .formatted(folder));
      }
    }
  }

  void delete() throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    }
  }
}
