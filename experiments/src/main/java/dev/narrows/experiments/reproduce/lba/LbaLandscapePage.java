package dev.narrows.experiments.reproduce.lba;

import static dev.narrows.experiments.reproduce.lba.LbaLandscape.SOURCE;
import static dev.narrows.experiments.reproduce.lba.LbaLandscape.surface;
import static dev.narrows.report.PlainText.text;

import dev.narrows.report.ReproductionResult.Grid;
import dev.narrows.report.ReproductionResult.PaperClaim;
import dev.narrows.report.ReproductionResult.Surface;
import java.util.ArrayList;
import java.util.List;

/** Claims and table of {@link LbaLandscape}. */
final class LbaLandscapePage {
  private LbaLandscapePage() {}

  static PaperClaim claim(String what, double distance, String paper) {
    return PaperClaim.of(
        "the complete surface and that " + what,
        paper,
        SOURCE,
        text("differ by %.4f on average", distance));
  }

  static double distance(Surface one, Surface other) {
    double sum = 0;
    int count = 0;
    for (int j = 0; j < one.values().size(); j++) {
      for (int i = 0; i < one.values().get(j).size(); i++) {
        sum += Math.abs(one.values().get(j).get(i) - other.values().get(j).get(i));
        count++;
      }
    }
    return sum / count;
  }

  static Grid grid(List<Surface> surfaces) {
    List<List<Object>> rows = new ArrayList<>();
    for (Surface surface : surfaces) {
      List<Double> values = surface.values().stream().flatMap(List::stream).toList();
      int middle = surface.values().size() / 2;
      rows.add(
          List.of(
              surface.title(),
              text("%.4f", surface.values().get(middle).get(middle)),
              text("%.4f", values.stream().mapToDouble(v -> v).min().orElseThrow()),
              text("%.4f", values.stream().mapToDouble(v -> v).max().orElseThrow()),
              text("%.4f", roughness(surface))));
    }
    return new Grid(
        "The surfaces",
        List.of("surface", "at the network", "least", "greatest", "roughness"),
        rows);
  }

  /** The mean magnitude of second differences along both directions. */
  private static double roughness(Surface surface) {
    List<List<Double>> v = surface.values();
    double sum = 0;
    int count = 0;
    for (int j = 1; j + 1 < v.size(); j++) {
      for (int i = 1; i + 1 < v.size(); i++) {
        double centre = 2 * v.get(j).get(i);
        sum += Math.abs(v.get(j).get(i - 1) + v.get(j).get(i + 1) - centre);
        sum += Math.abs(v.get(j - 1).get(i) + v.get(j + 1).get(i) - centre);
        count += 2;
      }
    }
    return sum / count;
  }
}
