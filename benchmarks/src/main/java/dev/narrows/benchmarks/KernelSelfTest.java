package dev.narrows.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether the kernels give the bits of core's reference on this machine, under this JVM.
 *
 * <p>Each kernel is compared twice: as it comes, and after it has run for a while, because a
 * just-in-time compiler that errs does so only in code that has run often.
 */
public final class KernelSelfTest {
  private final List<KernelCase> cases;

  KernelSelfTest(List<KernelCase> cases) {
    this.cases =
        cases.stream().filter(one -> one.work().apply(KernelShape.GLANCED).comparable()).toList();
  }

  /** Of every kernel whose sums have an order that the reference shares. */
  public static KernelSelfTest ofAll() {
    return new KernelSelfTest(KernelCases.all());
  }

  /** How many kernels are compared. */
  public int kernels() {
    return cases.size();
  }

  /** Dot products that are compared of each kernel, each time. */
  public static int dots() {
    return KernelShape.GLANCED.channels() * KernelShape.GLANCED.columns();
  }

  /**
   * Compares.
   *
   * @param nanos for which each kernel runs between its two comparisons
   * @return a line for each kernel that differs or fails, with the first output that does; empty if
   *     all is well
   */
  public List<String> differences(long nanos) {
    List<String> differences = new ArrayList<>();
    for (KernelCase one : cases) {
      try {
        KernelWork work = one.work().apply(KernelShape.GLANCED);
        work.check();
        long start = System.nanoTime();
        do {
          work.run();
        } while (System.nanoTime() - start < nanos);
        work.check();
      } catch (RuntimeException | LinkageError e) { // a machine's fault may look like anything
        differences.add(one.name() + ": " + (e.getMessage() == null ? e : e.getMessage()));
      }
    }
    return differences;
  }
}
