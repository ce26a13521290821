package dev.narrows.cli;

import dev.narrows.data.catalog.DataRoots;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the commands that train have in common. */
final class TrainingOptions {
  @Option(
      names = "--format",
      paramLabel = "table|json|csv",
      description = "What goes to standard output (default: ${DEFAULT-VALUE}).")
  private OutputOptions.Format format = OutputOptions.Format.table;

  @Mixin private DataOptions.RootOptions roots = new DataOptions.RootOptions();
  @Mixin private ThreadOptions threads = new ThreadOptions();

  OutputOptions.Format format() {
    return format;
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
