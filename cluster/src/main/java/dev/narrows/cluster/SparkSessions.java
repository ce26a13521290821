package dev.narrows.cluster;

import dev.narrows.experiments.cluster.ClusterException;
import dev.narrows.experiments.cluster.ClusterRequest;
import dev.narrows.experiments.input.BadInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** Joins Spark clusters. */
public final class SparkSessions {
  /** What executors' JVMs need to run kernels at full speed. */
  private static final String JAVA_OPTIONS =
      "--add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED"
          + " --sun-misc-unsafe-memory-access=allow";

  private static final String EXECUTOR_OPTIONS = "spark.executor.extraJavaOptions";
  private static final String JARS = "spark.jars";
  private static final String LOOPBACK = "127.0.0.1";

  /** A task that fails so often is a problem of its own, not of the machines it ran on. */
  private static final String FAILURES = "8";

  private SparkSessions() {}

  /**
   * Joins a cluster and waits for its first executor.
   *
   * @throws ClusterException if it does not answer in time
   * @throws BadInputException if the master or a setting cannot be used
   */
  public static SparkClusterSession open(ClusterRequest request) {
    MasterAddress master = MasterAddress.parse(request.master());
    master.requireAnswer(request.timeout());
    try {
      Path folder = Files.createTempDirectory("narrows-spark-");
      JavaSparkContext context = start(conf(request, master, folder), request.timeout(), master);
      SparkClusterSession session = new SparkClusterSession(context, request, master, folder);
      try {
        session.awaitExecutor(request.timeout());
      } catch (RuntimeException e) {
        session.close();
        throw e;
      }
      return session;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What Spark is told.
   *
   * @param folder for jars that are made
   */
  static SparkConf conf(ClusterRequest request, MasterAddress master, Path folder)
      throws IOException {
    SparkConf conf = new SparkConf().setMaster(master.text()).setAppName(request.name());
    request.settings().forEach(conf::set);
    conf.set(EXECUTOR_OPTIONS, (conf.get(EXECUTOR_OPTIONS, "") + " " + JAVA_OPTIONS).strip());
    conf.setIfMissing("spark.task.maxFailures", FAILURES);
    conf.setIfMissing("spark.driver.maxResultSize", "0"); // answers are merged as they come in
    // spark-submit sends its jar by itself
    if (!master.local() && (!conf.contains(JARS) || request.settings().containsKey(JARS))) {
      Stream<String> ours = ApplicationJars.in(folder).stream().map(jar -> jar.toUri().toString());
      Stream<String> theirs = Stream.of(conf.get(JARS, "").split(",")).map(String::strip);
      conf.set(
          JARS,
          Stream.concat(ours, theirs)
              .filter(jar -> !jar.isEmpty())
              .collect(Collectors.joining(",")));
    }
    if (request.events().isPresent()) {
      Path events = Files.createDirectories(request.events().get()).toAbsolutePath();
      conf.setIfMissing("spark.eventLog.enabled", "true");
      conf.setIfMissing("spark.eventLog.dir", events.toUri().toString());
    }
    if (master.loopback()) {
      conf.setIfMissing("spark.driver.host", LOOPBACK);
      conf.setIfMissing("spark.driver.bindAddress", LOOPBACK);
      if (System.getenv("SPARK_LOCAL_IP") == null) { // its pages would be open to all
        conf.setIfMissing("spark.ui.enabled", "false");
      }
    }
    return conf;
  }

  /**
   * Spark waits for a minute for a master that takes connections and is none of its version. It
   * cannot be told to give up: the process should end after a failure, and opens nothing else
   * before that minute is over.
   */
  private static JavaSparkContext start(SparkConf conf, Duration timeout, MasterAddress master) {
    if (master.local()) {
      return new JavaSparkContext(conf);
    }
    FutureTask<JavaSparkContext> starting = new FutureTask<>(() -> new JavaSparkContext(conf));
    Thread.ofPlatform().daemon().name("narrows-spark-start").start(starting);
    try {
      return starting.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new ClusterException(
          "--master: %s takes connections, but no application within %d s: is it a master of %s, with the same secret?"
              .formatted(master.text(), timeout.toSeconds(), SparkCluster.engine()),
          e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new ClusterException(
          "--master: %s cannot be joined (%s)".formatted(master.text(), cause.getMessage()), cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted while joining " + master.text(), e);
    }
  }
}
