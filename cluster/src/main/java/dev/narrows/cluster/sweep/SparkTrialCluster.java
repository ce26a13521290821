package dev.narrows.cluster.sweep;

import dev.narrows.cluster.SparkClusterSession;
import dev.narrows.cluster.SparkSessions;
import dev.narrows.experiments.sweep.TrialCluster;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Sweeps on Spark. */
public final class SparkTrialCluster implements TrialCluster {
  /** Settings that a user may change. */
  private static final Map<String, String> USUAL =
      Map.of(
          // executors may be lost often in a long sweep; how often a trial fails is counted apart
          "spark.task.maxFailures", "8",
          // an executor that cannot do a task is not asked again to do it
          "spark.excludeOnFailure.enabled", "true",
          "spark.excludeOnFailure.task.maxTaskAttemptsPerExecutor", "1",
          "spark.excludeOnFailure.task.maxTaskAttemptsPerNode", "7",
          "spark.ui.showConsoleProgress", "false");

  /** Made by {@link java.util.ServiceLoader}. */
  public SparkTrialCluster() {}

  @Override
  public RemoteTrials connect(TrialSite site) throws IOException {
    Map<String, String> settings = new HashMap<>(USUAL);
    settings.putAll(site.request().settings());
    settings.put("spark.task.cpus", Integer.toString(site.threads()));
    settings.put("spark.speculation", "false"); // a copy of a trial would only wait for the other
    SharedMark mark = SharedMark.in(site.folder());
    SparkClusterSession session;
    try {
      session = SparkSessions.open(site.request().with(settings));
    } catch (RuntimeException e) {
      mark.remove();
      throw e;
    }
    SparkTrials trials = new SparkTrials(session, site, mark);
    try {
      trials.check();
      return trials;
    } catch (RuntimeException e) {
      trials.close();
      throw e;
    }
  }
}
