package dev.narrows.report;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What tells how good a network's answers are: accuracy of classes, and others of other targets.
 */
public enum QualityMeasure {
  /** The share of predictions that are their class, in percent. */
  ACCURACY("accuracy", "accuracy", "%", 2, true, 1),
  /** 200·true / (2·true + false + missed), over all labels of all inputs, in percent. */
  F1("f1", "F1", "%", 2, true, 1),
  /** 10·log₁₀(1 / mean squared error) of images whose brightest value is 1, a mean over images. */
  PSNR("psnr", "PSNR", "dB", 2, true, 0.1),
  /** The same of luma, Y of BT.601. */
  PSNR_Y("psnr-y", "PSNR on Y", "dB", 2, true, 0.1),
  /** The mean of squared differences. */
  SQUARED_ERROR("squared-error", "mean squared error", "", 6, false, 0.05),
  /** The mean of absolute differences. */
  ABSOLUTE_ERROR("absolute-error", "mean absolute error", "", 6, false, 0.05);

  private final String word;
  private final String title;
  private final String unit;
  private final int decimals;
  private final boolean higherIsBetter;
  private final double allowance;

  QualityMeasure(
      String word,
      String title,
      String unit,
      int decimals,
      boolean higherIsBetter,
      double allowance) {
    this.word = word;
    this.title = title;
    this.unit = unit;
    this.decimals = decimals;
    this.higherIsBetter = higherIsBetter;
    this.allowance = allowance;
  }

  /** The word in JSON and recipes, such as {@code psnr-y}. */
  @JsonValue
  public String word() {
    return word;
  }

  /** The measure of that word. */
  @JsonCreator
  public static QualityMeasure of(String word) {
    return Arrays.stream(values())
        .filter(one -> one.word.equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown measure \"" + word + "\""));
  }

  /** For sentences and titles: {@code PSNR}. */
  public String title() {
    return title;
  }

  /** {@code %}, {@code dB}, or empty. */
  public String unit() {
    return unit;
  }

  /** The head of a column: {@code PSNR dB}. */
  public String column() {
    return (title + " " + unit).strip();
  }

  /** A value without its unit. */
  public String text(double value) {
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  /** A value with its unit. */
  public String withUnit(double value) {
    return (text(value) + " " + unit).strip();
  }

  /** Whether a greater value is a better one; of errors it is not. */
  public boolean higherIsBetter() {
    return higherIsBetter;
  }

  /** A number that is greater where a value is better. */
  public double goodness(double value) {
    return higherIsBetter ? value : -value;
  }

  /**
   * How far a register may fall behind a reference to be enough: a point of a percentage, a tenth
   * of a decibel, a twentieth of an error.
   */
  public double allowedLoss(double reference) {
    return higherIsBetter ? allowance : allowance * Math.abs(reference);
  }

  /** {@link #allowedLoss} in words: {@code 1 point}. */
  public String allowedLossInWords() {
    return higherIsBetter
        ? unit.equals("%") ? "1 point" : text(allowance) + " " + unit
        : "a twentieth";
  }

  /** The measure that a result names; accuracy where it names none. */
  public static QualityMeasure named(Optional<QualityMeasure> measure) {
    return measure.orElse(ACCURACY);
  }
}
