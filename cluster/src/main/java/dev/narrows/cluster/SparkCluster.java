package dev.narrows.cluster;

import dev.narrows.experiments.cluster.Cluster;
import dev.narrows.experiments.cluster.ClusterRequest;
import dev.narrows.experiments.cluster.ClusterSession;

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
    return SparkSessions.open(request);
  }
}
