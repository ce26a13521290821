package dev.narrows.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {
  /** Says how long it took, and keeps who was asked. */
  private record Scripted(String name, List<Long> times, List<String> asked) implements Contestant {
    @Override
    public long nanoseconds() {
      asked.add(name);
      return times.size() > 1 ? times.removeFirst() : times.getFirst();
    }
  }

  @Test
  void run_ofTwo_alternatesAndTakesTheBest() throws IOException {
    List<String> asked = new ArrayList<>();
    Scripted first =
        new Scripted("a", new ArrayList<>(List.of(90L, 90L, 90L, 30L, 10L, 20L)), asked);
    Scripted second = new Scripted("b", new ArrayList<>(List.of(5L)), asked);
    Timings times = new Turns(3, 0).run(List.of(first, second), (one, round) -> {});
    assertThat(times.of(first)).isEqualTo(new Timing(10, 20));
    assertThat(times.of(first).spread()).isEqualTo(1);
    assertThat(times.of(second).spread()).isZero();
    assertThat(asked).hasSizeGreaterThanOrEqualTo(12);
    for (int i = 0; i < asked.size(); i++) {
      assertThat(asked.get(i)).isEqualTo(i % 2 == 0 ? "a" : "b");
    }
  }

  @Test
  void median_ofAnEvenNumber_isBetweenTheMiddleTwo() {
    assertThat(Timing.of(new double[] {4, 1, 3, 2})).isEqualTo(new Timing(1, 2.5));
  }
}
