package dev.narrows.network.tflite;

import dev.narrows.network.NetworkFileException;

/** The registers that LiteRT's reference kernels sum integers in. */
enum RuntimeRegister {
  BITS_32(32),
  BITS_64(64);

  private final int bits;

  RuntimeRegister(int bits) {
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
  static RuntimeRegister of(OperatorImport in, GraphValue value, int field)
      throws NetworkFileException {
    int type = in.options().i8(field, 0, "quantized_bias_type");
    return type == FileElementType.INT32.ordinal() ? BITS_32 : always(value);
  }

  /** That of an operator without such an option. */
  static RuntimeRegister always(GraphValue value) {
    return !value.type().isReal() && value.type().quantization().format().bits() == 16
        ? BITS_64
        : BITS_32;
  }
}
