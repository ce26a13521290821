package dev.narrows.hosted;

import com.google.protobuf.ByteString;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.hosted.HostedRuntime;
import dev.narrows.network.hosted.HostedSession;
import dev.narrows.network.hosted.HostedValue;
import dev.narrows.network.onnx.graph.OnnxFile;
import dev.narrows.network.onnx.proto.AttributeProto;
import dev.narrows.network.onnx.proto.GraphProto;
import dev.narrows.network.onnx.proto.ModelProto;
import dev.narrows.network.onnx.proto.NodeProto;
import dev.narrows.network.onnx.proto.OperatorSetIdProto;
import dev.narrows.network.onnx.proto.TensorProto;
import dev.narrows.network.onnx.proto.TensorShapeProto;
import dev.narrows.network.onnx.proto.TypeProto;
import dev.narrows.network.onnx.proto.ValueInfoProto;
import dev.narrows.network.program.Program;
import dev.narrows.network.program.ProgramExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Small models, run whole by ONNX Runtime or as programs. */
final class Graphs {
  static final HostedRuntime RUNTIME = HostedRuntime.find().orElseThrow();

  private Graphs() {}

  static ModelProto model(GraphProto.Builder graph) {
    return ModelProto.newBuilder()
        .setIrVersion(10)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(21))
        .setGraph(graph.setName("graph"))
        .build();
  }

  static NodeProto.Builder node(String operator, List<String> inputs, String... outputs) {
    return NodeProto.newBuilder()
        .setOpType(operator)
        .setName("the " + operator + " of " + outputs[0])
        .addAllInput(inputs)
        .addAllOutput(List.of(outputs));
  }

  /** A value of a fixed shape. */
  static ValueInfoProto shaped(String name, NdType type, int... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (int dim : dims) {
      shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(dim));
    }
    TypeProto.Tensor.Builder tensor =
        TypeProto.Tensor.newBuilder().setElemType(type.number()).setShape(shape);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  /** A value of any shape. */
  static ValueInfoProto value(String name, NdType type) {
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(type.number())))
        .build();
  }

  static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  static AttributeProto text(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  static AttributeProto graph(String name, GraphProto.Builder graph) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.GRAPH)
        .setG(graph.setName(name))
        .build();
  }

  static TensorProto tensor(String name, NdTensor tensor) {
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(tensor.type().number())
        .addAllDims(tensor.dims().stream().map(Integer::longValue).toList())
        .setRawData(ByteString.copyFrom(tensor.data()))
        .build();
  }

  /** What ONNX Runtime makes of a whole model. */
  static Map<String, HostedValue> theirs(ModelProto model, Map<String, NdTensor> inputs) {
    try (HostedSession session = RUNTIME.open(model.toByteArray())) {
      return session.run(inputs);
    }
  }

  static Program program(ModelProto model) {
    try {
      Path file = Files.createTempFile("model", ".onnx");
      try {
        Files.write(file, model.toByteArray());
        return Program.of(OnnxFile.read(file));
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the model gives as a program. */
  static Map<String, HostedValue> ours(ModelProto model, Map<String, NdTensor> inputs) {
    try (ProgramExecutor executor =
        new ProgramExecutor(program(model), HostedRuntime.find(), LayerRegisters.exact())) {
      return executor.run(inputs, RunOptions.none());
    }
  }
}
