package dev.narrows.core.dot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.testing.GoldenDraws;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Our registers beside the definition in NumPy, value by value and event by event. {@code
 * interop/lba/vectors.py} made the file and tells how the operands are drawn.
 */
class FloatNumpyGoldenTest {
  private static final int DOTS = 100;

  @Test
  void sum_numpysDotProducts_agreeInEveryBitAndEvent() throws Exception {
    List<String> lines = lines();
    assertThat(lines.get(0)).startsWith("# NumPy 2.4.6");
    assertThat(lines.get(1)).startsWith("register,k,low,span,");
    Map<String, FloatEvents> totals = new TreeMap<>();
    for (int i = 2; i < lines.size(); i++) {
      String[] fields = lines.get(i).split(",", -1);
      FloatEvents events = compare(fields, new Draws(20_261_122L + i - 2));
      totals.merge(fields[0], events, FloatEvents::plus);
    }
    assertThat((lines.size() - 2) * DOTS).isGreaterThan(100_000);
    assertThat(totals).hasSize(14);
    totals.forEach((text, events) -> {
      assertThat(Summation.parse(text)).hasToString(text);
      assertThat(events.productUnderflows() + events.sumUnderflows()).isGreaterThan(1000);
      assertThat(events.productOverflows() + events.sumOverflows()).isGreaterThan(1000);
      assertThat(events.swamps()).isGreaterThan(1000);
    });
  }

  private static FloatEvents compare(String[] fields, Draws draws) throws NoSuchAlgorithmException {
    Summation summation = Summation.parse(fields[0]);
    FloatingAccumulator accumulator = (FloatingAccumulator) summation.accumulator();
    int terms = 1 + draws.below(64);
    int low = Integer.parseInt(fields[2]);
    int span = Integer.parseInt(fields[3]);
    ByteBuffer values = ByteBuffer.allocate(4 * DOTS).order(ByteOrder.LITTLE_ENDIAN);
    FloatEvents events = FloatEvents.none();
    for (int dot = 0; dot < DOTS; dot++) {
      float[] weights = new float[terms];
      float[] inputs = new float[terms];
      for (int k = 0; k < terms; k++) {
        weights[k] = draws.operand(low, span);
        inputs[k] = draws.operand(low, span);
      }
      FloatOutcome outcome = FloatDot.sum(accumulator, summation.order(), weights, inputs);
      values.putFloat(outcome.value());
      events = events.plus(outcome.events());
    }
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(values.array());
    String line =
        String.join(
            ",",
            fields[0],
            "" + terms,
            fields[2],
            fields[3],
            "" + events.productUnderflows(),
            "" + events.productOverflows(),
            "" + events.sumUnderflows(),
            "" + events.sumOverflows(),
            "" + events.swamps(),
            HexFormat.of().toHexDigits(Float.floatToRawIntBits(values.getFloat(0))),
            HexFormat.of().formatHex(hash, 0, 16));
    assertThat(line).isEqualTo(String.join(",", fields));
    return events;
  }

  /** The rules of the script. */
  private static final class Draws {
    private final GoldenDraws draws;

    Draws(long seed) {
      draws = new GoldenDraws(seed);
    }

    int below(int bound) {
      return draws.below(bound);
    }

    float operand(int low, int span) {
      if (below(5) == 0) {
        return 0;
      }
      int significand = below((1 << 25) - 1) - (1 << 24) + 1;
      return Math.scalb((float) significand, below(span) + low - 24);
    }
  }

  private static List<String> lines() throws IOException {
    try (InputStream in =
            Objects.requireNonNull(
                FloatNumpyGoldenTest.class.getResourceAsStream("/golden/numpy-lba.csv"));
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    }
  }
}
