package dev.narrows.network.hosted;

import dev.narrows.network.array.NdTensor;
import java.util.List;

/** What a name of a graph holds while it runs. */
public sealed interface HostedValue {
  /** One array. */
  record Single(NdTensor tensor) implements HostedValue {}

  /** A sequence of arrays. */
  record Several(List<NdTensor> tensors) implements HostedValue {
    public Several {
      tensors = List.copyOf(tensors);
    }
  }

  /** The arrays, in order. */
  default List<NdTensor> all() {
    return switch (this) {
      case Single(NdTensor tensor) -> List.of(tensor);
      case Several(List<NdTensor> tensors) -> tensors;
    };
  }

  /** "FLOAT [1, 3]", "a sequence of 2". */
  default String describe() {
    return switch (this) {
      case Single(NdTensor tensor) -> tensor.describe();
      case Several(List<NdTensor> tensors) -> "a sequence of " + tensors.size();
    };
  }
}
