package dev.narrows.report;

import dev.narrows.core.dot.Summation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One configuration in one register, over its seeds.
 *
 * @param label of its method
 * @param keys what the grid varied, seed left out
 * @param seeds of the trials that came to their end
 * @param way how it sums, as in {@code saturate:sorted}; {@code proven}: exact registers, at the
 *     width that no input of any of these networks can overflow
 * @param bits the register's width P
 * @param accuracy on the test images, in percent: reported, never chosen by
 * @param validation accuracy on the validation images, in percent
 * @param front whether no other point has a validation accuracy as good with fewer bits, or a
 *     better one with as many
 * @param words the way as a phrase for people; absent in results of older versions
 * @param measure what all accuracies are, where targets are no classes; else absent
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
    Optional<String> words,
    Optional<QualityMeasure> measure) {
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
    this(
        label,
        keys,
        seeds,
        way,
        bits,
        accuracy,
        validation,
        front,
        Optional.empty(),
        Optional.empty());
  }

  /** How it sums; empty for exact registers as wide as is proven. */
  public Optional<Summation> summation() {
    return way.equals(PROVEN) ? Optional.empty() : Optional.of(Summation.parseWay(way, bits));
  }

  /** The same point, on the front or not. */
  public SweepPoint onFront(boolean isOnFront) {
    return new SweepPoint(
        label, keys, seeds, way, bits, accuracy, validation, isOnFront, words, measure);
  }

  /** The same point of targets that are no classes. */
  public SweepPoint measuredBy(Optional<QualityMeasure> other) {
    return new SweepPoint(label, keys, seeds, way, bits, accuracy, validation, front, words, other);
  }

  /** What tells how good a network is: accuracy, or the measure of other targets. */
  public QualityMeasure quality() {
    return QualityMeasure.named(measure);
  }

  /** Label and keys in one line: {@code a2q P=12}. */
  public String configuration() {
    return SweepTrial.configuration(label, keys);
  }

  /**
   * What several seeds of one configuration reached, in percent or in the unit of the measure.
   *
   * @param mean over the seeds
   * @param min the least of them
   * @param max the greatest
   * @param interval of the mean for images like those that were seen, all seeds on the same ones;
   *     absent where their count is unknown, as in results of older versions, and for other
   *     measures
   */
  public record SeedSpread(double mean, double min, double max, Optional<Interval> interval) {
    /** Of images whose count is unknown. */
    public SeedSpread(double mean, double min, double max) {
      this(mean, min, max, Optional.empty());
    }

    /** {@code 90.12}, or {@code 90.12 (89.90..90.31)} where the values differ. */
    @Override
    public String toString() {
      return text(QualityMeasure.ACCURACY);
    }

    /** {@link #toString} with the decimals of a measure. */
    public String text(QualityMeasure measure) {
      return min == max
          ? measure.text(mean)
          : "%s (%s..%s)".formatted(measure.text(mean), measure.text(min), measure.text(max));
    }
  }
}
