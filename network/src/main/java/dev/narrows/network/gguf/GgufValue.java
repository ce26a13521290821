package dev.narrows.network.gguf;

import java.util.List;

/**
 * A value of a file's metadata. Lists of whole numbers and of truths are both {@link WholeList}.
 */
sealed interface GgufValue {
  /** What messages call it. */
  String kind();

  /** A whole number that fits a long. */
  record SingleWhole(long value) implements GgufValue {
    @Override
    public String kind() {
      return "a whole number";
    }
  }

  /** A number. */
  record SingleNumber(double value) implements GgufValue {
    @Override
    public String kind() {
      return "a number";
    }
  }

  /** True or false. */
  record SingleTruth(boolean value) implements GgufValue {
    @Override
    public String kind() {
      return "true or false";
    }
  }

  /** A text. */
  record SingleText(String value) implements GgufValue {
    @Override
    public String kind() {
      return "a text";
    }
  }

  /** A list of whole numbers. */
  record WholeList(long[] values) implements GgufValue {
    @Override
    public String kind() {
      return "a list of whole numbers";
    }
  }

  /** A list of numbers. */
  record NumberList(double[] values) implements GgufValue {
    @Override
    public String kind() {
      return "a list of numbers";
    }
  }

  /** A list of texts. */
  record TextList(List<String> values) implements GgufValue {
    public TextList {
      values = List.copyOf(values);
    }

    @Override
    public String kind() {
      return "a list of texts";
    }
  }
}
