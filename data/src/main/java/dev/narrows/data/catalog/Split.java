package dev.narrows.data.catalog;

import dev.narrows.data.DataException;

/** The parts of a data set. Choices are made on validation images; the test images never choose. */
public enum Split {
  /** The training images without those held out for validation. */
  TRAIN,
  /** A class-balanced part of the training images, chosen by a seed. */
  VALIDATION,
  /** The test images. */
  TEST;

  /** Reads {@code train}, {@code validation} or {@code test}. */
  public static Split parse(String text) {
    return switch (text) {
      case "train" -> TRAIN;
      case "validation" -> VALIDATION;
      case "test" -> TEST;
      default ->
          throw new DataException(
              "unknown split '" + text + "', expected train, validation or test");
    };
  }

  @Override
  public String toString() {
    return switch (this) {
      case TRAIN -> "train";
      case VALIDATION -> "validation";
      case TEST -> "test";
    };
  }
}
