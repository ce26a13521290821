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
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

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

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Commands commands;

  SweepMergeCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws IOException {
    for (ArgSpec given : spec.parent().commandLine().getParseResult().matchedArgs()) {
      throw new BadInputException(
          (given instanceof OptionSpec option ? option.longestName() : given.paramLabel())
              + ": has no effect on sweep merge; options of merge come after the word");
    }
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
