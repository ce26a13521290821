package dev.narrows.hosted;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.SequenceInfo;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.ValueInfo;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.hosted.HostedException;
import dev.narrows.network.hosted.HostedSession;
import dev.narrows.network.hosted.HostedValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One graph in the library. */
final class OnnxRuntimeSession implements HostedSession {
  private final OrtEnvironment environment;
  private final OrtSession session;

  OnnxRuntimeSession(OrtEnvironment environment, OrtSession session) {
    this.environment = environment;
    this.session = session;
  }

  @Override
  public Map<String, Optional<NdType>> outputs() {
    try {
      Map<String, Optional<NdType>> types = new LinkedHashMap<>();
      for (Map.Entry<String, NodeInfo> output : session.getOutputInfo().entrySet()) {
        types.put(output.getKey(), type(output.getValue().getInfo()));
      }
      return types;
    } catch (OrtException e) {
      throw OnnxLibrary.failure(e);
    }
  }

  private static Optional<NdType> type(ValueInfo info) {
    return switch (info) {
      case TensorInfo tensor -> RuntimeTensors.type(tensor.onnxType);
      case SequenceInfo sequence when !sequence.sequenceOfMaps ->
          RuntimeTensors.type(TensorInfo.OnnxTensorType.mapFromJavaType(sequence.sequenceType));
      default -> Optional.empty();
    };
  }

  @Override
  public Map<String, HostedValue> run(Map<String, NdTensor> inputs) {
    Map<String, OnnxTensor> given = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, NdTensor> input : inputs.entrySet()) {
        given.put(input.getKey(), RuntimeTensors.given(environment, input.getValue()));
      }
      Map<String, HostedValue> made = new LinkedHashMap<>();
      try (OrtSession.Result result = session.run(given)) {
        for (Map.Entry<String, OnnxValue> output : result) {
          made.put(output.getKey(), made(output.getKey(), output.getValue()));
        }
      }
      return made;
    } catch (OrtException e) {
      throw OnnxLibrary.failure(e);
    } finally {
      given.values().forEach(OnnxTensor::close);
    }
  }

  private static HostedValue made(String name, OnnxValue value) throws OrtException {
    return switch (value) {
      case OnnxTensor tensor -> new HostedValue.Single(RuntimeTensors.made(name, tensor));
      case OnnxSequence sequence -> {
        List<NdTensor> elements = new ArrayList<>();
        for (OnnxValue element : sequence.getValue()) {
          try (element) {
            elements.addAll(made(name, element).all());
          }
        }
        yield new HostedValue.Several(elements);
      }
      default -> throw new HostedException("\"" + name + "\" is a " + value.getType());
    };
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw OnnxLibrary.failure(e);
    }
  }
}
