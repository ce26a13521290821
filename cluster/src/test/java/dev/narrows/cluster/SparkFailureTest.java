package dev.narrows.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.experiments.cluster.ClusterException;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;

/** What is made of what Spark 4.2.0 says when a task fails on a worker of another version. */
class SparkFailureTest {
  private static RuntimeException said(String failure) {
    return SparkFailure.of(
        new SparkException(
            "Job aborted due to stage failure: Task 0 in stage 0.0 failed 8 times, most recent failure:"
                + " Lost task 0.7 in stage 0.0 (TID 9) (10.0.0.2 executor 1): "
                + failure
                + "\n\tat java.base/java.lang.ClassLoader.defineClass1(Native Method)"));
  }

  @Test
  void of_olderJava_namesTheJavaAndTheMachine() {
    assertThat(
            said(
                "java.lang.UnsupportedClassVersionError: dev/narrows/cluster/PartTask has been compiled"
                    + " by a more recent version of the Java Runtime (class file version 69.0)"))
        .isInstanceOf(ClusterException.class)
        .hasMessage(
            "an executor's Java is older than this one's, %d: start all workers with a JDK of that"
                + " version (last tried on 10.0.0.2 executor 1)",
            Runtime.version().feature());
  }

  @Test
  void of_otherSpark_namesTheSparkAndTheMachine() {
    assertThat(
            said(
                "java.io.InvalidClassException: org.apache.spark.rdd.RDD; local class incompatible"))
        .hasMessage(
            "an executor's Spark is not Spark 4.2.0, which this process has (last tried on 10.0.0.2"
                + " executor 1)");
  }

  @Test
  void of_anotherFailure_saysWhatAndWhere() {
    assertThat(said("java.lang.OutOfMemoryError: Java heap space"))
        .hasMessage(
            "a task failed again and again, last on 10.0.0.2 executor 1:"
                + " java.lang.OutOfMemoryError: Java heap space");
  }
}
