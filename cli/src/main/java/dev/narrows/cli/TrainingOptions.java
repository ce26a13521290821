package dev.narrows.cli;

import dev.narrows.data.catalog.DataRoots;
import java.util.Optional;
import picocli.CommandLine.Mixin;

/** What the commands that train have in common. */
final class TrainingOptions {
  @Mixin private FormatOptions formats = new FormatOptions();
  @Mixin private DataOptions.RootOptions roots = new DataOptions.RootOptions();
  @Mixin private ThreadOptions threads = new ThreadOptions();

  FormatOptions formats() {
    return formats;
  }

  DataRoots roots() {
    return roots.roots();
  }

  /** At least 1. */
  int threads() {
    return threads.count();
  }

  /** What the user asked for. */
  Optional<Integer> threadsAsked() {
    return threads.asked();
  }
}
