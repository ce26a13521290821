package dev.narrows.experiments.mlflow;

import java.util.Set;

/**
 * What a server holds of a run.
 *
 * @param id the server's name for it
 * @param status one of {@link RunStatus}, or a word of later servers
 * @param start in milliseconds since 1970
 * @param artifacts the address of the run's files
 * @param parameters names of parameters, which cannot be changed
 * @param metrics names of metrics that have at least one value
 */
record MlflowRunState(
    String id,
    String status,
    long start,
    String artifacts,
    Set<String> parameters,
    Set<String> metrics) {
  MlflowRunState {
    parameters = Set.copyOf(parameters);
    metrics = Set.copyOf(metrics);
  }
}
