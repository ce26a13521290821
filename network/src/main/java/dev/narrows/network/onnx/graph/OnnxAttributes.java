package dev.narrows.network.onnx.graph;

import com.google.protobuf.ByteString;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.onnx.proto.AttributeProto;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The attributes of a node by name.
 *
 * @param protos as parsed
 * @param tensors those that are tensors, read
 */
public record OnnxAttributes(Map<String, AttributeProto> protos, Map<String, NdTensor> tensors) {
  public OnnxAttributes {
    protos = Map.copyOf(protos);
    tensors = Map.copyOf(tensors);
  }

  /** Whether the node has an attribute. */
  public boolean has(String name) {
    return protos.containsKey(name);
  }

  /**
   * An integer.
   *
   * @throws IllegalArgumentException if it is of another kind
   */
  public long integer(String name, long otherwise) {
    return of(name, AttributeProto.AttributeType.INT).map(AttributeProto::getI).orElse(otherwise);
  }

  /**
   * An integer that must fit 32 bits.
   *
   * @throws IllegalArgumentException if it is of another kind or does not fit
   */
  public int int32(String name, int otherwise) {
    long value = integer(name, otherwise);
    if (value != (int) value) {
      throw new IllegalArgumentException(
          "attribute %s: %d does not fit 32 bits".formatted(name, value));
    }
    return (int) value;
  }

  /**
   * A number.
   *
   * @throws IllegalArgumentException if it is of another kind
   */
  public float number(String name, float otherwise) {
    return of(name, AttributeProto.AttributeType.FLOAT).map(AttributeProto::getF).orElse(otherwise);
  }

  /**
   * A text.
   *
   * @throws IllegalArgumentException if it is of another kind
   */
  public String text(String name, String otherwise) {
    return of(name, AttributeProto.AttributeType.STRING)
        .map(attribute -> attribute.getS().toStringUtf8())
        .orElse(otherwise);
  }

  /**
   * Integers; empty if the node does not say.
   *
   * @throws IllegalArgumentException if they are of another kind
   */
  public Optional<long[]> integers(String name) {
    return of(name, AttributeProto.AttributeType.INTS)
        .map(a -> a.getIntsList().stream().mapToLong(Long::longValue).toArray());
  }

  /**
   * Texts; none if the node does not say.
   *
   * @throws IllegalArgumentException if they are of another kind
   */
  public List<String> texts(String name) {
    return of(name, AttributeProto.AttributeType.STRINGS)
        .map(a -> a.getStringsList().stream().map(ByteString::toStringUtf8).toList())
        .orElse(List.of());
  }

  /**
   * Numbers; empty if the node does not say.
   *
   * @throws IllegalArgumentException if they are of another kind
   */
  public Optional<float[]> numbers(String name) {
    return of(name, AttributeProto.AttributeType.FLOATS)
        .map(a -> {
          float[] values = new float[a.getFloatsCount()];
          for (int i = 0; i < values.length; i++) {
            values[i] = a.getFloats(i);
          }
          return values;
        });
  }

  /** A tensor. */
  public Optional<NdTensor> tensor(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  private Optional<AttributeProto> of(String name, AttributeProto.AttributeType type) {
    AttributeProto attribute = protos.get(name);
    if (attribute == null) {
      return Optional.empty();
    }
    if (attribute.getType() != type) {
      throw new IllegalArgumentException(
          "attribute %s: expected %s, got %s".formatted(name, type, attribute.getType()));
    }
    return Optional.of(attribute);
  }
}
