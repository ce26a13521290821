package dev.narrows.network.onnx.fold;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import java.util.List;
import java.util.Optional;

/** What is known of a graph's values by name. */
public interface KnownValues {
  /** A constant. */
  Optional<NdTensor> constant(String name);

  /** The dimensions of a value, constant or not. */
  Optional<List<Integer>> dims(String name);

  /** The element type of a value, constant or not. */
  Optional<NdType> type(String name);
}
