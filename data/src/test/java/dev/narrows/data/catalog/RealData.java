package dev.narrows.data.catalog;

import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** For tests that need more than the embedded set: they skip loudly without it, but fail in CI. */
final class RealData {
  private RealData() {}

  static DataCatalog require(KnownSet set) {
    DataCatalog catalog = new DataCatalog(DataRoots.ofProcess(Optional.empty()));
    if (!catalog.list(set).complete()) {
      String message =
          "SKIPPED: %s is not in %s; set %s or run: narrows data fetch %s"
              .formatted(set.name(), catalog.roots(), DataRoots.VARIABLE, set.name());
      if ("true".equals(System.getenv("CI"))) {
        Assertions.fail(message);
      }
      System.err.println(message);
      Assumptions.abort(message);
    }
    return catalog;
  }
}
