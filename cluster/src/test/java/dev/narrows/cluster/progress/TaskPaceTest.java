package dev.narrows.cluster.progress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Estimates of the time left, by hand. */
class TaskPaceTest {
  @ParameterizedTest
  @CsvSource({
    "10, 0, 2,  0, -1", // nothing is known yet
    "10, 4, 2, 40, 25", // 6 left, 2 of them half done: 5 tasks of 10 s, two at a time
    "10, 9, 1, 90,  5",
    "10, 4, 0, 40, 60", // between two tasks: as if one ran
    "10, 10, 0, 50, 0",
    "10, 10, 3, 50, 0", // copies of finished tasks that still run
  })
  void secondsLeft_byTheMeanOfFinishedTasks(
      int tasks, int done, int running, double seconds, double left) {
    assertThat(new TaskPace(tasks, done, running, seconds).secondsLeft()).isEqualTo(left);
  }
}
