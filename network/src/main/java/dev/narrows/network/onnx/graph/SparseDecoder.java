package dev.narrows.network.onnx.graph;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.onnx.proto.SparseTensorProto;
import java.util.List;

/** Tensors of which the file has only the elements that are not zero. */
final class SparseDecoder {
  private final OnnxSource source;
  private final TensorDecoder tensors;

  SparseDecoder(OnnxSource source, TensorDecoder tensors) {
    this.source = source;
    this.tensors = tensors;
  }

  /** The array with all its zeros. */
  NdTensor decode(SparseTensorProto proto, String place) throws NetworkFileException {
    NdTensor values = tensors.decode(proto.getValues(), place + ".values");
    NdTensor indices = tensors.decode(proto.getIndices(), place + ".indices");
    List<Integer> dims = tensors.dims(proto.getDimsList(), place);
    NdType type = values.type();
    if (values.rank() != 1 || type == NdType.STRING || type.bits() < 8) {
      throw source.bad(
          place, "expected a list of numbers of whole bytes, got " + values.describe());
    }
    boolean linear = indices.rank() == 1;
    boolean fits =
        indices.type() == NdType.INT64
            && (linear || indices.rank() == 2 && indices.dims().get(1) == dims.size())
            && indices.dims().getFirst().equals(values.elements());
    if (!fits) {
      throw source.bad(
          place,
          "expected INT64 indices [%d] or [%d, %d], got %s"
              .formatted(values.elements(), values.elements(), dims.size(), indices.describe()));
    }
    long bytes = type.bytes(NdTensor.count(dims));
    source.expand(place, bytes);
    byte[] data = new byte[Math.toIntExact(bytes)];
    long[] all = indices.integers();
    int width = type.bits() / 8;
    long before = -1;
    for (int i = 0; i < values.elements(); i++) {
      long at = linear ? all[i] : at(all, i, dims, place);
      if (at <= before || at >= NdTensor.count(dims)) {
        throw source.bad(
            place,
            "indices must rise and stay below %d, got %d after %d"
                .formatted(NdTensor.count(dims), at, before));
      }
      System.arraycopy(values.data(), i * width, data, (int) at * width, width);
      before = at;
    }
    return new NdTensor(type, dims, data, List.of());
  }

  private long at(long[] indices, int row, List<Integer> dims, String place)
      throws NetworkFileException {
    long at = 0;
    for (int axis = 0; axis < dims.size(); axis++) {
      long index = indices[row * dims.size() + axis];
      if (index < 0 || index >= dims.get(axis)) {
        throw source.bad(place, "index %d is outside %s".formatted(index, dims));
      }
      at = at * dims.get(axis) + index;
    }
    return at;
  }
}
