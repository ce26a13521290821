package dev.narrows.core.quantize.a2q;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.testing.GoldenDraws;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Our integers beside those of Brevitas, which computes in float32. The parameters of every channel
 * are drawn again here; {@code interop/brevitas/a2q_codes.py} made the file and tells how.
 */
class BrevitasGoldenTest {
  private static final int CHANNELS = 5;

  private static final class Count {
    int channels;
    int differingChannels;
    int differingWeights;
    int nonZero;
  }

  @Test
  void quantize_brevitasChannels_differOnlyWhereFloat32RoundsAcrossAnInteger() throws IOException {
    List<String> lines = lines();
    assertThat(lines.get(0)).startsWith("# Brevitas 0.13.4");
    assertThat(lines.get(1)).isEqualTo("method,p,w,a,inputs,k,codes");
    Count count = new Count();
    for (int i = 2; i < lines.size(); i++) {
      compare(lines.get(i).split(",", -1), new GoldenDraws(20_260_000L + i - 2), count);
    }
    assertThat(count.channels).isEqualTo(2 * 17 * 6 * 6 * 2 * CHANNELS);
    assertThat(count.nonZero).isGreaterThan(100_000);
    // each of them traced below
    assertThat(count.differingWeights).isEqualTo(2);
    assertThat(count.differingChannels).isEqualTo(2);
  }

  private static void compare(String[] row, GoldenDraws draws, Count count) {
    int w = Integer.parseInt(row[2]);
    IntegerFormat inputs = new IntegerFormat(Integer.parseInt(row[3]), row[4].equals("s"));
    NormLimit limit = new NormLimit(NormMethod.parse(row[0]), Integer.parseInt(row[1]), inputs);
    NormQuantizer quantizer = new NormQuantizer(limit, w);
    int terms = 2 + draws.below(32);
    assertThat(row[5]).isEqualTo(Integer.toString(terms));
    for (int c = 0; c < CHANNELS; c++) {
      double scale = StrictMath.pow(2, 1 - w + (draws.below(2048) - 1024) / 1024.0);
      double norm = StrictMath.pow(2, draws.below(8192) / 1024.0 - 1);
      float[] v = new float[terms];
      for (int k = 0; k < terms; k++) {
        int sum = -131070;
        for (int part = 0; part < 4; part++) {
          sum += draws.below(65536);
        }
        v[k] = sum / 65536f;
      }
      int[] ours = new int[terms];
      assertThat(quantizer.quantize(v, 0, terms, new boolean[0], scale, norm, ours)).isZero();
      int before = count.differingWeights;
      for (int k = 0; k < terms; k++) {
        int at = 2 * (c * terms + k);
        int theirs = Integer.parseInt(row[6].substring(at, at + 2), 16) - 128;
        count.nonZero += theirs == 0 ? 0 : 1;
        if (theirs != ours[k]) {
          count.differingWeights++;
          assertRoundingCase(quantizer, v, k, scale, norm, ours[k], theirs);
        }
      }
      count.differingChannels += count.differingWeights > before ? 1 : 0;
      count.channels++;
    }
  }

  /** The exact quotient lies next to an integer, and the two results on its two sides. */
  private static void assertRoundingCase(
      NormQuantizer quantizer, float[] v, int k, double scale, double norm, int ours, int theirs) {
    double mean = 0;
    for (float x : v) {
      mean += quantizer.limit().method().centred() ? (double) x / v.length : 0;
    }
    double l1 = 0;
    for (float x : v) {
      l1 += Math.abs(x - mean);
    }
    double factor = Math.min(norm, quantizer.largestNorm(scale)) / (scale * l1);
    double exact = (v[k] - mean) * factor;
    double nearest = Math.rint(exact);
    // float32 errs by half an ulp a step: K steps for each of two sums, a few for the rest
    double error = (2 * v.length + 8) * 0x1p-24 * (Math.abs(v[k]) + Math.abs(mean)) * factor;
    assertThat(Math.abs(exact - nearest)).isLessThanOrEqualTo(error);
    assertThat(Math.max(Math.abs(ours), Math.abs(theirs))).isEqualTo((int) Math.abs(nearest));
    assertThat(Math.abs(ours - theirs)).isEqualTo(1);
  }

  private static List<String> lines() throws IOException {
    try (InputStream in =
            Objects.requireNonNull(
                BrevitasGoldenTest.class.getResourceAsStream("/golden/brevitas-a2q.csv"));
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    }
  }
}
