package dev.narrows.cluster;

import dev.narrows.experiments.run.ExecutorEnvironment;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.TaskContext;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction2;

/** Whether the executors see the files that the driver sees, before any work is done on them. */
final class StorageCheck {
  private static final int ROUNDS = 5;
  private static final int TASKS_OF_CORE = 4;
  private static final int NAP_MILLIS = 100;

  private StorageCheck() {}

  /**
   * What an executor says.
   *
   * @param problem empty if it sees the same
   */
  private record Sight(ExecutorEnvironment environment, String problem) implements Serializable {}

  /** Looks at the files on an executor; naps, so that no executor takes the tasks of all. */
  private static final class Look extends AbstractFunction2<TaskContext, Iterator<Integer>, Sight>
      implements Serializable {
    private static final long serialVersionUID = 1L;
    private final ArrayList<Fingerprint> files;

    Look(List<Fingerprint> files) {
      this.files = new ArrayList<>(files);
    }

    @Override
    public Sight apply(TaskContext context, Iterator<Integer> tasks) {
      String problem = "";
      for (Fingerprint file : files) {
        problem = problem.isEmpty() ? file.compared() : problem;
      }
      try {
        Thread.sleep(NAP_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return new Sight(ExecutorNetworks.environment(), problem);
    }
  }

  /**
   * What executors say that do not see the same files, in lines that name their machines; empty if
   * all see them.
   *
   * @param files as the driver sees them: the first, the last and one between, of many
   */
  static List<String> problems(SparkClusterSession session, List<String> files) {
    List<Fingerprint> seen = new ArrayList<>();
    for (int place : new TreeSet<>(List.of(0, files.size() / 2, files.size() - 1))) {
      seen.add(Fingerprint.of(files.get(place)));
    }
    Map<String, String> answers = new TreeMap<>(); // by executor
    for (int round = 0; round < ROUNDS && answers.size() < session.takingTasks(); round++) {
      List<Integer> tasks =
          Collections.nCopies(TASKS_OF_CORE * session.context().defaultParallelism(), 0);
      new SparkJob<>(session, "do all executors see the data?", Sight.class)
          .run(
              tasks,
              new Look(seen),
              (task, sight) -> {
                session.note(sight.environment());
                answers.put(
                    sight.environment().id(),
                    sight.problem().isEmpty()
                        ? ""
                        : "executor %s on %s: %s"
                            .formatted(
                                sight.environment().id(),
                                sight.environment().host(),
                                sight.problem()));
              });
    }
    return answers.values().stream().filter(answer -> !answer.isEmpty()).toList();
  }
}
