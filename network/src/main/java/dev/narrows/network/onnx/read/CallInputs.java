package dev.narrows.network.onnx.read;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.ReadOptions;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.onnx.graph.OnnxModel;
import dev.narrows.network.onnx.graph.OnnxValueInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a caller gives to a model in each call, with every size known, and what is fixed for all.
 *
 * @param given in the file's order
 * @param fixed the values of the other inputs
 */
public record CallInputs(List<CallInput> given, Map<String, NdTensor> fixed) {
  /** One input. */
  public record CallInput(String name, NdType type, List<Integer> dims) {}

  public CallInputs {
    given = List.copyOf(given);
    fixed = Map.copyOf(fixed);
  }

  /**
   * The inputs of a model.
   *
   * @throws NetworkFileException if a size is free and the options do not say it, or an input is no
   *     tensor
   */
  public static CallInputs of(OnnxModel model, ReadOptions options) throws NetworkFileException {
    GraphLowering lowering = new GraphLowering(model.opsets(), model.graph());
    GraphInputs inputs = new GraphInputs(model, options, lowering);
    List<CallInput> given = new ArrayList<>();
    for (OnnxValueInfo info : inputs.given()) {
      Optional<NdType> type = info.type();
      if (info.kind() != OnnxValueInfo.Kind.TENSOR || type.isEmpty()) {
        throw new NetworkFileException(
            model.file(), "input \"" + info.name() + '"', "is no tensor, but " + info.describe());
      }
      given.add(new CallInput(info.name(), type.get(), inputs.dims(info)));
    }
    Map<String, NdTensor> fixed = new HashMap<>();
    for (String name : options.values().keySet()) {
      lowering.constant(name).ifPresent(value -> fixed.put(name, value));
    }
    return new CallInputs(given, fixed);
  }
}
