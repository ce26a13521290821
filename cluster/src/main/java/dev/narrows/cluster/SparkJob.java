package dev.narrows.cluster;

import dev.narrows.experiments.cluster.ClusterException;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Function2;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * Tasks whose answers are taken one by one as they come in, each once, so that the driver never
 * holds them all.
 *
 * @param <A> an answer
 */
final class SparkJob<A> {
  private final SparkClusterSession session;
  private final String description;
  private final Class<A> type;

  SparkJob(SparkClusterSession session, String description, Class<A> type) {
    this.session = session;
    this.description = description;
    this.type = type;
  }

  /**
   * Takes the answer of a task.
   *
   * @param <A> an answer
   */
  @FunctionalInterface
  interface AnswerTaker<A> {
    /** One call at a time; a failure ends the job and is thrown by it. */
    void take(int task, A answer);
  }

  /**
   * Runs tasks, each in a partition of its own.
   *
   * @throws ClusterException if a task fails again and again, or no executor is left
   */
  <T extends Serializable> void run(
      List<T> tasks, Function2<TaskContext, Iterator<T>, A> function, AnswerTaker<A> taker) {
    JavaSparkContext context = session.context();
    String group = UUID.randomUUID().toString();
    context.setJobGroup(group, description, true);
    JavaRDD<T> rdd = context.parallelize(tasks, tasks.size()).setName(description);
    List<Object> partitions = new ArrayList<>();
    for (int i = 0; i < tasks.size(); i++) {
      partitions.add(i);
    }
    AtomicBoolean deserted = new AtomicBoolean();
    Thread watch = Thread.ofVirtual().start(() -> watch(group, deserted));
    try {
      context
          .sc()
          .runJob(
              rdd.rdd(),
              function,
              CollectionConverters.asScala(partitions).toSeq(),
              new Taking<>(taker),
              ClassTag$.MODULE$.apply(type));
    } catch (Exception e) { // Scala throws checked ones that Java does not see
      if (deserted.get()) {
        throw new ClusterException(
            "no executor is left, and none came within %d s"
                .formatted(session.request().patience().toSeconds()),
            e);
      }
      throw SparkFailure.of(e);
    } finally {
      watch.interrupt();
      context.clearJobGroup();
    }
  }

  /** Ends a job that nobody has worked on for too long; Spark itself would wait for ever. */
  private void watch(String group, AtomicBoolean deserted) {
    Duration most = session.request().patience();
    long since = System.nanoTime();
    try {
      while (true) {
        Thread.sleep(500);
        if (session.takingTasks() > 0) {
          since = System.nanoTime();
        } else if (System.nanoTime() - since > most.toNanos()) {
          deserted.set(true);
          session.context().cancelJobGroup(group);
          return;
        }
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  /** Spark's form of an {@link AnswerTaker}; it stays in this process. */
  private static final class Taking<A> extends AbstractFunction2<Object, A, BoxedUnit> {
    private final AnswerTaker<A> taker;

    Taking(AnswerTaker<A> taker) {
      this.taker = taker;
    }

    @Override
    public BoxedUnit apply(Object task, A answer) {
      taker.take((Integer) task, answer);
      return BoxedUnit.UNIT;
    }
  }
}
