package dev.narrows.network.tflite;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.ConstantForm;
import dev.narrows.network.LayerConstants;
import dev.narrows.network.NetworkFileException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * Where the integer constants of a layer lie in its file.
 *
 * @param operands as they were read
 * @param bias its tensor, if the file has one
 */
record FilterOrigin(String layer, FilterOperands operands, Optional<TfliteTensorEntry> bias) {
  /** The operator's input that is the filter. */
  static final int FILTER = 1;

  /** That of a layer; empty for real numbers, and where the file only holds what makes them. */
  static Optional<FilterOrigin> of(String layer, FilterOperands operands)
      throws NetworkFileException {
    OperatorImport in = operands.in();
    TfliteTensorEntry filter = operands.filter();
    if (filter.type().codes().isEmpty() || !own(in, filter)) {
      return Optional.empty();
    }
    if (operands.hybrid() || !in.has(operands.biasInput())) {
      return Optional.of(new FilterOrigin(layer, operands, Optional.empty()));
    }
    TfliteTensorEntry bias = in.graph().tensor(in.operator().input(operands.biasInput()));
    return own(in, bias)
        ? Optional.of(new FilterOrigin(layer, operands, Optional.of(bias)))
        : Optional.empty();
  }

  private static boolean own(OperatorImport in, TfliteTensorEntry entry)
      throws NetworkFileException {
    FlatModel model = in.graph().model();
    return entry.data().bytes() == model.bytes()
        && model.type(entry.index()) == entry.type()
        && model.tensor(entry.index()).data().equals(entry.data());
  }

  int operator() {
    return operands.in().operator().index();
  }

  int channels() {
    return operands.channels();
  }

  private TfliteTensorEntry filter() {
    return operands.filter();
  }

  ConstantForm form() throws NetworkFileException {
    int zero = filter().zero(0);
    IntegerRange codes =
        switch (filter().type()) {
          case INT4 -> new IntegerRange(-7, 7);
          case UINT8 -> new IntegerRange(0, 255);
          default -> new IntegerRange(-127, 127);
        };
    ConstantForm.HeldScales scales =
        operands.hybrid()
            ? ConstantForm.HeldScales.FIXED
            : filter().scales().count() == 1
                ? ConstantForm.HeldScales.ONE
                : ConstantForm.HeldScales.CHANNELS;
    IntegerRange biases =
        bias.isPresent()
            ? new IntegerRange(Integer.MIN_VALUE, Integer.MAX_VALUE)
            : new IntegerRange(0, 0);
    return new ConstantForm(codes.minus(zero), biases, scales);
  }

  /** The filter's tensor with other integers and scales. */
  TensorContent filter(LayerConstants constants) throws NetworkFileException {
    int[] weights = constants.weights();
    int count = filter().shape().elements();
    if (weights.length != count || constants.scales().length != channels()) {
      throw bad(
          "has %d weights and %d channels, not %d and %d"
              .formatted(count, channels(), weights.length, constants.scales().length));
    }
    int zero = filter().zero(0);
    int[] codes = new int[count];
    for (int i = 0; i < count; i++) {
      codes[i] = weights[operands.last() ? operands.moved(i, count) : i] + zero;
    }
    return new TensorContent(packed(filter(), codes), scales(constants));
  }

  /** The bias's tensor with other integers, and the scales of sums. */
  TensorContent bias(LayerConstants constants) throws NetworkFileException {
    int[] values = constants.bias();
    if (values.length != channels()) {
      throw bad("has %d channels, not %d".formatted(channels(), values.length));
    }
    TfliteTensorEntry tensor = bias.orElseThrow(() -> bad("has no bias in its file"));
    float[] weights = scales(constants);
    float[] both = floats(tensor.scales());
    if (both.length == weights.length && !operands.hybrid()) {
      double input = operands.value().type().quantization().scale();
      for (int c = 0; c < both.length; c++) {
        // a scale that stays keeps what the file says of the bias
        both[c] = weights[c] == filter().scales().f32(c) ? both[c] : (float) (input * weights[c]);
      }
    }
    return new TensorContent(packed(tensor, values), both);
  }

  boolean isZero(int[] values) {
    return Arrays.stream(values).allMatch(value -> value == 0);
  }

  private float[] scales(LayerConstants constants) throws NetworkFileException {
    float[] held = floats(filter().scales());
    if (operands.hybrid()) {
      if (Arrays.stream(constants.scales()).anyMatch(scale -> scale != 1)) {
        throw bad("has scales that cannot be replaced");
      }
      return held;
    }
    float[] scales = new float[held.length];
    for (int c = 0; c < channels(); c++) {
      float scale = (float) constants.scales()[c];
      int at = held.length == 1 ? 0 : c;
      if (c > at && scale != scales[at]) {
        throw bad("has one scale for all channels in its file");
      }
      scales[at] = scale;
    }
    return scales;
  }

  private static float[] floats(FlatVector scales) throws NetworkFileException {
    float[] floats = new float[scales.count()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = scales.f32(i);
    }
    return floats;
  }

  private byte[] packed(TfliteTensorEntry tensor, int[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate((int) tensor.type().bytes(values.length))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.length; i++) {
      int value = values[i];
      switch (tensor.type()) {
        case INT8 -> bytes.put((byte) fitting(value, Byte.MIN_VALUE, Byte.MAX_VALUE));
        case UINT8 -> bytes.put((byte) fitting(value, 0, 255));
        case INT4 -> {
          int code = fitting(value, -8, 7) & 0xF;
          int shifted = i % 2 == 0 ? code : bytes.get(i / 2) | code << 4;
          bytes.put(i / 2, (byte) shifted);
        }
        case INT32 -> bytes.putInt(value);
        case INT64 -> bytes.putLong(value);
        default -> throw bad("has constants of " + tensor.type());
      }
    }
    return bytes.array();
  }

  private int fitting(int code, int min, int max) {
    if (code < min || code > max) {
      throw bad("holds codes from %d to %d, not %d".formatted(min, max, code));
    }
    return code;
  }

  IllegalArgumentException bad(String problem) {
    return new IllegalArgumentException("layer \"" + layer + "\" " + problem);
  }
}
