package dev.narrows.cli.doctor;

import dev.narrows.data.catalog.DataCatalog;
import java.util.ArrayList;
import java.util.List;

/** Which data sets are there, and whole. */
final class DataFindings {
  private static final int NAMES_OF_A_LINE = 6;

  private DataFindings() {}

  static List<Finding> of(DataCatalog catalog) {
    List<String> complete = new ArrayList<>();
    List<String> absent = new ArrayList<>();
    List<Finding> partial = new ArrayList<>();
    for (DataCatalog.Listing listing : catalog.list()) {
      String name = listing.set().name();
      if (listing.set().embedded() || listing.complete()) {
        complete.add(name);
      } else if (listing.filesFound() == 0) {
        absent.add(name);
      } else {
        String counted =
            "%d of %d files".formatted(listing.filesFound(), listing.set().files().size());
        partial.add(Finding.wrong("data set " + name, counted + ": ./narrows data fetch " + name));
      }
    }
    List<Finding> findings = new ArrayList<>();
    for (int i = 0; i < complete.size(); i += NAMES_OF_A_LINE) {
      int end = Math.min(complete.size(), i + NAMES_OF_A_LINE);
      findings.add(Finding.ok("data sets", String.join(", ", complete.subList(i, end))));
    }
    findings.addAll(partial);
    if (!absent.isEmpty()) {
      String more = absent.size() > NAMES_OF_A_LINE ? ", …" : "";
      String names =
          String.join(", ", absent.subList(0, Math.min(absent.size(), NAMES_OF_A_LINE))) + more;
      findings.add(Finding.absent("data sets", names + " (./narrows data list)"));
    }
    return findings;
  }
}
