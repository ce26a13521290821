package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.TensorType;
import java.util.Arrays;
import java.util.List;

/**
 * ONNX Runtime's softmax of 8-bit codes over the channels, QLinearSoftmax: exponentials are looked
 * up by the difference to the largest code, added in binary32 by ascending channel, and each is
 * multiplied by the output's steps, divided by the sum and rounded, halves to the even code.
 *
 * @param exponentials [256], of a code that is d below the largest one; positive and finite, the
 *     first one the largest
 * @param steps of the output from 0 to 1: the reciprocal of its scale, rounded down
 */
public record TableSoftmax(
    String name, int input, TensorType output, float[] exponentials, float steps)
    implements CodeFunction {
  private static final int ENTRIES = 1 << 8;
  private static final int RESERVED = 5; // of ln 2^128: room for the sum

  public TableSoftmax {
    Checks.require(
        exponentials.length == ENTRIES,
        "need %d exponentials, got %d",
        ENTRIES,
        exponentials.length);
    Checks.finite("exponentials", exponentials);
    Checks.require(exponentials[0] > 0, "the largest exponential must be positive");
    for (int i = 1; i < ENTRIES; i++) {
      Checks.require(
          exponentials[i] >= 0 && exponentials[i] <= exponentials[i - 1],
          "exponentials must be positive and fall");
    }
    Checks.require(steps >= 0 && steps <= 1 << 24, "need 0 to 2^24 steps, got %s", steps);
  }

  /**
   * What the runtime sets up for a number of channels: all exponentials are as large as their sum
   * allows.
   */
  public static TableSoftmax of(String name, int input, TensorType from, TensorType output) {
    double scale = (float) from.quantization().scale();
    double room = StrictMath.log(Float.MAX_VALUE / (float) from.channels()) - RESERVED;
    double shift = Math.max(0, room) / scale;
    float[] exponentials = new float[ENTRIES];
    for (int i = 0; i < ENTRIES; i++) {
      exponentials[i] = (float) StrictMath.exp((shift - i) * scale);
    }
    float steps = (float) Math.floor(1 / (float) output.quantization().scale());
    return new TableSoftmax(name, input, output, exponentials, steps);
  }

  @Override
  public IntegerRange codes() {
    return IntegerRange.of(output.quantization().format());
  }

  /**
   * As the runtime: a signed code beyond the largest one wraps, and a product that overflows, as
   * that of a single channel does, counts as nothing.
   */
  @Override
  public void apply(int[] column) {
    int most = Arrays.stream(column).max().orElseThrow();
    float sum = 0;
    for (int code : column) {
      sum += exponentials[most - code];
    }
    int zero = output.quantization().zeroPoint();
    boolean signed = output.quantization().format().signed();
    for (int i = 0; i < column.length; i++) {
      float share = exponentials[most - column[i]] * steps / sum;
      long rounded = Float.isInfinite(share) ? 0 : (long) Math.rint(share);
      int code = (int) Math.min(rounded + zero, ENTRIES - 1);
      column[i] = signed ? (byte) code : code;
    }
  }

  @Override
  public String kind() {
    return "tableSoftmax";
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = LayerChecks.only(sources);
    LayerChecks.sameShape(source, output);
    for (TensorType type : List.of(source, output)) {
      Checks.require(
          type.quantization().format().bits() == 8,
          "table softmax takes and makes codes of 8 bits, got %s",
          type.quantization().format());
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TableSoftmax that
        && name.equals(that.name)
        && input == that.input
        && output.equals(that.output)
        && steps == that.steps
        && Arrays.equals(exponentials, that.exponentials);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(exponentials);
  }
}
