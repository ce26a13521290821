package dev.narrows.network.tflite;

/** What a test's thread has allocated. */
public final class Allocated {
  private Allocated() {}

  /** Bytes that this thread has ever allocated; the module under test does not read the beans'. */
  public static long bytes() {
    try {
      Object threads =
          Class.forName("java.lang.management.ManagementFactory")
              .getMethod("getThreadMXBean")
              .invoke(null);
      return (Long)
          Class.forName("com.sun.management.ThreadMXBean")
              .getMethod("getCurrentThreadAllocatedBytes")
              .invoke(threads);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
