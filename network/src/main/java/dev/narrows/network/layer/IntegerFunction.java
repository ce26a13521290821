package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.List;

/**
 * A function of each integer, or of each number, that makes an integer: codes of scale 1 and zero
 * point 0, truth values as 0 and 1.
 *
 * @param exact a result that does not fit is an error; else its high bits are cut
 */
public record IntegerFunction(
    String name, int input, TensorType output, IntegerRule rule, boolean exact)
    implements PointwiseLayer {
  /** What is done to an integer. */
  public enum IntegerRule {
    /** The integer itself; of a number what is left without its fraction, of NaN 0. */
    KEEP("integerKeep"),
    /** 0 for zero, 1 for anything else. */
    TRUTH("integerTruth"),
    /** 1 for zero, 0 for anything else. */
    NOT("integerNot"),
    /** Every bit turned. */
    COMPLEMENT("integerComplement"),
    NEGATIVE("integerNegative"),
    ABSOLUTE("integerAbsolute"),
    /** −1, 0 or 1. */
    SIGN("integerSign");

    private final String word;

    IntegerRule(String word) {
      this.word = word;
    }

    /** The result in 64 bits. */
    public long apply(long value) {
      return switch (this) {
        case KEEP -> value;
        case TRUTH -> value == 0 ? 0 : 1;
        case NOT -> value == 0 ? 1 : 0;
        case COMPLEMENT -> ~value;
        case NEGATIVE -> -value;
        case ABSOLUTE -> Math.abs(value);
        case SIGN -> Long.signum(value);
      };
    }

    /** The result of a number. */
    long apply(float number) {
      return switch (this) {
        case TRUTH -> number == 0 ? 0 : 1;
        case NOT -> number == 0 ? 1 : 0;
        default -> apply((long) number);
      };
    }

    @Override
    public String toString() {
      return word;
    }
  }

  /**
   * An integer in a format.
   *
   * @throws ArithmeticException if it must fit and does not
   */
  static int held(long value, IntegerFormat format, boolean exact) {
    if (value >= format.min() && value <= format.max()) {
      return (int) value;
    }
    if (exact) {
      throw new ArithmeticException(value + " does not fit " + format);
    }
    int unused = Long.SIZE - format.bits();
    long bits = value << unused;
    return (int) (format.signed() ? bits >> unused : bits >>> unused);
  }

  @Override
  public int apply(TensorType from, int channel, int word) {
    long value = from.isFloat() ? rule.apply(Words.number(word)) : rule.apply((long) word);
    return held(value, output.quantization().format(), exact);
  }

  @Override
  public String kind() {
    return rule.toString();
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = LayerChecks.only(sources);
    if (!source.isFloat()) {
      LayerChecks.integers(source);
    }
    LayerChecks.integers(output);
    LayerChecks.sameShape(source, output);
  }
}
