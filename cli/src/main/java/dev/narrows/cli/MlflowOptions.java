package dev.narrows.cli;

import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.mlflow.MlflowSink;
import dev.narrows.experiments.mlflow.RunStatus;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** Who else is told of runs. */
final class MlflowOptions {
  private static final String EXPERIMENT = "narrows";
  private static final long SECONDS_TO_SEND = 60;
  private static final long SECONDS_OF_AN_INTERRUPTION = 10;

  @Option(
      names = "--mlflow",
      paramLabel = "URI",
      description = {
        "Tell an MLflow server of the work, too: http://HOST:PORT. If it does not answer, the work",
        "goes on all the same. See docs/mlflow.md."
      })
  private Optional<String> server = Optional.empty();

  @Option(
      names = "--experiment",
      paramLabel = "NAME",
      description = "With --mlflow: the experiment there (default: narrows).")
  private Optional<String> experiment = Optional.empty();

  /**
   * The sink that was asked for.
   *
   * @param sweep its folder, if runs are trials of one
   * @throws BadInputException if the address is none, or an option has no effect
   */
  Optional<MlflowSink> sink(Optional<Path> sweep) {
    if (server.isEmpty() && experiment.isPresent()) {
      throw new BadInputException("--experiment: has no effect without --mlflow");
    }
    return server.map(
        text -> new MlflowSink(MlflowSink.address(text), experiment.orElse(EXPERIMENT), sweep));
  }

  /**
   * Sends what is left, for a minute at most, or ten seconds where the user wants the work to end.
   *
   * @param note gets lines about what was not sent
   */
  static void finish(MlflowSink sink, RunStatus last, Consumer<String> note) {
    sink.finish(last == RunStatus.KILLED ? SECONDS_OF_AN_INTERRUPTION : SECONDS_TO_SEND, note);
  }
}
