package dev.narrows.cli;

import dev.narrows.data.catalog.DataFetcher;
import dev.narrows.data.catalog.KnownSet;
import dev.narrows.data.catalog.KnownSets;
import dev.narrows.experiments.input.BadInputException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code data fetch}. */
@Command(
    name = "fetch",
    description = "Downloads data sets from their official addresses and checks them.")
final class DataFetchCommand implements Callable<Integer> {
  private static final long TELL_NANOS = 2_000_000_000L;

  @Mixin private DataOptions.RootOptions roots = new DataOptions.RootOptions();

  @Option(
      names = "--mirror",
      paramLabel = "URL",
      description = "An address that holds the same files, instead of the official one.")
  private java.util.Optional<URI> mirror = java.util.Optional.empty();

  @Parameters(paramLabel = "SET", arity = "1..*", description = "The sets to fetch.")
  private List<String> names = List.of();

  private final Commands commands;
  private long told = System.nanoTime();

  DataFetchCommand(Commands commands) {
    this.commands = commands;
  }

  static KnownSet set(String name) {
    return KnownSets.named(name)
        .orElseThrow(() ->
            new BadInputException(
                "unknown data set \"" + name + "\", expected one of " + KnownSets.names()));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<KnownSet> sets = names.stream().map(DataFetchCommand::set).toList();
    Path root = roots.roots().forDownloads();
    for (KnownSet set : sets) {
      commands.terminal().note(set.name() + ": licence " + set.licence());
      List<Path> written =
          new DataFetcher(root, mirror, Duration.ofMinutes(1)).fetch(set, this::tell);
      commands
          .terminal()
          .note(
              set.name()
                  + (set.embedded()
                      ? ": embedded, nothing to fetch"
                      : written.isEmpty()
                          ? ": complete already"
                          : ": " + written.size() + " files in " + root));
      written.forEach(path -> commands.terminal().out().println(path));
    }
    return ExitCode.DONE;
  }

  private void tell(URI address, long bytes, OptionalLong total) {
    if (System.nanoTime() - told > TELL_NANOS) {
      told = System.nanoTime();
      String of = total.isPresent() ? " of " + (total.getAsLong() >> 20) : "";
      commands.terminal().note(address + ": " + (bytes >> 20) + of + " MiB");
    }
  }
}
