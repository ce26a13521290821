package dev.narrows.cli.doctor;

import dev.narrows.benchmarks.KernelSelfTest;
import dev.narrows.data.catalog.DataCatalog;
import dev.narrows.data.catalog.DataRoots;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All that is looked at, in the order in which it is told. */
public final class Examination {
  /** For which each kernel runs between its two comparisons. */
  private static final long NANOS_OF_A_KERNEL = 40_000_000;

  private Examination() {}

  /**
   * This process, its machine, and data sets under some roots. Takes a few seconds, nearly all of
   * them for comparing kernels with the reference.
   */
  public static List<Finding> here(DataRoots roots) {
    List<Finding> findings = new ArrayList<>(MachineFacts.here().findings());
    findings.addAll(
        BuildFindings.of(
            System.getProperty("java.class.path", ""),
            Optional.ofNullable(System.getProperty("narrows.root")).map(Path::of),
            BuildFindings.platform(
                System.getProperty("os.name", ""), System.getProperty("os.arch", ""))));
    findings.addAll(DataFindings.of(new DataCatalog(roots)));
    KernelSelfTest test = KernelSelfTest.ofAll();
    findings.add(kernels(test.kernels(), test.differences(NANOS_OF_A_KERNEL)));
    return findings;
  }

  /** What became of comparing so many kernels. */
  static Finding kernels(int compared, List<String> differences) {
    if (differences.isEmpty()) {
      return Finding.ok(
          "kernels",
          "%d of them give the reference's bits, before and after they are compiled"
              .formatted(compared));
    }
    String first = differences.getFirst();
    return Finding.wrong(
        "kernels",
        differences.size() == 1
            ? first
            : "%s (and %d more of %d)".formatted(first, differences.size() - 1, compared));
  }
}
