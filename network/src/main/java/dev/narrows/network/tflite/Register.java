package dev.narrows.network.tflite;

import dev.narrows.network.NetworkFileException;

/** The registers that LiteRT's reference kernels sum integers in. */
enum Register {
  BITS_32(32),
  BITS_64(64);

  private final int bits;

  Register(int bits) {
    this.bits = bits;
  }

  int bits() {
    return bits;
  }

  /**
   * That of an operator with weights: 64 bits for activations of 16, unless its options say that
   * the bias has 32.
   *
   * @param field of the options that is {@code quantized_bias_type}
   */
  static Register of(OperatorImport in, Value value, int field) throws NetworkFileException {
    int type = in.options().i8(field, 0, "quantized_bias_type");
    return type == ElementType.INT32.ordinal() ? BITS_32 : always(value);
  }

  /** That of an operator without such an option. */
  static Register always(Value value) {
    return !value.type().isReal() && value.type().quantization().format().bits() == 16
        ? BITS_64
        : BITS_32;
  }
}
