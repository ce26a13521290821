package dev.narrows.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code narrows/trial/1}: one trial of a sweep.
 *
 * @param label of its method
 * @param keys what the grid varied, seed left out, with the values in text form
 * @param seed of the training
 * @param hash of the resolved recipe; equal hashes are the same training
 * @param status {@code done}, {@code uncertified} (trained, but the guarantee it asked for does not
 *     hold), {@code failed} or {@code pending}
 * @param error why it failed, in one line
 * @param figures what was found out; absent before the trial has come so far
 */
public record SweepTrial(
    String label,
    Map<String, String> keys,
    long seed,
    String hash,
    String status,
    Optional<String> error,
    Optional<TrialFigures> figures) {
  /** Has come to its end. */
  public static final String DONE = "done";

  /** Trained, but cannot be certified as its recipe asks. */
  public static final String UNCERTIFIED = "uncertified";

  /** Ended with an error. */
  public static final String FAILED = "failed";

  /** Not run yet. */
  public static final String PENDING = "pending";

  /** Keeps the order of the keys. */
  public SweepTrial {
    keys = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(keys));
  }

  /** Label and keys in one line: {@code a2q P=12}. */
  public String configuration() {
    return configuration(label, keys);
  }

  static String configuration(String label, Map<String, String> keys) {
    StringBuilder text = new StringBuilder(label);
    keys.forEach((key, value) -> text.append(' ').append(key).append('=').append(value));
    return text.toString();
  }

  /** This trial with another end. */
  public SweepTrial with(
      String newStatus, Optional<String> newError, Optional<TrialFigures> found) {
    return new SweepTrial(label, keys, seed, hash, newStatus, newError, found);
  }

  /**
   * What a finished trial shows. Accuracies are percentages.
   *
   * @param dataset the test images
   * @param floatAccuracy on the test images, before pruning and quantisation
   * @param exactAccuracy on the test images, in exact registers
   * @param exactValidation on the validation images, in exact registers
   * @param accumulators other registers
   * @param certifiedBits the width that no input can overflow, in any order, over the layers that
   *     are not on exact registers of their own; absent where there are none
   * @param termBits the widest single product of those layers: what ordering cannot go below
   * @param sparsity zeros among those layers' weights, in percent
   * @param compression W / H over those layers: bits a weight has by bits of Shannon entropy;
   *     absent where all weights of every layer are equal
   * @param seconds of training, as its epochs counted them
   * @param measure what all accuracies are, where targets are no classes; else absent
   * @param images how many test images there are; absent in results of older versions
   * @param validationImages how many validation images there are; absent likewise
   */
  public record TrialFigures(
      String dataset,
      Optional<Double> floatAccuracy,
      double exactAccuracy,
      double exactValidation,
      List<SweepAccuracy> accumulators,
      Optional<Integer> certifiedBits,
      Optional<Integer> termBits,
      double sparsity,
      Optional<Double> compression,
      double seconds,
      Optional<QualityMeasure> measure,
      Optional<Integer> images,
      Optional<Integer> validationImages) {
    /** Copies the list. */
    public TrialFigures {
      accumulators = List.copyOf(accumulators);
    }

    /** Of classes. */
    public TrialFigures(
        String dataset,
        Optional<Double> floatAccuracy,
        double exactAccuracy,
        double exactValidation,
        List<SweepAccuracy> accumulators,
        Optional<Integer> certifiedBits,
        Optional<Integer> termBits,
        double sparsity,
        Optional<Double> compression,
        double seconds) {
      this(
          dataset,
          floatAccuracy,
          exactAccuracy,
          exactValidation,
          accumulators,
          certifiedBits,
          termBits,
          sparsity,
          compression,
          seconds,
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    }

    /** The same figures of so many images. */
    public TrialFigures on(Optional<Integer> tests, Optional<Integer> validations) {
      return new TrialFigures(
          dataset,
          floatAccuracy,
          exactAccuracy,
          exactValidation,
          accumulators,
          certifiedBits,
          termBits,
          sparsity,
          compression,
          seconds,
          measure,
          tests,
          validations);
    }

    /** The same figures with other registers. */
    public TrialFigures withAccumulators(List<SweepAccuracy> others) {
      return with(others, seconds);
    }

    /** The same figures of a training that took another time. */
    public TrialFigures withSeconds(double other) {
      return with(accumulators, other);
    }

    private TrialFigures with(List<SweepAccuracy> registers, double time) {
      return new TrialFigures(
          dataset,
          floatAccuracy,
          exactAccuracy,
          exactValidation,
          registers,
          certifiedBits,
          termBits,
          sparsity,
          compression,
          time,
          measure,
          images,
          validationImages);
    }
  }
}
