package dev.narrows.network.tflite;

/** What a test's thread has used; the module under test does not read the beans' module. */
public final class Allocated {
  private Allocated() {}

  /** Bytes that this thread has ever allocated. */
  public static long bytes() {
    return asked("com.sun.management.ThreadMXBean", "getCurrentThreadAllocatedBytes");
  }

  /** Nanoseconds that this thread has computed, however busy the machine. */
  public static long nanos() {
    return asked("java.lang.management.ThreadMXBean", "getCurrentThreadCpuTime");
  }

  private static long asked(String bean, String question) {
    try {
      Object threads =
          Class.forName("java.lang.management.ManagementFactory")
              .getMethod("getThreadMXBean")
              .invoke(null);
      return (Long) Class.forName(bean).getMethod(question).invoke(threads);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
