package dev.narrows.data.catalog;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** For tests that need more than the embedded set: they skip loudly without it, but fail in CI. */
final class InstalledData {
  private InstalledData() {}

  /** Where Debian's package dataset-fashion-mnist puts its files. */
  private static final Path DEBIAN = Path.of("/usr/share/datasets");

  static DataCatalog require(KnownSet set) {
    DataRoots own = DataRoots.ofProcess(Optional.empty());
    List<Path> roots = new ArrayList<>(own.roots());
    roots.add(DEBIAN);
    DataCatalog catalog = new DataCatalog(new DataRoots(roots, own.forDownloads()));
    if (!catalog.list(set).complete()) {
      String message =
          "%s is not in %s; set %s or run: narrows data fetch %s"
              .formatted(set.name(), catalog.roots(), DataRoots.VARIABLE, set.name());
      if ("true".equals(System.getenv("CI"))) {
        Assertions.fail(message);
      }
      System.err.println("SKIPPED: " + message);
      Assumptions.abort(message);
    }
    return catalog;
  }
}
