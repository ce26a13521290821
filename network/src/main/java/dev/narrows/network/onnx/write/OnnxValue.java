package dev.narrows.network.onnx.write;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.onnx.proto.TensorProto.DataType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A tensor of an ONNX graph.
 *
 * @param type of its elements; in QONNX of those that carry its integers: FLOAT, DOUBLE or INT64
 * @param holds the format of those integers, where QONNX is told
 * @param shape the batch first: one image, or {@link #ANY} number
 */
record OnnxValue(String name, DataType type, Optional<IntegerFormat> holds, List<Long> shape) {
  /** A batch of any size, as the first size of a shape. */
  static final long ANY = -1;

  OnnxValue {
    shape = List.copyOf(shape);
  }

  /** Integers of a range. */
  static OnnxValue of(String name, DataType type, IntegerRange values, List<Long> shape) {
    return new OnnxValue(name, type, Optional.of(holding(values)), shape);
  }

  /** Integers of a range. */
  static OnnxValue of(String name, DataType type, IntegerRange values, long... shape) {
    return of(name, type, values, Arrays.stream(shape).boxed().toList());
  }

  /** The smallest format that holds a range. */
  static IntegerFormat holding(IntegerRange values) {
    return IntegerFormat.holding(values.min(), values.max());
  }

  /** The same integers by another name in another shape. */
  OnnxValue as(String other, long... otherShape) {
    return new OnnxValue(other, type, holds, Arrays.stream(otherShape).boxed().toList());
  }

  /** A tensor without a datatype of QONNX. */
  static OnnxValue plain(String name, DataType type, List<Long> shape) {
    return new OnnxValue(name, type, Optional.empty(), shape);
  }

  /** An input of a node that is left out. */
  static OnnxValue none() {
    return plain("", DataType.UNDEFINED, List.of());
  }

  int rank() {
    return shape.size();
  }

  long size(int axis) {
    return shape.get(axis);
  }
}
