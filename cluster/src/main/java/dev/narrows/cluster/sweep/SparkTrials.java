package dev.narrows.cluster.sweep;

import dev.narrows.cluster.SparkClusterSession;
import dev.narrows.cluster.SparkFailure;
import dev.narrows.cluster.progress.JobWatch;
import dev.narrows.data.catalog.DataRoots;
import dev.narrows.experiments.cluster.ClusterException;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.sweep.PlannedTrial;
import dev.narrows.experiments.sweep.SweepListener;
import dev.narrows.experiments.sweep.TrialCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.status.api.v1.ExecutorSummary;
import scala.jdk.javaapi.CollectionConverters;

/** Trials as jobs of one task each, in a context of their own. */
final class SparkTrials implements TrialCluster.RemoteTrials {
  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int NOT_GUARANTEED = 3;
  private static final int INTERRUPTED = 130;

  /** A trial that fails so often is reported and given up. */
  private static final int MOST_ATTEMPTS = 2;

  private static final long CHECK_MILLIS = 400;

  /** How far behind a machine's view of shared storage may be: caches of NFS keep a minute. */
  private static final long LAG_NANOS = 90_000_000_000L;

  private static final long TICK_MILLIS = 100;

  private final SparkClusterSession session;
  private final JavaSparkContext spark;
  private final TrialCluster.TrialSite site;
  private final SharedMark mark;
  private final Queue<String> notes = new ConcurrentLinkedQueue<>();
  private long deserted = System.nanoTime(); // the last time that there was an executor

  /** At work in a session whose tasks take as many cores as the site's trials have threads. */
  SparkTrials(SparkClusterSession session, TrialCluster.TrialSite site, SharedMark mark) {
    this.session = session;
    this.spark = session.context();
    this.site = site;
    this.mark = mark;
    new JobWatch(EvaluationListener.SILENT, notes::add).on(spark.sc());
    if (spark.sc().uiWebUrl().isDefined()) {
      notes.add("Spark's page: " + spark.sc().uiWebUrl().get());
    }
  }

  /**
   * Makes sure that every machine which has answered so far can work.
   *
   * @throws ClusterException naming the first that cannot, if the check itself fails there, as on
   *     another Java, or if a trial has more threads than any executor has cores
   */
  void check() {
    spark.setJobGroup("machines", "storage and program of every machine", true);
    int places = places();
    if (places == 0) {
      throw new ClusterException(
          "--master: no executor has %d cores, which a trial of %d threads needs (key \"threads\")"
              .formatted(site.threads(), site.threads()));
    }
    List<MachineCheck.MachineReport> reports;
    try {
      reports =
          spark
              .parallelize(IntStream.range(0, places).boxed().toList(), places)
              .map(new MachineCheck(order(Path.of(mark.folder()), List.of()), CHECK_MILLIS))
              .collect();
    } catch (Exception e) { // Scala throws checked ones that no signature names
      throw SparkFailure.of(e);
    }
    for (MachineCheck.MachineReport report : reports) {
      if (!report.problem().isEmpty()) {
        throw new ClusterException("--master: " + report.problem());
      }
    }
  }

  private TrialOrder order(Path run, List<String> words) {
    return new TrialOrder(
        run.toString(),
        mark,
        site.program(),
        words,
        Optional.ofNullable(System.getenv(DataRoots.VARIABLE)).orElse(""));
  }

  @Override
  public int slots(SweepListener listener) throws IOException {
    for (String note = notes.poll(); note != null; note = notes.poll()) {
      listener.note(note);
    }
    if (spark.sc().isStopped() && !listener.cancelled()) { // Ctrl-C ends it, too
      throw new IOException(
          "the cluster at %s has ended this application; the same command goes on where it was"
              .formatted(site.request().master()));
    }
    int places = spark.sc().isStopped() ? 0 : places();
    if (places > 0) {
      deserted = System.nanoTime();
    } else if (System.nanoTime() - deserted > site.request().patience().toNanos()) {
      throw new IOException(
          "the cluster at %s has had no executor for %d s; the same command goes on where it was"
              .formatted(site.request().master(), site.request().patience().toSeconds()));
    }
    // at least one waits, so that a cluster which starts machines on demand starts some
    return Math.max(1, places);
  }

  /** Trials that fit the executors there are. */
  private int places() {
    return CollectionConverters.asJava(spark.sc().statusStore().executorList(true)).stream()
        .mapToInt(ExecutorSummary::totalCores)
        .map(cores -> cores / site.threads())
        .sum();
  }

  @Override
  public Process start(PlannedTrial trial, Path run, Path log) {
    String group = "trial-" + trial.hash();
    RemoteTrial remote =
        new RemoteTrial(() -> {
          if (!spark.sc().isStopped()) {
            spark.cancelJobGroup(group);
          }
        });
    Thread.ofPlatform()
        .daemon()
        .name(trial.title())
        .start(() -> remote.ended(exitCode(remote, group, trial, run, log)));
    return remote;
  }

  /** Runs a trial, once more if it fails. */
  private int exitCode(RemoteTrial remote, String group, PlannedTrial trial, Path run, Path log) {
    HostedTrial task = new HostedTrial(order(run, site.words().of(trial, run)));
    int code = INTERRUPTED;
    for (int attempt = 1; attempt <= MOST_ATTEMPTS && !remote.cancelled(); attempt++) {
      String problem;
      try {
        spark.setJobGroup(group, "trial " + trial.title(), true);
        TrialAnswer answer =
            spark.parallelize(List.of(attempt), 1).setName(trial.title()).map(task).first();
        code = answer.exitCode();
        awaitStored(run, answer);
        problem = "%s, exit code %d".formatted(answer.machine(), code);
      } catch (Exception e) { // Scala throws checked ones that no signature names
        if (remote.cancelled() || spark.sc().isStopped()) {
          return INTERRUPTED;
        }
        code = FAILED;
        problem = String.valueOf(SparkFailure.of(e).getMessage());
        tell(log, problem);
      }
      if (code == DONE || code == NOT_GUARANTEED) {
        return code;
      }
      if (attempt < MOST_ATTEMPTS && !remote.cancelled()) {
        notes.add("failed once, tried again: " + trial.title() + ": " + problem);
      }
    }
    return code;
  }

  /** Waits until this machine sees what the other one wrote. */
  private static void awaitStored(Path run, TrialAnswer answer)
      throws IOException, InterruptedException {
    Path file = run.resolve("trial.json");
    long until = System.nanoTime() + LAG_NANOS;
    while (!Files.readString(file).equals(answer.stored())) {
      if (System.nanoTime() > until) {
        throw new IOException(
            "%s: is not what %s wrote there, even after %d s"
                .formatted(file, answer.machine(), LAG_NANOS / 1_000_000_000L));
      }
      Thread.sleep(TICK_MILLIS);
    }
  }

  /** Adds to a trial's log what its process could not say. */
  private static void tell(Path log, String problem) {
    try {
      Files.writeString(
          log,
          "\nnarrows: " + problem + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException full) {
      // then the row says its exit code
    }
  }

  @Override
  public void close() {
    session.close();
    try {
      mark.remove();
    } catch (IOException e) {
      // a few bytes stay in the folder
    }
  }
}
