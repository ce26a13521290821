package dev.narrows.experiments.mlflow;

/** Texts as every MLflow server from 2.0 on takes them. */
final class MlflowNames {
  /** The most characters of a name; servers take 250. */
  private static final int LONGEST_NAME = 240;

  /** The most characters of a parameter's value that servers of 2.0 take; later ones take more. */
  private static final int LONGEST_VALUE = 500;

  private MlflowNames() {}

  /** A name of letters, digits and {@code _ - . /}: {@code int12_saturate_sorted}. */
  static String name(String text) {
    String plain = text.replaceAll("[^A-Za-z0-9_.-]+", "_").replaceAll("^_+|_+$", "");
    String some = plain.isEmpty() ? "_" : plain;
    return some.length() <= LONGEST_NAME
        ? some
        : some.substring(0, LONGEST_NAME - 9) + "-" + Integer.toHexString(text.hashCode());
  }

  /** A value that is cut where it is too long, and shows it. */
  static String value(String text) {
    return text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE - 1) + "…";
  }
}
