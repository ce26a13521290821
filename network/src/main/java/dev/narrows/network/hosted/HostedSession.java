package dev.narrows.network.hosted;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import java.util.Map;
import java.util.Optional;

/** A graph that is ready to run; not thread-safe. */
public interface HostedSession extends AutoCloseable {
  /**
   * The graph's outputs and what each is.
   *
   * @return empty for what the door cannot hand out: optional values, maps, and elements that the
   *     library does not know. A sequence has its elements' type
   */
  Map<String, Optional<NdType>> outputs();

  /**
   * Runs the graph.
   *
   * @param inputs by name; of the types that {@link #takes} names
   * @return every output by name
   * @throws HostedException if the graph fails on these inputs
   */
  Map<String, HostedValue> run(Map<String, NdTensor> inputs);

  /**
   * Whether arrays of a type can be handed in; of the others a graph must cast what it is given.
   */
  static boolean takes(NdType type) {
    return switch (type) {
      case FLOAT, DOUBLE, FLOAT16, BFLOAT16, INT8, INT16, INT32, INT64, UINT8, BOOL, STRING -> true;
      default -> false;
    };
  }

  /** Frees what the runtime holds. */
  @Override
  void close();
}
