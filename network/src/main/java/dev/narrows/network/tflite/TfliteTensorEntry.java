package dev.narrows.network.tflite;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.FileShape;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.tensor.ElementKind;
import dev.narrows.network.tensor.TensorType;

/**
 * A tensor as the file has it.
 *
 * @param data its bytes; empty for what operators make
 * @param scales one for all, one for each index of {@code dimension}, or none
 * @param zeros as many as scales
 */
record TfliteTensorEntry(
    String place,
    int index,
    String name,
    FileElementType type,
    FileShape shape,
    FlatVector data,
    FlatVector scales,
    FlatVector zeros,
    int dimension) {
  /** The same tensor with these elements. */
  TfliteTensorEntry with(FileElementType elements, FlatVector bytes) {
    return new TfliteTensorEntry(
        place, index, name, elements, shape, bytes, scales, zeros, dimension);
  }

  /** The same tensor in another subgraph. */
  TfliteTensorEntry at(int other) {
    return new TfliteTensorEntry(place, other, name, type, shape, data, scales, zeros, dimension);
  }

  /** The same tensor in another shape. */
  TfliteTensorEntry shaped(FileShape other) {
    return new TfliteTensorEntry(place, index, name, type, other, data, scales, zeros, dimension);
  }

  boolean constant() {
    return data.count() > 0;
  }

  /** The scale of a channel, or that of all. */
  float scale(int channel) throws NetworkFileException {
    float scale = scales.f32(scales.count() == 1 ? 0 : channel);
    if (!(scale > 0) || Float.isInfinite(scale)) {
      throw bad("scale %d must be finite and positive, got %s".formatted(channel, scale));
    }
    return scale;
  }

  /** The zero point of a channel, or that of all, inside the type's codes. */
  int zero(int channel) throws NetworkFileException {
    long zero = zeros.count() == 0 ? 0 : zeros.i64(zeros.count() == 1 ? 0 : channel);
    IntegerFormat format = format();
    if (zero < format.min() || zero > format.max()) {
      throw bad(
          "zero point %d must be in [%d, %d], got %d"
              .formatted(channel, format.min(), format.max(), zero));
    }
    return (int) zero;
  }

  private IntegerFormat format() throws NetworkFileException {
    return type.codes().orElseThrow(() -> bad("%s has no codes".formatted(type)));
  }

  /**
   * What its elements are: real numbers, or codes of one scale. Integers without a scale stand for
   * themselves.
   */
  ElementKind kind() throws NetworkFileException, Unsupported {
    if (type == FileElementType.FLOAT32 || type == FileElementType.FLOAT16) {
      return new ElementKind.Binary32();
    }
    if (type.codes().isEmpty()) {
      throw new Unsupported("tensor %d holds %s".formatted(index, type));
    }
    if (scales.count() == 0) {
      return new ElementKind.Codes(new Quantization(format(), 1, zero(0)));
    }
    if (scales.count() != 1) {
      throw bad("expected one scale, got %d".formatted(scales.count()));
    }
    return new ElementKind.Codes(new Quantization(format(), scale(0), zero(0)));
  }

  TensorType made() throws NetworkFileException, Unsupported {
    return shape.type(kind());
  }

  NetworkFileException bad(String problem) {
    return data.bytes().bad(place, problem);
  }
}
