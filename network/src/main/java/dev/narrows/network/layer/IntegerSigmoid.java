package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/**
 * The logistic function or tanh of 16-bit codes in fixed point, as TFLite's recurrent operators
 * have them: codes are multiples of 2^(integer bits − 15), what is made multiples of 2^−15.
 *
 * @param integerBits 0 to 6
 */
public record IntegerSigmoid(
    String name, int input, TensorType output, SigmoidCurve curve, int integerBits)
    implements CodeFunction {
  /** The function. */
  public enum SigmoidCurve {
    LOGISTIC("integerLogistic"),
    TANH("integerTanh");

    private final String word;

    SigmoidCurve(String word) {
      this.word = word;
    }

    @Override
    public String toString() {
      return word;
    }
  }

  private static final IntegerFormat FORMAT = IntegerFormat.signed(16);

  /** How what is made reads. */
  public static final Quantization MADE = new Quantization(FORMAT, 0x1p-15, 0);

  public IntegerSigmoid {
    Checks.require(
        integerBits >= 0 && integerBits <= 6, "integer bits are 0 to 6, got %d", integerBits);
    Checks.require(
        output.quantization().equals(MADE), "must make %s, got %s", MADE, output.quantization());
  }

  @Override
  public IntegerRange codes() {
    return IntegerRange.of(FORMAT);
  }

  @Override
  public void apply(int[] column) {
    for (int i = 0; i < column.length; i++) {
      column[i] =
          switch (curve) {
            case LOGISTIC -> ShortFixedPoint.logistic(column[i], integerBits);
            case TANH -> ShortFixedPoint.tanh(column[i], integerBits);
          };
    }
  }

  @Override
  public String kind() {
    return curve.toString();
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = LayerChecks.only(sources);
    LayerChecks.sameShape(source, output);
    Checks.require(
        source.quantization().format().equals(FORMAT) && source.quantization().zeroPoint() == 0,
        "reads codes of 16 bits without a zero point, got %s",
        source.quantization());
  }
}
