package dev.narrows.cli;

import dev.narrows.cli.terminal.Terminal;
import dev.narrows.cli.worker.ArrayCalls;
import dev.narrows.cli.worker.WorkerLoop;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code worker}: what the Python package starts, not meant for people. Answers calls that come as
 * lines of JSON over standard input, one after the other. When the input ends the worker does too,
 * in the midst of a call if need be: nobody waits for its answer.
 */
@Command(
    name = "worker",
    hidden = true,
    description = "Answers calls over a pipe; started by the Python package.")
final class WorkerCommand implements Callable<Integer> {
  @Option(names = "--finish", description = "Answer all that came before the input ended.")
  private boolean finish;

  private final Commands commands;

  WorkerCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws IOException {
    PrintStream replies = commands.terminal().out();
    System.setOut(System.err); // whatever a library prints must not look like a reply
    try (ArrayCalls arrays = new ArrayCalls(Runtime.getRuntime().availableProcessors())) {
      new WorkerLoop(
              Narrows.version(),
              (out, err, words) ->
                  Narrows.run(new Terminal(out, err, false), words.toArray(String[]::new)),
              arrays,
              thrown -> Failure.of(thrown).line())
          .serve(System.in, replies, finish ? () -> {} : () -> System.exit(ExitCode.DONE));
    }
    return ExitCode.DONE;
  }
}
