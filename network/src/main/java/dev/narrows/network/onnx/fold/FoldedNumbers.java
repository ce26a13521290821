package dev.narrows.network.onnx.fold;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Arrays of floating-point numbers of the types that are computed with. */
final class FoldedNumbers {
  private FoldedNumbers() {}

  /**
   * Requires a type whose numbers are computed with here.
   *
   * @throws CannotFold if it is another
   */
  static NdType computed(NdType type) throws CannotFold {
    return switch (type) {
      case FLOAT, DOUBLE, FLOAT16, BFLOAT16 -> type;
      default -> {
        if (!type.isInteger() && type != NdType.BOOL) {
          throw new CannotFold("computes with " + type);
        }
        yield type;
      }
    };
  }

  /** An array of binary32 numbers, rounded to nearest even where the type is narrower. */
  static NdTensor of(NdType type, float[] values, List<Integer> dims) throws CannotFold {
    return switch (type) {
      case FLOAT -> NdTensor.of(values, values.length).shaped(dims);
      case DOUBLE -> {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
          wide[i] = values[i];
        }
        yield NdTensor.of(wide, wide.length).shaped(dims);
      }
      case FLOAT16, BFLOAT16 -> {
        ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
          bytes.putShort(type == NdType.FLOAT16 ? Float.floatToFloat16(value) : bfloat16(value));
        }
        yield new NdTensor(type, dims, bytes.array(), List.of());
      }
      default -> throw new CannotFold("makes " + type);
    };
  }

  /** An array of binary64 numbers, rounded to binary32 first where the type is narrower. */
  static NdTensor of(NdType type, double[] values, List<Integer> dims) throws CannotFold {
    if (type == NdType.DOUBLE) {
      return NdTensor.of(values, values.length).shaped(dims);
    }
    float[] narrow = new float[values.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) values[i];
    }
    return of(type, narrow, dims);
  }

  /** The nearest bfloat16, ties to even; not-a-number stays that. */
  static short bfloat16(float value) {
    int bits = Float.floatToIntBits(value);
    if (Float.isNaN(value)) {
      return (short) 0x7FC0;
    }
    return (short) (bits + 0x7FFF + (bits >> 16 & 1) >> 16);
  }
}
