package dev.narrows.experiments.reproduce.repair;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What post-training quantisation by others does to the same float weights: figures of a script
 * under {@code interop/brevitas}, which says how they are made.
 */
record PublishedBaselines(List<Baseline> rows) {
  /**
   * One network.
   *
   * @param method such as {@code axe-gptq}
   * @param accuracy on all test images, in percent
   */
  record Baseline(String method, int weights, int activations, int bits, double accuracy) {}

  /** What is stored. */
  static PublishedBaselines stored() {
    try (InputStream in = PublishedBaselines.class.getResourceAsStream("baselines.csv")) {
      if (in == null) {
        throw new IllegalStateException("this program lacks its part baselines.csv");
      }
      return new PublishedBaselines(
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.startsWith("#") && !line.startsWith("method"))
              .map(line -> line.split(",", -1))
              .map(cells ->
                  new Baseline(
                      cells[0],
                      Integer.parseInt(cells[1]),
                      Integer.parseInt(cells[2]),
                      Integer.parseInt(cells[3]),
                      Double.parseDouble(cells[4])))
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The most accurate at a width, of any W; of given activations, or of any. */
  Optional<Baseline> best(int bits, Optional<Integer> activations) {
    return rows.stream()
        .filter(row -> row.bits() == bits)
        .filter(row -> activations.isEmpty() || activations.get() == row.activations())
        .max(Comparator.comparingDouble(Baseline::accuracy));
  }
}
