package dev.narrows.cluster;

import dev.narrows.experiments.cluster.ClusterException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkDriverExecutionException;

/** What Spark says when a job fails, in one line. */
public final class SparkFailure {
  /** "Lost task 3.7 in stage 0.0 (TID 9) (10.0.0.2 executor 1): java.lang.Error: why". */
  private static final Pattern LOST =
      Pattern.compile(
          "most recent failure: Lost task [^(]*\\(TID \\d+\\) \\(([^)]*)\\): ([^\\n]*)");

  private SparkFailure() {}

  /** The failure itself where the driver's own work failed; else what Spark says. */
  public static RuntimeException of(Exception e) {
    if (e instanceof SparkDriverExecutionException
        && e.getCause() instanceof RuntimeException own) {
      return own;
    }
    String message = String.valueOf(e.getMessage());
    if (message.contains("UnsupportedClassVersionError")) {
      return new ClusterException(
          "the executors' Java is older than this one's, "
              + Runtime.version().feature()
              + ": start the workers with a JDK of that version",
          e);
    }
    if (message.contains("InvalidClassException")) {
      return new ClusterException(
          "the executors' Spark is not " + SparkCluster.engine() + ", which this process has", e);
    }
    Matcher lost = LOST.matcher(message);
    return lost.find()
        ? new ClusterException(
            "a task failed again and again, last on %s: %s".formatted(lost.group(1), lost.group(2)),
            e)
        : new ClusterException("the job failed: " + message.lines().findFirst().orElse(""), e);
  }
}
