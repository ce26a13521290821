package dev.narrows.cluster.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.experiments.evaluate.EvaluationListener;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What Spark itself tells of a job in which a task fails once. */
@Tag("slow")
class JobWatchTest {
  private static final int TASKS = 6;

  /** Progress as it was told. */
  private record Told(String what, int done, int of, double secondsLeft) {}

  @Test
  void job_aTaskFailsOnce_isCountedOnceByItsDescriptionAndTold() throws Exception {
    List<Told> told = Collections.synchronizedList(new ArrayList<>());
    List<String> notes = Collections.synchronizedList(new ArrayList<>());
    EvaluationListener listener =
        new EvaluationListener() {
          @Override
          public void progress(String what, int done, int of) {
            progress(what, done, of, Double.NaN);
          }

          @Override
          public void progress(String what, int done, int of, double secondsLeft) {
            told.add(new Told(what, done, of, secondsLeft));
          }
        };
    SparkConf conf =
        new SparkConf()
            .setMaster("local[2,3]")
            .setAppName("watch")
            .set("spark.ui.enabled", "false");
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      new JobWatch(listener, notes::add).on(spark.sc());
      spark.setJobDescription("layer conv1");
      List<Integer> squares =
          spark
              .parallelize(IntStream.range(0, TASKS).boxed().toList(), TASKS)
              .map(JobWatchTest::squareAtTheSecondTry)
              .collect();
      assertThat(squares).containsExactly(0, 1, 4, 9, 16, 25);
      for (int i = 0; i < 100 && told.size() < TASKS; i++) {
        TimeUnit.MILLISECONDS.sleep(50); // listeners hear a little later
      }
    }
    assertThat(told).extracting(Told::what).containsOnly("layer conv1");
    assertThat(told).extracting(Told::done).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(told).extracting(Told::of).containsOnly(TASKS);
    assertThat(told).allMatch(one -> one.secondsLeft() >= 0);
    assertThat(told.getLast().secondsLeft()).isZero();
    assertThat(notes)
        .filteredOn(note -> note.startsWith("a task failed"))
        .singleElement()
        .asString()
        .contains("tried elsewhere", "the first attempt fails");
  }

  private static int squareAtTheSecondTry(int number) {
    if (number == 3 && TaskContext.get().attemptNumber() == 0) {
      throw new IllegalStateException("the first attempt fails");
    }
    return number * number;
  }
}
