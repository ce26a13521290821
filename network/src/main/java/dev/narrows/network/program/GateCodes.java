package dev.narrows.network.program;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.DoubleScale;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.check.Checks;
import dev.narrows.network.onnx.graph.OnnxNode;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.IntegerOperands;
import java.util.Arrays;
import java.util.Optional;

/**
 * The weights of a gate's layer as ONNX Runtime's DynamicQuantizeLSTM has them: codes of 8 bits,
 * multiplied with samples that are quantised, all of one product by one scale.
 *
 * @param values codes less their zero points, [rows][K]
 * @param scales one, or one a row
 */
record GateCodes(int[] values, float[] scales) {
  /** Unsigned codes of 8 bits less a zero point that is such a code. */
  static final Quantization VALUES = new Quantization(IntegerFormat.signed(9), 1, 0);

  static final Quantization SUMS = new Quantization(IntegerFormat.signed(32), 1, 0);
  private static final int BITS = 9;
  private static final int MOST = 255;

  /**
   * Samples as codes less their zero point.
   *
   * @param scale of them all
   */
  record QuantizedSamples(int[] values, float scale) {}

  /**
   * A layer.
   *
   * @param input the number of its weights, [directions, K, rows]; scales and zero points are
   *     inputs 8 to 11
   */
  static GateWeights layer(
      String name, OnnxNode node, GateWeights.WeightInputs arrays, int input, int direction) {
    NdTensor codes = arrays.of(input);
    Checks.require(
        codes.rank() == 3
            && codes.type().isInteger()
            && direction < codes.dims().get(0)
            && codes.elements() > 0,
        "expected codes of 3 dimensions, got %s",
        codes);
    int directions = codes.dims().get(0);
    int terms = codes.dims().get(1);
    int rows = codes.dims().get(2);
    int scaleInput = 6 + 2 * input;
    Checks.require(node.has(scaleInput), "needs input %d, a scale", scaleInput);
    NdTensor scales = arrays.of(scaleInput);
    Optional<NdTensor> zeros =
        node.has(scaleInput + 1) ? Optional.of(arrays.of(scaleInput + 1)) : Optional.empty();
    int each = scales.elements() == directions ? 1 : rows;
    Checks.require(
        scales.elements() == directions * each
            && zeros.map(z -> z.elements() == directions * each).orElse(true),
        "expected a scale and a zero point for each direction or row, got %s",
        scales);
    float[] scale = Arrays.copyOfRange(scales.floats(), direction * each, (direction + 1) * each);
    long[] all = codes.integers();
    long[] zero = zeros.map(NdTensor::integers).orElse(new long[directions * each]);
    int[] values = new int[rows * terms];
    float[] weights = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      int row = i / terms;
      int column = each == 1 ? 0 : row;
      long code = all[(direction * terms + i % terms) * rows + row];
      values[i] = (int) (code - zero[direction * each + column]);
      weights[i] = values[i] * scale[column];
    }
    return new GateWeights(name, weights, rows, Optional.of(new GateCodes(values, scale)));
  }

  /** The products of the codes, summed; the sums themselves. */
  IntegerOperands operands(int rows) {
    double[] weightScales = new double[rows];
    Arrays.setAll(weightScales, row -> scale(row));
    return new IntegerOperands(
        new DenseWeights(rows, values.length / rows, BITS, weightScales, values),
        new int[rows],
        new DoubleScale(new double[] {1}, 0, Integer.MIN_VALUE, Integer.MAX_VALUE));
  }

  private float scale(int row) {
    return scales[scales.length == 1 ? 0 : row];
  }

  /**
   * The scale is (max − min) / 255 with 0 among the numbers, 1 where all are 0; the zero point is
   * −min / scale; each step in binary32, rounded half to even.
   */
  static QuantizedSamples quantized(float[] samples) {
    float least = 0;
    float most = 0;
    for (float sample : samples) {
      least = Math.min(least, sample);
      most = Math.max(most, sample);
    }
    float scale = most == least ? 1 : (most - least) / MOST;
    int zero = (int) Math.rint(Math.clamp(0 - least / scale, 0f, (float) MOST));
    int[] values = new int[samples.length];
    for (int i = 0; i < values.length; i++) {
      double code = Math.rint(samples[i] / scale) + zero;
      values[i] = (int) Math.clamp(code, 0.0, (double) MOST) - zero;
    }
    return new QuantizedSamples(values, scale);
  }

  /**
   * Sums as numbers.
   *
   * @param sums [count][rows]
   * @param given the samples' scale
   */
  float[] numbers(int[] sums, float given) {
    int rows = scales.length;
    float[] numbers = new float[sums.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = sums[i] * (given * scales[rows == 1 ? 0 : i % rows]);
    }
    return numbers;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GateCodes that
        && Arrays.equals(values, that.values)
        && Arrays.equals(scales, that.scales);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(values) + Arrays.hashCode(scales);
  }
}
