package dev.narrows.cli;

import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.sweep.SweepFolder;
import dev.narrows.experiments.sweep.SweepMerge;
import dev.narrows.report.SweepResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sweep merge}: the tables of several machines as one. */
@Command(
    name = "merge",
    description = {
      "Makes one table, front and report of the folders of several sweeps, such as the shards of",
      "several machines. Networks and checkpoints stay where they are."
    })
final class SweepMergeCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "DIR", description = "Folders of sweeps.")
  private List<Path> folders = List.of();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Gets trials.csv, sweep.json, sweep.db and report.html.")
  private Path out = Path.of("");

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What to call it (default: as the first).")
  private Optional<String> name = Optional.empty();

  @Mixin private FormatOptions formats = new FormatOptions();

  private final Commands commands;

  SweepMergeCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws IOException {
    SweepFolder merged = new SweepFolder(out);
    if (folders.stream().anyMatch(one -> one.toAbsolutePath().equals(out.toAbsolutePath()))) {
      throw new BadInputException("--out: must not be one of the folders that are merged");
    }
    SweepResult result = SweepMerge.of(name, folders);
    merged.publish(result);
    SweepCommand.writeEnvironment(commands, merged);
    SweepCommand.tell(commands, result, merged, formats);
    return ExitCode.DONE;
  }
}
