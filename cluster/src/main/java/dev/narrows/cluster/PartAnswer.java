package dev.narrows.cluster;

import dev.narrows.data.DataException;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.run.ExecutorEnvironment;
import dev.narrows.network.parts.RunPart;
import java.io.Serializable;

/**
 * What an executor answers: a part of a run, or why there is none. What is wrong with the data or
 * the network is an answer too, as every other executor would say the same.
 *
 * @param environment who answers
 * @param part {@link RunPart#bytes()}; empty where there is a problem
 * @param ofData whether the problem is one of the data
 * @param problem in one line; empty if there is none
 */
record PartAnswer(ExecutorEnvironment environment, byte[] part, boolean ofData, String problem)
    implements Serializable {
  static PartAnswer of(ExecutorEnvironment environment, RunPart part) {
    return new PartAnswer(environment, part.bytes(), false, "");
  }

  static PartAnswer problem(ExecutorEnvironment environment, RuntimeException e) {
    return new PartAnswer(
        environment, new byte[0], e instanceof DataException, String.valueOf(e.getMessage()));
  }

  /**
   * The part.
   *
   * @throws DataException if the data cannot be used
   * @throws BadInputException if the network cannot be run on them
   */
  RunPart value() {
    if (problem.isEmpty()) {
      return RunPart.of(part);
    }
    throw ofData ? new DataException(problem) : new BadInputException(problem);
  }
}
