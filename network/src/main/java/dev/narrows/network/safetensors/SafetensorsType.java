package dev.narrows.network.safetensors;

import java.util.Arrays;
import java.util.Optional;

/** The element types read, by the names the format gives them; little-endian. */
public enum SafetensorsType {
  F64(8),
  F32(4),
  F16(2),
  BF16(2),
  I64(8),
  I32(4),
  I16(2),
  I8(1),
  U8(1),
  BOOL(1),
  /** A sign, 4 bits of exponent, 3 of mantissa: no infinities, NaN where all others are set. */
  F8_E4M3(1);

  private final int bytes;

  SafetensorsType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  static Optional<SafetensorsType> named(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
  }
}
