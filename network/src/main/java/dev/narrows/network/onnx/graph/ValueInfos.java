package dev.narrows.network.onnx.graph;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.PrintableName;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.onnx.graph.OnnxValueInfo.Dim;
import dev.narrows.network.onnx.graph.OnnxValueInfo.Kind;
import dev.narrows.network.onnx.proto.TensorShapeProto;
import dev.narrows.network.onnx.proto.TypeProto;
import dev.narrows.network.onnx.proto.ValueInfoProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What a file says of values. */
final class ValueInfos {
  private final OnnxSource source;
  private final TensorDecoder tensors;

  ValueInfos(OnnxSource source, TensorDecoder tensors) {
    this.source = source;
    this.tensors = tensors;
  }

  OnnxValueInfo read(ValueInfoProto proto, String place) throws NetworkFileException {
    TypeProto type = proto.getType();
    return switch (type.getValueCase()) {
      case TENSOR_TYPE -> {
        TypeProto.Tensor tensor = type.getTensorType();
        yield new OnnxValueInfo(
            proto.getName(),
            Kind.TENSOR,
            element(tensor.getElemType(), place),
            tensor.hasShape() ? Optional.of(dims(tensor.getShape(), place)) : Optional.empty());
      }
      case SPARSE_TENSOR_TYPE -> other(proto, Kind.SPARSE_TENSOR);
      case SEQUENCE_TYPE -> other(proto, Kind.SEQUENCE);
      case MAP_TYPE -> other(proto, Kind.MAP);
      case OPTIONAL_TYPE -> other(proto, Kind.OPTIONAL);
      case VALUE_NOT_SET -> other(proto, Kind.TENSOR);
    };
  }

  private static OnnxValueInfo other(ValueInfoProto proto, Kind kind) {
    return new OnnxValueInfo(proto.getName(), kind, Optional.empty(), Optional.empty());
  }

  private Optional<NdType> element(int number, String place) throws NetworkFileException {
    return number == 0 ? Optional.empty() : Optional.of(tensors.type(number, place));
  }

  private List<Dim> dims(TensorShapeProto shape, String place) throws NetworkFileException {
    List<Dim> dims = new ArrayList<>();
    for (TensorShapeProto.Dimension dim : shape.getDimList()) {
      long size = dim.hasDimValue() ? dim.getDimValue() : -1; // some exporters write -1 for unknown
      if (size < -1 || size > Integer.MAX_VALUE) {
        throw source.bad(place, "expected dimensions of 0 to 2^31 - 1, got " + size);
      }
      dims.add(
          new Dim(
              size < 0 ? OptionalInt.empty() : OptionalInt.of((int) size),
              PrintableName.of(dim.getDimParam())));
    }
    return dims;
  }

  /**
   * Requires a constant to be what the file says of it.
   *
   * @throws NetworkFileException if it is not
   */
  void requireMatch(OnnxValueInfo info, NdTensor tensor, String place) throws NetworkFileException {
    boolean fits =
        info.kind() == Kind.TENSOR
            && info.type().map(type -> type == tensor.type()).orElse(true)
            && info.dims().map(dims -> fit(dims, tensor.dims())).orElse(true);
    if (!fits) {
      throw source.bad(
          place, "is %s, but is declared as %s".formatted(tensor.describe(), info.describe()));
    }
  }

  private static boolean fit(List<Dim> declared, List<Integer> dims) {
    if (declared.size() != dims.size()) {
      return false;
    }
    for (int i = 0; i < dims.size(); i++) {
      OptionalInt size = declared.get(i).size();
      if (size.isPresent() && size.getAsInt() != dims.get(i)) {
        return false;
      }
    }
    return true;
  }
}
