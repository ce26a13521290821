package dev.narrows.cli.worker;

import dev.narrows.core.quantize.a2q.NormQuantizer;
import dev.narrows.data.file.NpyType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Weights under a norm limit, a row for each output channel.
 *
 * @param weights [channels][terms]
 * @param scales s of each channel
 * @param norms g of each channel, see {@link NormQuantizer}
 */
record ConstrainedRows(
    NormQuantizer quantizer, ArrayOperand weights, ArrayOperand scales, ArrayOperand norms) {
  private static final boolean[] WHOLE = {};
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  ConstrainedRows {
    if (weights.shape().size() != 2) {
      throw new CallException(
          "weights: expected two dimensions [channels][terms], got " + weights.shape());
    }
    scales.requireShape(weights.shape().getFirst());
    norms.requireShape(weights.shape().getFirst());
  }

  private int channels() {
    return weights.shape().get(0);
  }

  private int terms() {
    return weights.shape().get(1);
  }

  /** Writes the integers, as floats. */
  void quantize(ArrayOperand out) {
    float[] values = weights.floats();
    int[] codes = new int[values.length];
    for (int c = 0; c < channels(); c++) {
      quantizer.quantize(
          values,
          c * terms(),
          terms(),
          WHOLE,
          scales.array().real(c),
          norms.array().real(c),
          codes);
    }
    float[] floats = new float[codes.length];
    for (int i = 0; i < codes.length; i++) {
      floats[i] = codes[i]; // exact: fewer than 2^16
    }
    store(floats, out);
  }

  /**
   * Writes the gradients of the weights.
   *
   * @return those of log2 s and log2 g of each channel
   */
  List<NormQuantizer.Slopes> backward(ArrayOperand codes, ArrayOperand upstream, ArrayOperand out) {
    float[] values = weights.floats();
    int[] integers = codes.integers();
    float[] above = upstream.floats();
    if (integers.length != values.length || above.length != values.length) {
      throw new CallException("codes and upstream: expected the shape of weights");
    }
    float[] gradients = new float[values.length];
    List<NormQuantizer.Slopes> slopes = new ArrayList<>();
    for (int c = 0; c < channels(); c++) {
      slopes.add(
          quantizer.backward(
              values,
              c * terms(),
              terms(),
              WHOLE,
              scales.array().real(c),
              norms.array().real(c),
              integers,
              above,
              gradients));
    }
    store(gradients, out);
    return slopes;
  }

  private void store(float[] values, ArrayOperand out) {
    out.requireShape(channels(), terms());
    out.requireType(NpyType.FLOAT32);
    MemorySegment.copy(values, 0, out.array().data(), FLOAT, 0, values.length);
  }
}
