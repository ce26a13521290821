package dev.narrows.cli;

import dev.narrows.cli.terminal.Terminal;
import dev.narrows.experiments.input.BadInputException;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How many threads a command works on; results do not depend on it. */
final class ThreadOptions {
  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads to work on (default: all processors).")
  private Optional<Integer> threads = Optional.empty();

  /** At least 1. */
  int count() {
    int count = threads.orElseGet(Runtime.getRuntime()::availableProcessors);
    if (count < 1 || count > 1024) {
      throw new BadInputException("--threads: must be in [1, 1024], got " + count);
    }
    return count;
  }

  /** Says that threads change nothing, where that is so. */
  void noteWithoutEffect(Terminal terminal, String without) {
    if (threads.isPresent()) {
      terminal.note("--threads: has no effect without " + without);
    }
  }

  /** What was asked for. */
  Optional<Integer> asked() {
    return threads.map(asked -> count());
  }
}
