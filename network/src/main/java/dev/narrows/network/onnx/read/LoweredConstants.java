package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.onnx.fold.KnownValues;
import java.util.List;
import java.util.Optional;

/** What is known of a graph's values while it is lowered. */
record LoweredConstants(GraphLowering lowering) implements KnownValues {
  @Override
  public Optional<NdTensor> constant(String name) {
    return lowering.constant(name);
  }

  @Override
  public Optional<List<Integer>> dims(String name) {
    return lowering
        .constant(name)
        .map(NdTensor::dims)
        .or(() -> lowering.made(name).map(LoweredValue::dims));
  }

  @Override
  public Optional<NdType> type(String name) {
    return lowering
        .constant(name)
        .map(NdTensor::type)
        .or(() -> lowering.made(name).map(LoweredValue::type));
  }
}
