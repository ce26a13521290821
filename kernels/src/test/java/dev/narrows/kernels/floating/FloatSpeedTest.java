package dev.narrows.kernels.floating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.narrows.core.dot.GradientMask;
import dev.narrows.core.dot.Summation;
import dev.narrows.kernels.FloatColumns;
import dev.narrows.kernels.FloatProduct;
import dev.narrows.kernels.FloatTwin;
import dev.narrows.kernels.lanes.VectorLanes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import jdk.incubator.vector.IntVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A kernel whose vectors the compiler puts on the heap is ten to twenty times slower. Each is
 * compared with a binary32 product in the same process; the limits are about six times what was
 * measured with 512-bit vectors, so that a loaded machine passes.
 */
@Isolated("measures times")
class FloatSpeedTest {
  private static final int CHANNELS = 64;
  private static final int TERMS = 288;
  private static final int COLUMNS = VectorLanes.PANEL;
  private static final long WARM_UP = 500_000_000L;
  private static final long PATIENCE = 60_000_000_000L; // nanoseconds, for the compiler

  @Test
  void floatKernels_besideAPlainProduct_areOffTheCliff() {
    assumeTrue(
        VectorLanes.COUNT == IntVector.SPECIES_PREFERRED.length(),
        "another run has this machine's width");
    Map<Runnable, Integer> limits = new LinkedHashMap<>();
    Summation m7e4 = Summation.parse("m7e4");
    for (float deviation : new float[] {0.05f, 0.5f}) { // never clamps, may clamp
      FloatTwin twin = FloatTwin.random(31, CHANNELS, TERMS, COLUMNS, deviation);
      FloatProduct product = twin.product();
      FloatColumns x = twin.block();
      float[] out = new float[CHANNELS * COLUMNS];
      limits.put(() -> product.multiply(m7e4, x, out, 0, COLUMNS), 50);
      limits.put(() -> product.count(m7e4, x, out, 0, COLUMNS), 80);
      for (String text :
          new String[] {"hopper-fp8", "hopper-fp16", "fused(16,25):fp16:fp16", "bf16"}) {
        Summation summation = Summation.parse(text);
        limits.put(() -> product.multiply(summation, x, out, 0, COLUMNS), 120);
      }
      for (String text : new String[] {"hopper-fp8", "fused(16,25):fp16:fp16"}) {
        Summation summation = Summation.parse(text);
        limits.put(() -> product.count(summation, x, out, 0, COLUMNS), 330);
      }
      limits.put(() -> product.multiply(Summation.exact(), x, out, 0, COLUMNS), 20);
      limits.put(gradients(product, "identity", m7e4, x, out), 25);
      limits.put(gradients(product, "recursive/of", m7e4, x, out), 120);
      limits.put(gradients(product, "immediate/diff", m7e4, x, out), 500);
    }
    long yardstick = yardstick();
    int kernel = 0;
    for (Map.Entry<Runnable, Integer> entry : limits.entrySet()) {
      assertThat(ratio(entry.getKey(), yardstick, entry.getValue()))
          .as("kernel %d at %d-bit vectors", kernel++, 32 * VectorLanes.COUNT)
          .isLessThanOrEqualTo(entry.getValue());
    }
  }

  private static Runnable gradients(
      FloatProduct product, String masks, Summation summation, FloatColumns x, float[] g) {
    float[] ofWeights = new float[CHANNELS * TERMS];
    float[] ofInputs = new float[x.values().length];
    return () ->
        product.backward(
            summation, GradientMask.parse(masks), 0x1p-7f, x, g, 0, COLUMNS, ofWeights, ofInputs);
  }

  /** The best time, until it is within the limit or patience ends. */
  private static double ratio(Runnable kernel, long yardstick, int limit) {
    long best = Long.MAX_VALUE;
    long start = System.nanoTime();
    do {
      best = Math.min(best, nanoseconds(kernel));
    } while (best > limit * yardstick && System.nanoTime() - start < PATIENCE);
    return (double) best / yardstick;
  }

  /** The best time of a binary32 product of the same shape. */
  private static long yardstick() {
    Random random = new Random(32);
    float[] a = new float[CHANNELS * TERMS];
    float[] b = new float[TERMS * COLUMNS];
    for (int i = 0; i < a.length; i++) {
      a[i] = random.nextFloat();
    }
    float[] out = new float[CHANNELS * COLUMNS];
    long best = Long.MAX_VALUE;
    long start = System.nanoTime();
    while (System.nanoTime() - start < WARM_UP) {
      best = Math.min(best, nanoseconds(() -> plain(a, b, out)));
    }
    return best;
  }

  private static void plain(float[] a, float[] b, float[] out) {
    for (int c = 0; c < CHANNELS; c += Binary32Tile.ROWS) {
      for (int j = 0; j < COLUMNS; j += Binary32Tile.WIDTH) {
        int to = c * COLUMNS + j;
        Binary32Tile.add(a, c * TERMS, TERMS, 1, b, j, COLUMNS, TERMS, out, to, COLUMNS);
      }
    }
  }

  private static long nanoseconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return System.nanoTime() - start;
  }
}
