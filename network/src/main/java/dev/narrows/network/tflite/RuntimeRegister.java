package dev.narrows.network.tflite;

import dev.narrows.network.NetworkFileException;

/** The registers that LiteRT's kernels sum integers in. */
enum RuntimeRegister {
  BITS_32(32, 32),
  BITS_64(64, 64),
  /** 64 bits in the reference kernels, 32 in the optimised ones. */
  BITS_64_OR_32(64, 32);

  private final int bits;
  private final int optimized;

  RuntimeRegister(int bits, int optimized) {
    this.bits = bits;
    this.optimized = optimized;
  }

  /** Bits in the reference kernels. */
  int bits() {
    return bits;
  }

  /** Bits in the optimised kernels. */
  int optimized() {
    return optimized;
  }

  /**
   * That of a fully connected operator: without a bias, zero points and a hint the optimised
   * kernels take 32 bits where the reference takes 64.
   */
  static RuntimeRegister fullyConnected(
      OperatorImport in, GraphValue value, TfliteTensorEntry filter, int bias, int field)
      throws NetworkFileException {
    RuntimeRegister register = of(in, value, field);
    boolean hinted =
        in.options().i8(field, 0, "quantized_bias_type") == FileElementType.INT64.ordinal();
    return register == BITS_64 && !in.has(bias) && !hinted && filter.zero(0) == 0
        ? BITS_64_OR_32
        : register;
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
    return !value.type().isFloat() && value.type().quantization().format().bits() == 16
        ? BITS_64
        : BITS_32;
  }
}
