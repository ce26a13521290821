package dev.narrows.report;

import dev.narrows.core.dot.Summation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One configuration in one register, over its seeds.
 *
 * @param keys what the grid varied, seed left out
 * @param seeds those that came to their end
 * @param way how it sums, as in {@code saturate:sorted}; {@code proven}: exact registers, at the
 *     width that no input of any of these networks can overflow
 * @param bits the register's width P
 * @param accuracy on the test images, in percent: reported, never chosen by
 * @param validation accuracy on the validation images, in percent
 * @param words the way as a phrase for people
 * @param front whether no other point has a validation accuracy as good with fewer bits, or a
 *     better one with as many
 */
public record SweepPoint(
    String label,
    Map<String, String> keys,
    List<Long> seeds,
    String way,
    int bits,
    SeedSpread accuracy,
    SeedSpread validation,
    boolean front,
    Optional<String> words) {
  /** The way of exact registers as wide as is proven. */
  public static final String PROVEN = "proven";

  /** Keeps the order of the keys. */
  public SweepPoint {
    keys = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(keys));
    seeds = List.copyOf(seeds);
    words = words.or(() -> Optional.of(SummationFacts.words(way, bits)));
  }

  /** Words as the way has them. */
  public SweepPoint(
      String label,
      Map<String, String> keys,
      List<Long> seeds,
      String way,
      int bits,
      SeedSpread accuracy,
      SeedSpread validation,
      boolean front) {
    this(label, keys, seeds, way, bits, accuracy, validation, front, Optional.empty());
  }

  /** How it sums; empty for exact registers as wide as is proven. */
  public Optional<Summation> summation() {
    return way.equals(PROVEN) ? Optional.empty() : Optional.of(Summation.parseWay(way, bits));
  }

  /** The same point, on the front or not. */
  public SweepPoint onFront(boolean isOnFront) {
    return new SweepPoint(label, keys, seeds, way, bits, accuracy, validation, isOnFront);
  }

  /** Label and keys in one line: {@code a2q P=12}. */
  public String configuration() {
    return SweepTrial.configuration(label, keys);
  }

  /** Several seeds of one configuration. */
  public record SeedSpread(double mean, double min, double max) {
    /** {@code 90.12}, or {@code 90.12 (89.90..90.31)} where the values differ. */
    @Override
    public String toString() {
      return min == max
          ? Table.percent(mean)
          : "%s (%s..%s)".formatted(Table.percent(mean), Table.percent(min), Table.percent(max));
    }
  }
}
