package dev.narrows.cli;

import java.nio.file.Path;
import java.util.Optional;

/** Where results go: the folder that was asked for, or else one in {@code runs}, which is said. */
final class RunsFolder {
  private RunsFolder() {}

  /**
   * The folder of a run.
   *
   * @param out what the person asked for
   * @param path below {@code runs} in the folder in which the command was typed
   */
  static Path of(Commands commands, Optional<Path> out, String... path) {
    if (out.isPresent()) {
      return out.get();
    }
    Path folder = Path.of("runs", path);
    commands.terminal().note("results go to " + folder + "; --out DIR puts them elsewhere");
    return folder;
  }
}
