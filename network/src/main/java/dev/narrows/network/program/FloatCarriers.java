package dev.narrows.network.program;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Numbers of other widths as layers compute with them: in binary32. Results are rounded back to
 * nearest even.
 */
final class FloatCarriers {
  private FloatCarriers() {}

  /** Whether numbers are of a type that layers do not compute in. */
  static boolean carries(NdType type) {
    return type == NdType.FLOAT16 || type == NdType.BFLOAT16 || type == NdType.DOUBLE;
  }

  /** The same numbers in binary32 if they are of another width; else the array itself. */
  static NdTensor widened(NdTensor tensor) {
    return carries(tensor.type()) ? ArrayWords.floats(tensor.floats(), tensor.dims()) : tensor;
  }

  /** Numbers in another width. */
  static NdTensor narrowed(NdTensor tensor, NdType type) {
    float[] values = tensor.floats();
    byte[] data = new byte[Math.toIntExact(type.bytes(values.length))];
    ByteBuffer bytes = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      switch (type) {
        case DOUBLE -> bytes.putDouble(value);
        case FLOAT16 -> bytes.putShort(Float.floatToFloat16(value));
        case BFLOAT16 -> bytes.putShort(bfloat16(value));
        default -> throw new IllegalArgumentException("no width of numbers: " + type);
      }
    }
    return new NdTensor(type, tensor.dims(), data, List.of());
  }

  private static short bfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16 | 1); // keeps it a NaN
    }
    return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
  }
}
