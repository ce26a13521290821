package dev.narrows.repair.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.format.IntegerRange;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * The levers of docs/repair.md against interop/repair/section9.py, a literal transcription in
 * NumPy.
 */
class TranscriptionTest {
  @Test
  void levers_everyVector_giveTheTranscriptionsScalesAndIntegers() {
    List<String> lines = lines();
    assertThat(lines).hasSize(24);
    for (String line : lines) {
      String[] fields = line.split(",");
      double[] weights = doubles(fields[0]);
      int[] setting = ints(fields[2]);
      int code = setting[4];
      double largest = Arrays.stream(weights).map(Math::abs).max().orElseThrow();
      InputMoments moments =
          new InputMoments(new double[weights.length], doubles(fields[1]), 3L * weights.length);
      ChannelTask task =
          new ChannelTask(
              weights,
              weights,
              new ScaleChoice(largest / code, 1e-9, 1e9),
              new IntegerRange(-code, code),
              new IntegerRange(setting[0], setting[1]),
              List.of(SumLimit.whole(new IntegerRange(setting[2], setting[3]), false)),
              Preload.NONE);
      double growth = Growth.scale(task, moments).orElseThrow();
      assertThat(growth).as(line).isEqualTo(doubles(fields[3])[0]);
      ScaleTrial trial = new ScaleTrial(task, moments, 0.6 * growth);
      assertThat(trial.threshold().orElseThrow().weights()).as(line).isEqualTo(ints(fields[4]));
      FeedbackOrder order = FeedbackOrder.of(moments);
      assertThat(trial.feedback(order, 0).orElseThrow().weights())
          .as(line)
          .isEqualTo(ints(fields[5]));
      RepairedChannel chosen = ChannelRepair.of(moments).repair(task, Levers.all().withoutSearch());
      assertThat(chosen.scale()).as(line).isEqualTo(doubles(fields[6])[0]);
      assertThat(chosen.weights()).as(line).isEqualTo(ints(fields[7]));
    }
  }

  private static List<String> lines() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    TranscriptionTest.class.getResourceAsStream("/golden/section9.csv")),
                StandardCharsets.UTF_8))) {
      return reader.lines().filter(line -> !line.startsWith("#")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double[] doubles(String field) {
    return Arrays.stream(field.split(" ")).mapToDouble(Double::parseDouble).toArray();
  }

  private static int[] ints(String field) {
    return Arrays.stream(field.split(" ")).mapToInt(Integer::parseInt).toArray();
  }
}
