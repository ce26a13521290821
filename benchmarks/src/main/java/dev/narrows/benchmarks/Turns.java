package dev.narrows.benchmarks;

import java.io.IOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjIntConsumer;

/**
 * Lets contestants take turns: round after round each works for a slice of time, so that all of
 * them see the same machine, however busy it is.
 *
 * @param rounds at least 1
 * @param sliceNanos how long a turn takes, and at least one call
 */
record Turns(int rounds, long sliceNanos) {
  private static final int WARM_UPS = 3;
  private static final long PATIENCE_NANOS = 40_000_000_000L; // for the compiler of a busy machine
  private static final double FASTER = 0.8; // of the time of the pass before: still warming up
  private static final long COMPILER_MILLIS = 20; // in a pass: less is not about loops

  /**
   * Warms all up, then measures.
   *
   * @param progress is told what is at work, and which round it is: 0 while all warm up
   */
  Timings run(List<Contestant> contestants, ObjIntConsumer<Contestant> progress)
      throws IOException {
    warmUp(contestants, progress);
    double[][] times = new double[contestants.size()][rounds];
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < times.length; i++) {
        progress.accept(contestants.get(i), round + 1);
        times[i][round] = turn(contestants.get(i), sliceNanos);
      }
    }
    Map<Contestant, Timing> timings = new HashMap<>();
    for (int i = 0; i < times.length; i++) {
      timings.put(contestants.get(i), Timing.of(times[i]));
    }
    return new Timings(timings);
  }

  /** Until no pass is faster than the one before and the compiler rests. */
  private void warmUp(List<Contestant> contestants, ObjIntConsumer<Contestant> progress)
      throws IOException {
    long[] best = new long[contestants.size()];
    Arrays.fill(best, Long.MAX_VALUE);
    long start = System.nanoTime();
    boolean warm = false;
    for (int pass = 0;
        pass < WARM_UPS || !warm && System.nanoTime() - start < PATIENCE_NANOS;
        pass++) {
      long compiled = compilerMillis();
      warm = true;
      for (int i = 0; i < best.length; i++) {
        Contestant contestant = contestants.get(i);
        progress.accept(contestant, 0);
        long took = turn(contestant, sliceNanos);
        warm &= took > FASTER * best[i] && contestant.plausible(took);
        best[i] = Math.min(best[i], took);
      }
      warm &= compilerMillis() - compiled < COMPILER_MILLIS;
    }
  }

  private static long compilerMillis() {
    CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    return compiler.isCompilationTimeMonitoringSupported() ? compiler.getTotalCompilationTime() : 0;
  }

  private static long turn(Contestant contestant, long nanos) throws IOException {
    long best = Long.MAX_VALUE;
    long start = System.nanoTime();
    do {
      best = Math.min(best, contestant.nanoseconds());
    } while (System.nanoTime() - start < nanos);
    return best;
  }
}
