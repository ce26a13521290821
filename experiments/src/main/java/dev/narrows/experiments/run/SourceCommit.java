package dev.narrows.experiments.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the commit that a checkout stands at, by reading git's own files. */
final class SourceCommit {
  private SourceCommit() {}

  /** The commit of the checkout in {@code root}; empty if it is no checkout or cannot be read. */
  static Optional<String> of(Path root) {
    try {
      Path git = root.resolve(".git");
      if (Files.isRegularFile(git)) { // a linked work tree: "gitdir: path"
        git = root.resolve(Files.readString(git).strip().replaceFirst("^gitdir: ", ""));
      }
      String head = Files.readString(git.resolve("HEAD")).strip();
      if (!head.startsWith("ref: ")) {
        return commit(head);
      }
      String ref = head.substring("ref: ".length());
      Path common = git;
      if (Files.isRegularFile(git.resolve("commondir"))) {
        common = git.resolve(Files.readString(git.resolve("commondir")).strip());
      }
      if (Files.isRegularFile(common.resolve(ref))) {
        return commit(Files.readString(common.resolve(ref)).strip());
      }
      try (Stream<String> lines = Files.lines(common.resolve("packed-refs"))) {
        return lines
            .filter(line -> line.endsWith(" " + ref))
            .findFirst()
            .flatMap(line -> commit(line.substring(0, line.indexOf(' '))));
      }
    } catch (IOException | RuntimeException notACheckout) {
      return Optional.empty(); // provenance is stored where it is known and never stops a run
    }
  }

  private static Optional<String> commit(String text) {
    return text.matches("[0-9a-f]{40,64}") ? Optional.of(text) : Optional.empty();
  }
}
