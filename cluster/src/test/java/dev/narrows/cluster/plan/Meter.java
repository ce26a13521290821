package dev.narrows.cluster.plan;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Time and memory of this process while something runs. */
final class Meter implements AutoCloseable {
  private static final int SAMPLE_MILLIS = 100;
  private static final double MEGA = 1e6;

  private final String what;
  private final long wall = System.nanoTime();
  private final long processor = processorNanos();
  private final Thread sampler = Thread.ofPlatform().daemon().start(this::sample);
  private volatile long mostHeap;

  /** Begins. */
  Meter(String what) {
    this.what = what;
  }

  private static long processorNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private void sample() {
    try {
      while (true) {
        Runtime runtime = Runtime.getRuntime();
        mostHeap = Math.max(mostHeap, runtime.totalMemory() - runtime.freeMemory());
        Thread.sleep(SAMPLE_MILLIS);
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private static String resident() {
    try {
      return Files.readString(Path.of("/proc/self/status"))
          .lines()
          .filter(line -> line.startsWith("VmHWM"))
          .findFirst()
          .map(line -> line.replaceAll("\\D", ""))
          .map(kilobytes -> String.format(Locale.ROOT, "%.0f MB", Long.parseLong(kilobytes) / 1e3))
          .orElse("unknown");
    } catch (IOException notLinux) {
      return "unknown";
    }
  }

  /** Says what it took. */
  @Override
  public void close() {
    sampler.interrupt();
    System.out.printf(
        Locale.ROOT,
        "%s: %.1f s, %.1f s of processors, heap at most %.0f MB, resident at most %s%n",
        what,
        (System.nanoTime() - wall) / 1e9,
        (processorNanos() - processor) / 1e9,
        mostHeap / MEGA,
        resident());
  }
}
