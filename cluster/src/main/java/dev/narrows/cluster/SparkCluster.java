package dev.narrows.cluster;

import dev.narrows.cluster.progress.JobWatch;
import dev.narrows.experiments.cluster.Cluster;
import dev.narrows.experiments.cluster.ClusterRequest;
import dev.narrows.experiments.cluster.ClusterSession;
import dev.narrows.experiments.evaluate.EvaluationListener;

/** Apache Spark, where it is on the class path. */
public final class SparkCluster implements Cluster {
  /** The door; it has no state. */
  public SparkCluster() {}

  @Override
  public String version() {
    return engine();
  }

  /** "Spark 4.2.0", of this process. */
  static String engine() {
    return "Spark " + org.apache.spark.package$.MODULE$.SPARK_VERSION();
  }

  @Override
  public ClusterSession open(ClusterRequest request) {
    SparkClusterSession session = SparkSessions.open(request);
    new JobWatch(EvaluationListener.SILENT, request.notes()).on(session.context().sc());
    return session;
  }
}
