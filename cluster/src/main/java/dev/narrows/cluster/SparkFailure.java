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
    Matcher lost = LOST.matcher(message);
    boolean found = lost.find();
    String where = found ? " (last tried on " + lost.group(1) + ')' : "";
    if (message.contains("UnsupportedClassVersionError")) {
      return new ClusterException(
          "an executor's Java is older than this one's, %d: start all workers with a JDK of that version%s"
              .formatted(Runtime.version().feature(), where),
          e);
    }
    if (message.contains("InvalidClassException")) {
      return new ClusterException(
          "an executor's Spark is not %s, which this process has%s"
              .formatted(SparkCluster.engine(), where),
          e);
    }
    return found
        ? new ClusterException(
            "a task failed again and again, last on %s: %s".formatted(lost.group(1), lost.group(2)),
            e)
        : new ClusterException("the job failed: " + message.lines().findFirst().orElse(""), e);
  }
}
