package dev.narrows.cluster.progress;

import dev.narrows.experiments.evaluate.EvaluationListener;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.StageInfo;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Tells how jobs get on, with the time left, and which machines come and go, and why tasks failed.
 * A job is called by its description, as in Spark's web page. Calls come from one thread of
 * Spark's, one at a time.
 */
public final class JobWatch extends SparkListener {
  private static final String DESCRIPTION = "spark.job.description";
  private static final double MILLIS = 1000.0;

  private final EvaluationListener listener;
  private final Consumer<String> notes;
  private final Map<Integer, WatchedJob> ofStage = new HashMap<>();
  private final Map<Integer, Collection<StageInfo>> stagesOfJob = new HashMap<>();
  private final Map<String, String> hosts = new ConcurrentHashMap<>();
  private final Set<String> failures = new HashSet<>();
  private boolean leaving;

  /**
   * A watch that nothing is told yet; see {@link #on}.
   *
   * @param listener hears how many tasks of a job are done
   * @param notes gets a line for each machine that comes or is lost, and one for each reason for
   *     which tasks failed
   */
  public JobWatch(EvaluationListener listener, Consumer<String> notes) {
    this.listener = listener;
    this.notes = notes;
  }

  /** Listens to a context until that ends. */
  public JobWatch on(SparkContext context) {
    context.addSparkListener(this);
    CollectionConverters.asJava(context.statusStore().executorList(true))
        .forEach(known -> hosts.putIfAbsent(known.id(), known.hostPort().replaceAll(":\\d+$", "")));
    return this;
  }

  /** From now on machines go because the work is done, which is not worth telling. */
  @Override
  public void onApplicationEnd(SparkListenerApplicationEnd end) {
    leaving = true;
  }

  @Override
  public void onJobStart(SparkListenerJobStart start) {
    Collection<StageInfo> stages = CollectionConverters.asJavaCollection(start.stageInfos());
    int tasks = stages.stream().mapToInt(StageInfo::numTasks).sum();
    WatchedJob job = new WatchedJob(name(start), tasks);
    stages.forEach(stage -> ofStage.put(stage.stageId(), job));
    stagesOfJob.put(start.jobId(), stages);
  }

  private static String name(SparkListenerJobStart start) {
    Properties properties = start.properties();
    String job = "job " + start.jobId();
    return properties == null ? job : properties.getProperty(DESCRIPTION, job);
  }

  @Override
  public void onTaskStart(SparkListenerTaskStart start) {
    WatchedJob job = ofStage.get(start.stageId());
    if (job != null) {
      job.running++;
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    WatchedJob job = ofStage.get(end.stageId());
    if (job == null) {
      return; // one that was left behind when its job ended
    }
    job.running--;
    if (end.reason() instanceof ExceptionFailure failure && failures.add(failure.description())) {
      notes.accept("a task failed and is tried elsewhere: " + failure.description());
    }
    // a copy that was started twice, or again on another machine, is one task
    if (end.taskInfo().successful()
        && job.finished.add(((long) end.stageId() << 32) | end.taskInfo().index())) {
      job.seconds += end.taskInfo().duration() / MILLIS;
      listener.progress(job.name, job.finished.size(), job.tasks, job.pace().secondsLeft());
    }
  }

  @Override
  public void onJobEnd(SparkListenerJobEnd end) {
    Collection<StageInfo> stages = stagesOfJob.remove(end.jobId());
    if (stages != null) {
      stages.forEach(stage -> ofStage.remove(stage.stageId()));
    }
  }

  @Override
  public void onExecutorAdded(SparkListenerExecutorAdded added) {
    int cores = added.executorInfo().totalCores();
    hosts.put(added.executorId(), added.executorInfo().executorHost());
    notes.accept(
        "executor %s on %s: %d %s"
            .formatted(
                added.executorId(),
                added.executorInfo().executorHost(),
                cores,
                cores == 1 ? "core" : "cores"));
  }

  @Override
  public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
    String host = hosts.remove(removed.executorId());
    if (!leaving) {
      notes.accept(
          "executor %s on %s is lost, its work goes to others: %s"
              .formatted(
                  removed.executorId(),
                  host == null ? "a machine" : host,
                  removed.reason().lines().findFirst().orElse("no reason is known")));
    }
  }

  /** Counts of one job. */
  private static final class WatchedJob {
    private final String name;
    private final int tasks;
    private final Set<Long> finished = new HashSet<>();
    private int running;
    private double seconds;

    WatchedJob(String name, int tasks) {
      this.name = name;
      this.tasks = tasks;
    }

    TaskPace pace() {
      return new TaskPace(tasks, finished.size(), running, seconds);
    }
  }
}
